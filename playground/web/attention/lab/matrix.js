// One head as a matrix: rows look, columns are looked at. Gives a scene, and where each cell is.
import { pixels } from "./colours.js";
import { shorten } from "./text.js";

const LABEL = 13;
const LETTER = 7.3;
const LARGE = 20;
const FITTED = 48; // rows of at most so many are fitted in the height there is; more are scrolled through

export function matrix(picture, style) {
  const { rows, columns, queries, keys } = picture;
  const scale = style.large && rows <= LARGE ? 1.5 : 1; // the presenter's labels are read from the back of the room
  const longest = (list) => Math.max(...list.map((item) => shorten(item.label, LABEL).length), 4) * LETTER * scale + 12;
  const left = Math.min(Math.max(62, longest(queries)), (style.narrow ? 90 : 120) * scale), top = Math.min(longest(keys) * 0.87 + 24, 116 * scale);
  const room = Math.max(80, style.width - left - 14);
  const fitted = style.height && rows <= FITTED ? Math.floor((style.height - top - 2) / rows) : 30 * scale;
  const cell = Math.max(columns > 200 ? 2 : 4, Math.min(30 * scale, fitted, Math.floor(room / columns)));
  const step = Math.ceil((12 * scale) / cell), size = scale > 1 ? 19.5 : Math.min(13, Math.max(11, cell - 4));
  const shapes = [{ type: "image", x: left, y: top, width: columns * cell, height: rows * cell, image: pixels(picture) }];
  const fill = style.text;
  for (let row = 0; row < rows; row += step) {
    shapes.push({ type: "text", x: left - 6, y: top + (row + 0.5) * cell, text: shorten(queries[row].label, LABEL), size, anchor: "end", fill });
  }
  for (let column = 0; column < columns; column += step) {
    shapes.push({ type: "text", x: left + (column + 0.6) * cell, y: top - 7, text: shorten(keys[column].label, LABEL), size, angle: -60, fill });
  }
  if (cell >= 12) shapes.push(...rules(left, top, cell, picture, style));
  if (picture.second) shapes.push(...blocks(left, top, cell, picture));
  if (picture.kind === "cross" && !picture.signed) shapes.push(...matches(left, top, cell, picture));
  shapes.push({ type: "text", x: left - 6, y: top - 8, text: "looks ↓", size: 11, anchor: "end", fill: style.soft });
  return { width: left + columns * cell + Math.min(60, 0.5 * top), height: top + rows * cell + 2, shapes, left, top, cell };
}

// Thin lines between cells that are large enough to have them.
function rules(left, top, cell, { rows, columns }, style) {
  const made = [];
  for (let row = 1; row < rows; row++) made.push({ type: "rect", x: left, y: top + row * cell - 0.5, width: columns * cell, height: 1, fill: style.paper });
  for (let column = 1; column < columns; column++) made.push({ type: "rect", x: left + column * cell - 0.5, y: top, width: 1, height: rows * cell, fill: style.paper });
  return made;
}

// The four blocks of a pair of texts.
function blocks(left, top, cell, { rows, columns, second: [row, column] }) {
  const line = { type: "rect", fill: "#f59e0b" };
  const name = (text, x, y) => ({ type: "text", x, y, text, size: 12, anchor: "end", bold: true, fill: "#fbbf24" });
  const right = left + columns * cell - 4, middle = left + column * cell - 4;
  return [
    { ...line, x: left, y: top + row * cell - 1, width: columns * cell, height: 2 }, { ...line, x: left + column * cell - 1, y: top, width: 2, height: rows * cell },
    ...(cell * Math.min(row, column) > 40 ? [name("A→A", middle, top + 10), name("A→B", right, top + 10), name("B→A", middle, top + row * cell + 10), name("B→B", right, top + row * cell + 10)] : []),
  ];
}

// The best match of every row, as a small ring: an alignment where rows are written from what they look at.
function matches(left, top, cell, { rows, columns, weights }) {
  if (cell < 10) return [];
  return Array.from({ length: rows }, (_, row) => {
    const one = weights.subarray(row * columns, (row + 1) * columns);
    const best = one.indexOf(Math.max(...one));
    return { type: "rect", x: left + best * cell + 3, y: top + row * cell + 3, width: cell - 6, height: cell - 6, stroke: "#ef4444", line: 2 };
  });
}

// {row, column} under a point of the scene; row alone over a row's label, column alone over a column's.
export function cellAt(scene, picture, x, y) {
  const column = Math.floor((x - scene.left) / scene.cell), row = Math.floor((y - scene.top) / scene.cell);
  const inside = { row: row >= 0 && row < picture.rows, column: column >= 0 && column < picture.columns };
  if (inside.row && x < scene.left) return { row, column: null };
  if (inside.column && y < scene.top) return { row: null, column };
  return inside.row && inside.column ? { row, column } : null;
}

// The marks over a matrix: the cell in view with its row and column, and pinned rows.
export function matrixMarks(scene, picture, point, pins, style) {
  const { left, top, cell } = scene;
  const shapes = pins.map((row) => ({ type: "rect", x: left - 1, y: top + row * cell, width: picture.columns * cell + 2, height: cell, stroke: style.pin, line: 2 }));
  for (const row of pins) shapes.push({ type: "text", x: left + picture.columns * cell + 4, y: top + (row + 0.5) * cell, text: "●", size: 10, fill: style.pin });
  if (point && point.row !== null) shapes.push({ type: "rect", x: 0, y: top + point.row * cell, width: left + picture.columns * cell, height: cell, stroke: style.focus, line: 1 });
  if (point && point.column !== null) shapes.push({ type: "rect", x: left + point.column * cell, y: 0, width: cell, height: top + picture.rows * cell, stroke: style.focus, line: 1 });
  return { width: scene.width, height: scene.height, shapes };
}
