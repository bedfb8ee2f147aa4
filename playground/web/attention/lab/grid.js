// Every head of every layer as a small map on one canvas. Arrow keys move, Enter opens; each map has its own brightest colour.
import { pixels } from "./colours.js";
import { headOf } from "./data.js";
import { sharpness } from "./scene.js";

const LEFT = 30;
const TOP = 20;
const GAP = 3;

// {scene, cell} for one kind of a run whose bytes are here; `marked[layer][head]` false dims a head.
export function grid(kept, shape, kind, style, marked) {
  const cell = Math.max(16, Math.min(40, Math.floor((style.width - LEFT - 4) / shape.heads) - GAP));
  const shapes = [];
  for (let head = 0; head < shape.heads; head++) shapes.push({ type: "text", x: LEFT + head * (cell + GAP) + cell / 2, y: 10, text: String(head), size: 11, anchor: "middle", fill: style.soft });
  for (let layer = 0; layer < shape.layers; layer++) {
    shapes.push({ type: "text", x: LEFT - 8, y: TOP + layer * (cell + GAP) + cell / 2, text: String(layer), size: 11, anchor: "end", fill: style.soft });
    for (let head = 0; head < shape.heads; head++) {
      const x = LEFT + head * (cell + GAP), y = TOP + layer * (cell + GAP);
      shapes.push({ type: "image", x, y, width: cell, height: cell, image: small(kept.all, layer, head, kind, Math.round(cell * sharpness())) });
      if (marked && !marked[layer][head]) shapes.push({ type: "rect", x, y, width: cell, height: cell, fill: style.veil });
    }
  }
  return { width: LEFT + shape.heads * (cell + GAP), height: TOP + shape.layers * (cell + GAP), shapes, cell };
}

// A head's map at most `most` pixels each way; a pixel holds the largest weight under it, so that thin lines stay.
function small(part, layer, head, kind, most) {
  const map = headOf(part, layer, head);
  const rows = Math.min(part.rows, most), columns = Math.min(part.columns, most);
  const weights = new Float32Array(rows * columns);
  for (let row = 0; row < part.rows; row++) {
    const to = Math.floor((row * rows) / part.rows) * columns;
    for (let column = 0; column < part.columns; column++) {
      const at = to + Math.floor((column * columns) / part.columns);
      const code = map[row * part.columns + column];
      if (code > weights[at]) weights[at] = code;
    }
  }
  let top = 0;
  for (let i = 0; i < weights.length; i++) {
    weights[i] = part.table[weights[i]];
    top = Math.max(top, weights[i]);
  }
  const opened = kind === "masked" ? Array.from({ length: rows }, (_, row) => Math.floor((row * columns) / rows) + 1) : null;
  return pixels({ weights, rows, columns, opened, top: top || 1, signed: false });
}

export function headAt(scene, shape, x, y) {
  const head = Math.floor((x - LEFT) / (scene.cell + GAP)), layer = Math.floor((y - TOP) / (scene.cell + GAP));
  return head >= 0 && head < shape.heads && layer >= 0 && layer < shape.layers ? { layer, head } : null;
}

// The frame round the head in view, or round a whole row where the view is a reduction over heads.
export function gridMarks(scene, shape, layer, head, style) {
  const row = typeof head !== "number";
  const y = TOP + layer * (scene.cell + GAP) - 1, x = LEFT + (row ? 0 : head * (scene.cell + GAP)) - 1;
  const width = row ? shape.heads * (scene.cell + GAP) : scene.cell + 2;
  return { width: scene.width, height: scene.height, shapes: [{ type: "rect", x, y, width, height: scene.cell + 2, stroke: style.pin, line: 3 }] };
}
