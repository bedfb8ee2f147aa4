// What a picture says, in plain words. Numbers come from the picture; knows no page.
import { number } from "./text.js";

export const KINDS = { self: "self-attention (encoder)", masked: "masked self-attention (decoder)", cross: "cross-attention (decoder to encoder)" };
export const REDUCTIONS = {
  mean: "mean of the layer’s heads", max: "largest of the layer’s heads", rollout: "rollout through layers 0 to here", all: "mean of all layers and heads",
};
const LETTER = /[\p{L}\p{N}]/u;

export function headName({ kind, layer, head }) {
  if (head === "all") return "Mean of all layers and heads";
  if (head === "rollout") return `Attention rollout, layers 0 to ${layer}`;
  return typeof head === "number" ? `Layer ${layer}, head ${head}` : `Layer ${layer}, ${REDUCTIONS[head]}`;
}

// Which word looks most at which other, how much rests on special and first tokens, and what hiding did.
export function saying(picture) {
  const name = headName(picture);
  if (!picture.rows || !picture.columns) return `${name}: everything is hidden. Show special tokens or the first token again.`;
  const found = largest(picture);
  const notes = [];
  if (picture.signed) {
    notes.push(found ? `the largest change is “${picture.queries[found.row].label}” → “${picture.keys[found.column].label}”: ${number(found.weight)}` : "nothing changed");
  } else if (found) {
    notes.push(`“${picture.queries[found.row].label}” looks most at “${picture.keys[found.column].label}” (${found.weight.toFixed(2)})`);
  } else notes.push("no word looks at another word; all weight lies on special tokens or on the word itself");
  const rest = resting(picture);
  let more = "";
  if (picture.hidden) more = picture.summed ? " What is hidden was left out and each row sums to 1 again." : " What is hidden was left out.";
  else if (!picture.signed && picture.summed) more = " Each row sums to 1.";
  if (picture.head === "max") more += " These are the largest weights over heads, so rows sum to more than 1.";
  if (rest > 0.4) more += ` ${Math.round(100 * rest)} % of the weight rests on the first and the special tokens, where heads put what they do not need (a sink).`;
  if (picture.kind === "masked") more += " Grey cells are the future: they may not be looked at.";
  return `${name}: ${notes.join("; ")}.${more}`;
}

function largest(picture) {
  const wordless = (list) => {
    const marks = list.map((item) => item.special || !LETTER.test(item.raw));
    return marks.every(Boolean) ? marks.map(() => false) : marks;
  };
  const rows = wordless(picture.queries), columns = wordless(picture.keys);
  if (picture.kind === "masked" && columns.slice(1).some((mark) => !mark)) columns[0] = true;
  let best = null;
  for (let row = 0; row < picture.rows; row++) {
    for (let column = 0; column < picture.columns && !rows[row]; column++) {
      const weight = picture.weights[row * picture.columns + column];
      const itself = picture.kind !== "cross" && picture.queries[row].first === picture.keys[column].first;
      if (!columns[column] && !itself && Math.abs(weight) > Math.abs(best ? best.weight : 0)) best = { row, column, weight };
    }
  }
  return best;
}

function resting(picture) {
  if (picture.signed || picture.hidden || !picture.summed || picture.columns < 3) return 0;
  let total = 0;
  for (let row = 0; row < picture.rows; row++) {
    picture.keys.forEach((item, column) => {
      if (item.special || item.first === 0) total += picture.weights[row * picture.columns + column];
    });
  }
  return total / picture.rows;
}

// One cell, one row or one column, for the read-out and for screen readers.
export function reading(picture, point, pins) {
  if (!point) return pins.length > 1 ? `${pins.length} pinned: ${pins.map((row) => `“${picture.queries[row].label}”`).join(" + ")}; ${top(picture, pins)}` : "";
  const { row, column } = point;
  if (row !== null && column !== null) {
    if (picture.opened && column >= picture.opened[row]) return `“${picture.queries[row].label}” (${row}) may not look at “${picture.keys[column].label}” (${column}): it comes later.`;
    return `“${picture.queries[row].label}” (${row}) looks at “${picture.keys[column].label}” (${column}): ${number(picture.weights[row * picture.columns + column])}`;
  }
  if (row !== null) return `“${picture.queries[row].label}” (${row}) looks at: ${top(picture, [row])}`;
  const order = Array.from({ length: picture.rows }, (_, i) => i).sort((a, b) => picture.weights[b * picture.columns + column] - picture.weights[a * picture.columns + column]);
  return `“${picture.keys[column].label}” (${column}) is looked at by: ${order.slice(0, 5).map((i) => `“${picture.queries[i].label}” ${picture.weights[i * picture.columns + column].toFixed(3)}`).join(", ")}`;
}

function top(picture, rows) {
  const sums = new Float32Array(picture.columns);
  for (const row of rows) for (let i = 0; i < picture.columns; i++) sums[i] += picture.weights[row * picture.columns + i];
  const order = Array.from(sums.keys()).sort((a, b) => Math.abs(sums[b]) - Math.abs(sums[a]));
  return order.slice(0, 5).filter((i) => sums[i]).map((i) => `“${picture.keys[i].label}” ${sums[i].toFixed(3).replace("-", "−")}`).join(", ");
}
