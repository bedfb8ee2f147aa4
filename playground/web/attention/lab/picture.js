// What is drawn: a map with its tokens or words, some hidden and the rest renormalised, and differences of two. Pure; knows no page.
import { numberText } from "../../digits.js";
import { errorOf } from "../../wire.js";
import { visible } from "./text.js";

const DUST = 1000;

// The tokens of one side, or its words: label to show, special or not, and the first and last token.
export function items(side, words) {
  const made = [];
  side.labels.forEach((label, i) => {
    const last = made[made.length - 1];
    if (words && last && side.words[i] === side.words[last.last]) {
      last.raw += label;
      last.last = i;
    } else made.push({ raw: label, special: side.special[i], first: i, last: i });
  });
  for (const item of made) item.label = visible(item.raw);
  return made;
}

// options: words, special (hide special tokens), sink (hide the first token). Rows and columns of what is hidden go; each row sums to 1
// again, and `left` says how much of it there was; a row of which nothing was left stays 0.
export function picture(run, kind, layer, head, options = {}) {
  const map = run.map(kind, layer, head);
  if (!map) return null;
  const shape = run.shape(kind);
  const all = { queries: items(shape.queries, options.words), keys: items(shape.keys, options.words) };
  const queries = all.queries.filter((item) => !(options.special && item.special));
  const keys = all.keys.filter((item) => !((options.special && item.special) || (options.sink && item.first === 0)));
  const width = shape.keys.labels.length, rows = queries.length, columns = keys.length;
  const weights = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const { first, last } = queries[row];
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let q = first; q <= last; q++) for (let k = keys[column].first; k <= keys[column].last; k++) sum += map[q * width + k];
      weights[row * columns + column] = sum / (last - first + 1);
    }
  }
  const hidden = keys.length < all.keys.length;
  const summed = head === "max" ? false : true;
  const left = hidden && summed ? renormalise(weights, rows, columns) : null;
  const opened = kind === "masked" ? queries.map((q) => keys.filter((k) => k.first <= q.last).length) : null;
  const second = shape.second ? [place(queries, shape.second), place(keys, shape.second)] : null;
  return { kind, layer, head, coding: run.coding, queries, keys, rows, columns, weights, opened, second, hidden, left, summed, top: brightest(weights, rows, columns), signed: false };
}

function place(list, token) {
  const found = list.findIndex((item) => item.first >= token);
  return found < 0 ? list.length : found;
}

// Makes rows sum to 1; returns what they summed to before.
export function renormalise(weights, rows, columns) {
  const left = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const one = weights.subarray(row * columns, (row + 1) * columns);
    const total = one.reduce((sum, weight) => sum + weight, 0);
    left[row] = total;
    if (total > 0) for (let i = 0; i < columns; i++) one[i] /= total;
  }
  return left;
}

// A cell as text, with the digits it has.
export function weightText(shown, row, column, places = 4) {
  return numberText(shown.weights[row * shown.columns + column], places, cellError(shown, row, column));
}

// The most a cell can be wrong by: what is left of a row by the errors of cell and row over what is left (n packed weights together can
// be wrong by n^(1/4) times the error of one as large as their sum), a rollout by the errors of all its layers.
function cellError(shown, row, column) {
  const { coding } = shown, at = row * shown.columns + column, weight = shown.weights[at], layers = shown.head === "rollout" ? shown.layer + 1 : 1;
  if (shown.errors) return shown.errors[at];
  if (!shown.left) return layers * errorOf(coding, weight);
  const left = shown.left[row];
  return left > 0 ? (layers * (errorOf(coding, weight * left) + weight * shown.columns ** 0.25 * errorOf(coding, left))) / left : 0;
}

// The largest weight; of many tokens the 99th percentile, or one sink would leave all else dark, of those above a thousandth of the
// largest, or what a sink leaves over would be as bright as the sink.
export function brightest(weights, rows, columns) {
  const most = weights.reduce((so, weight) => Math.max(so, Math.abs(weight)), 0);
  if (Math.max(rows, columns) <= 64) return most;
  const above = weights.map(Math.abs).filter((weight) => weight > most / DUST).sort();
  return above.length ? above[Math.floor(0.99 * (above.length - 1))] : 0;
}

// b − a on the tokens they share, in order (all of them where both have the same).
export function difference(a, b) {
  const rows = shared(a.queries, b.queries), columns = shared(a.keys, b.keys);
  const weights = new Float32Array(rows.length * columns.length), errors = new Float32Array(weights.length);
  rows.forEach(([ra, rb], row) => columns.forEach(([ca, cb], column) => {
    const at = row * columns.length + column;
    weights[at] = b.weights[rb * b.columns + cb] - a.weights[ra * a.columns + ca];
    errors[at] = cellError(a, ra, ca) + cellError(b, rb, cb);
  }));
  const opened = a.opened && b.opened ? rows.map(([ra]) => columns.filter(([ca]) => ca < a.opened[ra]).length) : null;
  return {
    ...b, queries: rows.map(([, rb]) => b.queries[rb]), keys: columns.map(([, cb]) => b.keys[cb]), rows: rows.length, columns: columns.length,
    weights, errors, opened, second: null, left: null, top: brightest(weights, rows.length, columns.length), signed: true,
  };
}

// Pairs of places with the same label, by a longest common subsequence; equally long lists are paired place by place.
export function shared(a, b) {
  if (a.length === b.length) return a.map((_, i) => [i, i]);
  const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i][j] = a[i].label === b[j].label ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i].label === b[j].label) pairs.push([i++, j++]);
    else if (best[i + 1][j] >= best[i][j + 1]) i++;
    else j++;
  }
  return pairs;
}

// The places of the `most` largest weights of a row, largest first; blocked and 0 left out.
export function strongest(shown, row, most) {
  const open = shown.opened ? shown.opened[row] : shown.columns;
  const places = [];
  for (let i = 0; i < open; i++) if (shown.weights[row * shown.columns + i] !== 0) places.push(i);
  const size = (i) => Math.abs(shown.weights[row * shown.columns + i]);
  return places.sort((a, b) => size(b) - size(a)).slice(0, most);
}
