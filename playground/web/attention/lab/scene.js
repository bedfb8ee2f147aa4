// A drawing as a list of shapes, painted on a canvas or written as SVG: what is exported is what was seen. Knows no attention.
import { directionOf } from "../../bidi.js";

export const FONT = "ui-monospace, Menlo, Consolas, 'Noto Sans Mono', monospace";

// scene: {width, height, shapes}; a shape is an image, a text, a rect or a curve. Colours are CSS colours.
export function paint(canvas, scene, ratio = sharpness()) {
  canvas.width = Math.ceil(scene.width * ratio);
  canvas.height = Math.ceil(scene.height * ratio);
  canvas.style.width = `${scene.width}px`;
  canvas.style.height = `${scene.height}px`;
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  for (const shape of scene.shapes) DRAW[shape.type](pen, shape);
}

// Pixels of the screen to one of a canvas, also in the presenter's large type.
export function sharpness() {
  return (window.devicePixelRatio || 1) * (Number(document.body.style.getPropertyValue("--pg-zoom")) || 1);
}

// Where a pointer is on a canvas, in the canvas's own pixels: the presenter's large type zooms what is around it.
export function placeOn(canvas, event) {
  const box = canvas.getBoundingClientRect(), zoom = box.width / canvas.offsetWidth || 1;
  return { x: (event.clientX - box.left) / zoom, y: (event.clientY - box.top) / zoom };
}

const DRAW = {
  image(pen, { x, y, width, height, image }) {
    pen.imageSmoothingEnabled = image.width > width;
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap(image), x, y, width, height);
  },
  rect(pen, { x, y, width, height, fill, stroke, line = 1 }) {
    if (fill) {
      pen.fillStyle = fill;
      pen.fillRect(x, y, width, height);
    }
    if (stroke) {
      pen.strokeStyle = stroke;
      pen.lineWidth = line;
      pen.strokeRect(x, y, width, height);
    }
  },
  text(pen, { x, y, text, size = 12, anchor = "start", angle = 0, fill, bold }) {
    pen.save();
    pen.translate(x, y);
    pen.rotate((angle * Math.PI) / 180);
    pen.font = `${bold ? "600 " : ""}${size}px ${FONT}`;
    pen.textAlign = { start: "left", middle: "center", end: "right" }[anchor];
    pen.textBaseline = "middle";
    pen.direction = directionOf([text]);
    pen.fillStyle = fill;
    pen.fillText(text, 0, 0);
    pen.restore();
  },
  curve(pen, { points: [x1, y1, x2, y2, x3, y3, x4, y4], stroke, line, alpha }) {
    pen.globalAlpha = alpha;
    pen.strokeStyle = stroke;
    pen.lineWidth = line;
    pen.beginPath();
    pen.moveTo(x1, y1);
    pen.bezierCurveTo(x2, y2, x3, y3, x4, y4);
    pen.stroke();
    pen.globalAlpha = 1;
  },
};

function bitmap(image) {
  const small = document.createElement("canvas");
  small.width = image.width;
  small.height = image.height;
  small.getContext("2d").putImageData(new ImageData(image.data, image.width, image.height), 0, 0);
  return small;
}

export function escaped(text) {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "�");
}

const WRITE = {
  image: ({ x, y, width, height, image }) =>
    `<image x="${x}" y="${y}" width="${width}" height="${height}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${bitmap(image).toDataURL()}"/>`,
  rect: ({ x, y, width, height, fill, stroke, line = 1 }) =>
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${fill || "none"}"${stroke ? ` stroke="${stroke}" stroke-width="${line}"` : ""}/>`,
  text: ({ x, y, text, size = 12, anchor = "start", angle = 0, fill, bold }) => {
    const back = directionOf([text]) === "rtl"; // where such a text starts is its right end
    const side = back ? { start: "end", middle: "middle", end: "start" }[anchor] : anchor;
    return `<text transform="translate(${x} ${y}) rotate(${angle})" font-size="${size}" text-anchor="${side}"${back ? ' direction="rtl"' : ""} dominant-baseline="central" fill="${fill}"${bold ? ' font-weight="600"' : ""}>${escaped(text)}</text>`;
  },
  curve: ({ points: p, stroke, line, alpha }) =>
    `<path d="M${p[0]} ${p[1]}C${p.slice(2).join(" ")}" fill="none" stroke="${stroke}" stroke-width="${line}" stroke-opacity="${alpha.toFixed(3)}"/>`,
};

export function svg(scene, background) {
  const size = `${Math.ceil(scene.width)} ${Math.ceil(scene.height)}`.split(" ");
  const shapes = scene.shapes.map((shape) => WRITE[shape.type](shape));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size[0]}" height="${size[1]}" viewBox="0 0 ${size.join(" ")}" font-family="${escaped(FONT)}">`
    + `<rect width="100%" height="100%" fill="${background}"/>${shapes.join("")}</svg>`;
}

export function beside(scenes, gap = 24) {
  let x = 0;
  const shapes = [];
  for (const scene of scenes) {
    for (const shape of scene.shapes) {
      shapes.push(shape.points ? { ...shape, points: shape.points.map((p, i) => (i % 2 ? p : p + x)) } : { ...shape, x: shape.x + x });
    }
    x += scene.width + gap;
  }
  return { width: x - gap, height: Math.max(...scenes.map((scene) => scene.height)), shapes };
}
