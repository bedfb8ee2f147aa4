// Arrays from the server: reads what views/wire.py writes, alone, one after another in a stream, or as base64. Knows no view.

/** @typedef {Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array} Numbers */
/**
 * How codes are read: c stands for low + span · (c / steps)^power, or with `sums` for the running sum up to it.
 * @typedef {{steps?: number, low?: number, span?: number, power?: number, sums?: boolean}} Coding
 */
/** @typedef {Coding & {dtype: string, shape: number[], data: Numbers}} Coded */
/** @typedef {{about: any, arrays: Record<string, Coded>, end: number}} Message */

/** @type {Record<string, {new (buffer: ArrayBufferLike, at: number, length: number): Numbers, BYTES_PER_ELEMENT: number}>} */
const KINDS = { u1: Uint8Array, i1: Int8Array, u2: Uint16Array, i2: Int16Array, u4: Uint32Array, i4: Int32Array, f2: Uint16Array, f4: Float32Array, f8: Float64Array };
const LENGTHS = 8, ALIGNED = 8;

/**
 * The message that begins at byte `at`, a multiple of 8; its arrays are views of `buffer`. Of float16 `data` holds the bits.
 * @param {ArrayBuffer} buffer
 * @returns {Message}
 */
export function read(buffer, at = 0) {
  const view = new DataView(buffer, at), size = view.getUint32(0, true), begin = at + LENGTHS + size;
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, at + LENGTHS, size)));
  let place = begin;
  /** @type {Record<string, Coded>} */
  const arrays = {};
  for (const [name, told] of Object.entries(header.arrays)) {
    const Kind = KINDS[told.dtype], length = told.shape.reduce((/** @type {number} */ all, /** @type {number} */ one) => all * one, 1);
    arrays[name] = { ...told, data: new Kind(buffer, place, length) };
    place += Math.ceil((length * Kind.BYTES_PER_ELEMENT) / ALIGNED) * ALIGNED;
  }
  return { about: header.about, arrays, end: begin + view.getUint32(4, true) };
}

/** @param {string} base64 */
export function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)).buffer;
}

/** @param {ArrayBuffer} buffer */
export function base64Of(buffer) {
  const bytes = new Uint8Array(buffer), parts = [];
  for (let i = 0; i < bytes.length; i += 0x8000) parts.push(String.fromCharCode(...bytes.subarray(i, i + 0x8000)));
  return btoa(parts.join(""));
}

/**
 * The numbers of every array of a message in base64, by name.
 * @param {string} base64
 * @returns {Record<string, Numbers>}
 */
export function unpack(base64) {
  return Object.fromEntries(Object.entries(read(bytesOf(base64)).arrays).map(([name, one]) => [name, numbers(one)]));
}

/**
 * The numbers that an array's codes stand for: float32 where they are coded or float16, else as they came.
 * @param {Coded} array
 * @returns {Numbers}
 */
export function numbers(array) {
  const { data } = array;
  if (array.dtype === "f2") return Float32Array.from(data, half);
  if (array.sums) {
    let sum = 0;
    return Int32Array.from(data, (one) => (sum += one));
  }
  return array.steps ? Float32Array.from(data, (code) => numberOf(array, code)) : data;
}

/**
 * The number that one code stands for.
 * @param {Coding} coding
 * @param {number} code
 */
export function numberOf({ steps = 1, low = 0, span = 1, power = 1 }, code) {
  return low + span * (code / steps) ** power;
}

/**
 * The most that a number, or a mean of numbers, can have moved by being coded: half a code, and float32's own rounding. It grows
 * more slowly than the number (tasks/precision.py `packing_error`).
 * @param {Coding} coding
 * @param {number} number
 */
export function errorOf({ steps = 1, span = 1, power = 1 }, number) {
  const size = Math.abs(number) / span;
  return span * ((size ** (1 / power) + 0.5 / steps) ** power - size + 1e-6 * size);
}

/** @param {number} bits */
function half(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return exponent === 31 ? (fraction ? NaN : sign * Infinity) : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The messages of a stream, each as soon as all of it is here.
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<Message>}
 */
export async function* messages(body) {
  const reader = body.getReader();
  let held = new Uint8Array(0);
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const joined = new Uint8Array(held.length + value.length);
      joined.set(held);
      joined.set(value, held.length);
      held = joined;
      let size;
      while ((size = sizeOf(held)) <= held.length) {
        yield read(held.slice(0, size).buffer);
        held = held.slice(size);
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {Uint8Array} held */
function sizeOf(held) {
  if (held.length < LENGTHS) return Infinity;
  const view = new DataView(held.buffer, held.byteOffset);
  return LENGTHS + view.getUint32(0, true) + view.getUint32(4, true);
}
