// Taking a picture away: CSV, NumPy's .npz, and downloads. Pure but for `save`.

import { weightText } from "./picture.js";

// A table with the tokens as its first row and column, each weight with the digits it has. A cell that begins like a formula is quoted
// with ', as spreadsheets ask.
export function csv(picture) {
  const cell = (text) => {
    const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  const head = ["", ...picture.keys.map((item) => cell(item.raw))].join(",");
  const body = picture.queries.map((item, row) => {
    return [cell(item.raw), ...picture.keys.map((_, column) => weightText(picture, row, column, 12).replace("−", "-"))].join(",");
  });
  return `${[head, ...body].join("\r\n")}\r\n`;
}

// arrays: {name: {shape, data: Float32Array} or a list of strings}. An uncompressed zip of .npy files (numpy.lib.format, version 1.0).
export function npz(arrays) {
  const files = Object.entries(arrays).map(([name, value]) => [`${name}.npy`, Array.isArray(value) ? strings(value) : npy("<f4", value.shape, new Uint8Array(value.data.slice().buffer))]);
  return zip(files);
}

function npy(dtype, shape, body) {
  const size = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  let header = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${size}, }`;
  header += " ".repeat(63 - ((10 + header.length) % 64)) + "\n";
  const made = new Uint8Array(10 + header.length + body.length);
  made.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length & 255, header.length >> 8]);
  made.set(new TextEncoder().encode(header), 10);
  made.set(body, 10 + header.length);
  return made;
}

// Unicode strings as NumPy keeps them: UTF-32, padded with zeros to the longest.
function strings(list) {
  const letters = list.map((text) => [...text].map((c) => c.codePointAt(0)));
  const longest = Math.max(1, ...letters.map((one) => one.length));
  const made = new Uint32Array(list.length * longest);
  letters.forEach((one, i) => made.set(one, i * longest));
  return npy(`<U${longest}`, [list.length], new Uint8Array(made.buffer));
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function zip(files) {
  const parts = [], index = [];
  let offset = 0;
  for (const [name, body] of files) {
    const title = new TextEncoder().encode(name), about = new DataView(new ArrayBuffer(26));
    about.setUint16(0, 20, true);
    about.setUint16(8, 0x21, true);
    about.setUint32(10, crc32(body), true);
    about.setUint32(14, body.length, true);
    about.setUint32(18, body.length, true);
    about.setUint16(22, title.length, true);
    const common = new Uint8Array(about.buffer);
    parts.push(new Uint8Array([0x50, 0x4b, 3, 4]), common, title, body);
    const entry = new DataView(new ArrayBuffer(46));
    entry.setUint32(0, 0x02014b50, true);
    entry.setUint16(4, 20, true);
    new Uint8Array(entry.buffer).set(common, 6);
    entry.setUint32(42, offset, true);
    index.push(new Uint8Array(entry.buffer), title);
    offset += 30 + title.length + body.length;
  }
  const size = index.reduce((sum, part) => sum + part.length, 0), end = new DataView(new ArrayBuffer(22));
  end.setUint32(0, 0x06054b50, true);
  end.setUint16(8, files.length, true);
  end.setUint16(10, files.length, true);
  end.setUint32(12, size, true);
  end.setUint32(16, offset, true);
  return new Blob([...parts, ...index, end.buffer], { type: "application/zip" });
}

export function save(content, name, type = "application/octet-stream") {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
