// Pictures of many numbers: a cell each, a strip, a labelled matrix; and which number gets the full colour. Knows no component.
import { halfError, numberText } from "./digits.js";
import { make } from "./look.js";

/**
 * @typedef {object} Heat
 * @property {number} rows
 * @property {number} columns
 * @property {(row: number, column: number) => number} at
 * @property {string} label
 * @property {(row: number, column: number) => void} [point]
 * @property {(row: number, column: number) => void} [pick]
 * @property {number} [cell]
 * @property {number} [height]
 * @property {[number, number][]} [marked]
 * @property {boolean} [share]
 * @property {boolean} [still]
 */

/** @typedef {Omit<Heat, "rows" | "columns" | "cell" | "height" | "still"> & {names: string[], width?: number}} LabelledHeat */
/**
 * A picture of numbers, one cell each: at(row, column) from −1 to 1 on the signed scale, or with `share` from 0 to 1 in blue. Pointing, or arrow keys after focusing,
 * calls point(row, column); Enter, space or a click calls pick. Without `cell` the cells share the width; else each is `cell` pixels square. `still`: no tab stop.
 * @param {Heat} heat
 * @returns {HTMLCanvasElement}
 */
export function heat({ rows, columns, at, label, point, pick, cell = 0, height = 18, marked, share = false, still = false }) {
  const canvas = make("canvas", "pg-heat");
  const across = cell || Math.max(1, Math.floor(960 / columns)), down = cell || height;
  canvas.width = columns * across;
  canvas.height = rows * down;
  if (cell) canvas.style.width = `${canvas.width}px`;
  else canvas.style.width = "100%";
  canvas.style.height = `${rows * down}px`;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const number = Math.max(-1, Math.min(1, at(r, c)));
      pen.fillStyle = number < 0 || share ? `rgba(59, 130, 246, ${Math.abs(number)})` : `rgba(249, 115, 22, ${number})`;
      pen.fillRect(c * across, r * down, across, down);
    }
  }
  for (const [r, c] of marked || []) {
    pen.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--pg-focus") || "#1d4ed8";
    pen.lineWidth = 2;
    pen.strokeRect(c * across + 1, r * down + 1, across - 2, down - 2);
  }
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  if (!still) canvas.tabIndex = 0;
  const home = (marked && marked[0]) || [0, 0];
  let place = home;
  const tell = (/** @type {number} */ r, /** @type {number} */ c) => {
    place = [Math.max(0, Math.min(rows - 1, r)), Math.max(0, Math.min(columns - 1, c))];
    if (point) point(...place);
  };
  /** @type {(event: MouseEvent) => [number, number]} */
  const under = (event) => {
    const box = canvas.getBoundingClientRect();
    return [Math.floor(((event.clientY - box.top) / box.height) * rows), Math.floor(((event.clientX - box.left) / box.width) * columns)];
  };
  canvas.addEventListener("pointermove", (event) => tell(...under(event)));
  canvas.addEventListener("pointerleave", () => { if (document.activeElement !== canvas) tell(...home); });
  canvas.addEventListener("focus", () => tell(...place));
  canvas.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (by) { event.preventDefault(); tell(place[0] + by[0], place[1] + by[1]); }
    if (pick && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); pick(...place); }
  });
  if (pick) canvas.addEventListener("click", (event) => { tell(...under(event)); pick(...place); });
  return canvas;
}

/**
 * A strip of numbers with its name and a figure beside it; `most` is the number that gets the full colour, `error` how far a number can be wrong.
 * @param {string} name
 * @param {ArrayLike<number>} numbers
 * @param {number} most
 * @param {string} figure
 * @param {(told: string) => void} point
 * @param {{still?: boolean, error?: (number: number) => number}} [ways]
 */
export function stripLine(name, numbers, most, figure, point, { still = false, error = halfError } = {}) {
  const row = make("div", "pg-strip-line");
  const picture = heat({
    rows: 1, columns: numbers.length, still, at: (_, c) => (most ? numbers[c] / most : 0), label: `${name}: ${numbers.length} numbers, ${figure}`,
    point: (_, c) => point(`${name}, number ${c} of ${numbers.length} (from 0): ${numberText(numbers[c], 4, error(numbers[c]))}`),
  });
  row.append(make("span", "pg-strip-name", name), picture, make("span", "pg-number", figure));
  return row;
}

/**
 * A square matrix of labelled rows: names on the left, cells square, columns in the same order as the rows.
 * @param {LabelledHeat} heat
 */
export function labelledHeat({ names, at, label, point, pick, marked, share, width = 640 }) {
  const cell = Math.max(3, Math.min(24, Math.floor(width / names.length)));
  const outer = make("div", "pg-labelled"), column = make("div", "pg-labelled-names");
  column.setAttribute("aria-hidden", "true");
  column.style.lineHeight = `${cell}px`;
  column.style.fontSize = `${Math.max(4, Math.min(13, cell - 2))}px`;
  if (cell >= 8) column.append(...names.map((name) => make("div", "", name)));
  outer.append(column, heat({ rows: names.length, columns: names.length, at, label, point, pick, cell, marked, share }));
  return outer;
}

/**
 * The cosine of i and j out of the upper triangle, by rows, of an n × n matrix (tasks/embeddings/embeddings.py `triangle`).
 * @param {ArrayLike<number>} numbers
 * @param {number} n
 * @param {number} i
 * @param {number} j
 */
export function triangleAt(numbers, n, i, j) {
  const a = Math.min(i, j), b = Math.max(i, j);
  return numbers[a * n - (a * (a - 1)) / 2 + (b - a)];
}

/**
 * @param {Iterable<number>} numbers
 */
export function longest(numbers) {
  let most = 0;
  for (const number of numbers) most = Math.max(most, Math.abs(number));
  return most;
}

/**
 * What gets the full colour: 99 in 100 numbers are smaller, since a few outliers would leave all others pale.
 * @param {ArrayLike<number>} numbers
 */
export function strongest(numbers) {
  const sorted = Float32Array.from(numbers, Math.abs).sort();
  return sorted[Math.floor(0.99 * (sorted.length - 1))] || sorted[sorted.length - 1] || 1;
}
