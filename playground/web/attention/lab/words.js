// What a picture says, in plain words. Numbers come from the picture, and each sentence is worked out from them; knows no page.
import { quoted } from "../../bidi.js";
import { numberText, percentText } from "../../digits.js";
import { weightText } from "./picture.js";

export const KINDS = { self: "self-attention (encoder)", masked: "masked self-attention (decoder)", cross: "cross-attention (decoder to encoder)" };
export const REDUCTIONS = {
  mean: "mean of the layer’s heads", max: "largest of the layer’s heads", rollout: "rollout through layers 0 to here", all: "mean of all layers and heads",
};
const LETTER = /[\p{L}\p{N}]/u;
const LITTLE = 0.01;

export function headName({ layer, head }) {
  if (head === "all") return "Mean of all layers and heads";
  if (head === "rollout") return `Attention rollout, layers 0 to ${layer}`;
  return typeof head === "number" ? `Layer ${layer}, head ${head}` : `Layer ${layer}, ${REDUCTIONS[head]}`;
}

// Which word looks at which other, how much rests on special and first tokens, and what hiding did. `view`: matrix, lines or sentence.
export function saying(picture, view = "matrix") {
  const name = headName(picture);
  if (!picture.rows || !picture.columns) return `${name}: everything is hidden. Show special tokens or the first token again.`;
  const notes = [`${picture.signed ? changing(picture) : looking(picture)}.`, ...(picture.signed ? [] : summing(picture))];
  if (picture.kind === "masked" && view === "matrix") notes.push("Grey cells are the future: they may not be looked at.");
  return `${name}: ${notes.join(" ")}`;
}

// The strongest look from one word to another; where that word looks more at something else, that is said first.
export function looking(picture) {
  const found = strongestPair(picture);
  if (!found) return "no word looks at another word; all weight lies on special tokens, punctuation or the word itself";
  const { row, column } = found, most = largestOf(picture, row);
  const from = quoted(picture.queries[row].label), to = quoted(picture.keys[column].label);
  if (weightAt(picture, row, most) <= found.weight) return `${from} looks most at ${to} (${weightText(picture, row, column, 2)})`;
  const itself = same(picture, row, most) ? "itself" : quoted(picture.keys[most].label);
  const places = weightText(picture, row, column, 2) === weightText(picture, row, most, 2) ? 4 : 2;
  const text = (at) => weightText(picture, row, at, places);
  return `the strongest look between two words is ${from} → ${to} (${text(column)}), though ${from} looks more at ${itself} (${text(most)})`;
}

function changing(picture) {
  let best = 0;
  picture.weights.forEach((weight, i) => { if (Math.abs(weight) > Math.abs(picture.weights[best])) best = i; });
  const row = Math.floor(best / picture.columns), column = best % picture.columns;
  if (!picture.weights[best]) return "nothing changed";
  return `the largest change is ${quoted(picture.queries[row].label)} → ${quoted(picture.keys[column].label)}: ${weightText(picture, row, column)}`;
}

function summing(picture) {
  const said = [];
  if (picture.head === "max") said.push("These are the largest weights over heads, so a row sums to 1 or more.");
  else if (!picture.hidden) said.push("Each row sums to 1.");
  if (picture.hidden) said.push(picture.left ? leftOver(picture) : "What is hidden was left out.");
  const rest = picture.hidden || !picture.summed || picture.columns < 3 ? 0 : resting(picture);
  if (rest > 0.4) {
    const where = [...(picture.keys.some((item) => item.special) ? ["special tokens"] : []), ...(picture.kind === "masked" && !picture.keys[0].special ? ["the first token"] : [])];
    said.push(`${percentText(rest, 0)} of the weight rests on ${where.join(" and ")}: often a place for weight that a head has no use for (a sink).`);
  }
  return said;
}

// A row of a sink has next to nothing left once the sink is hidden, and yet it is drawn as large as any other.
function leftOver(picture) {
  const empty = picture.left.filter((one) => one === 0).length, rows = Array.from(picture.left.keys()).filter((row) => picture.left[row] > 0);
  const least = rows.reduce((low, row) => (low < 0 || picture.left[row] < picture.left[low] ? row : low), -1);
  const few = rows.filter((row) => picture.left[row] < LITTLE).length;
  let said = "What is hidden was left out and each row sums to 1 again";
  if (few) said += `, though ${few} of ${picture.rows} rows had less than ${percentText(LITTLE, 0)} of their weight left: ${quoted(picture.queries[least].label)} had ${smallShare(picture.left[least])}`;
  if (empty) said += `${few ? ";" : ","} ${empty} had none and ${empty > 1 ? "are" : "is"} empty`;
  return `${said}.`;
}

// Two digits, however small.
function smallShare(share) {
  return `${numberText(100 * share, Math.max(0, 1 - Math.floor(Math.log10(100 * share))))} %`;
}

function weightAt(picture, row, column) {
  return picture.weights[row * picture.columns + column];
}

function same(picture, row, column) {
  return picture.kind !== "cross" && picture.queries[row].first === picture.keys[column].first;
}

function largestOf(picture, row) {
  let most = 0;
  for (let column = 1; column < picture.columns; column++) if (weightAt(picture, row, column) > weightAt(picture, row, most)) most = column;
  return most;
}

// {row, column, weight}: a word and another one, neither a special token, a mark, nor a decoder's first token, where heads rest. null if none has weight.
export function strongestPair(picture) {
  const wordless = (list) => {
    const marks = list.map((item) => item.special || !LETTER.test(item.raw));
    return marks.every(Boolean) ? marks.map(() => false) : marks;
  };
  const rows = wordless(picture.queries), columns = wordless(picture.keys);
  if (picture.kind === "masked" && columns.slice(1).some((mark) => !mark)) columns[0] = true;
  let best = null;
  for (let row = 0; row < picture.rows; row++) {
    for (let column = 0; column < picture.columns && !rows[row]; column++) {
      const weight = weightAt(picture, row, column);
      if (!columns[column] && !same(picture, row, column) && weight > (best ? best.weight : 0)) best = { row, column, weight };
    }
  }
  return best;
}

function resting(picture) {
  let total = 0;
  for (let row = 0; row < picture.rows; row++) {
    picture.keys.forEach((item, column) => {
      if (item.special || (picture.kind === "masked" && item.first === 0)) total += weightAt(picture, row, column);
    });
  }
  return total / picture.rows;
}

// One cell, one row or one column, for the read-out and for screen readers.
export function reading(picture, point, pins) {
  if (!point && pins.length === 1) return reading(picture, { row: pins[0], column: null }, []);
  if (!point) return pins.length > 1 ? `${pins.length} pinned: ${pins.map((row) => quoted(picture.queries[row].label)).join(" + ")}; ${top(picture, pins)}` : "";
  const { row, column } = point, of = (list, i) => `${quoted(list[i].label)} (${i})`;
  if (row !== null && column !== null) {
    if (picture.opened && column >= picture.opened[row]) return `${of(picture.queries, row)} may not look at ${of(picture.keys, column)}: it comes later.`;
    const text = weightText(picture, row, column);
    return picture.signed
      ? `${of(picture.queries, row)} → ${of(picture.keys, column)}: changed by ${text}`
      : `${of(picture.queries, row)} looks at ${of(picture.keys, column)}: ${text}`;
  }
  if (row !== null) return `${of(picture.queries, row)} ${picture.signed ? "changed by" : "looks at"}: ${top(picture, [row])}`;
  const order = Array.from({ length: picture.rows }, (_, i) => i).sort((a, b) => weightAt(picture, b, column) - weightAt(picture, a, column));
  const said = order.slice(0, 5).map((i) => `${quoted(picture.queries[i].label)} ${weightText(picture, i, column, 3)}`).join(", ");
  return `${of(picture.keys, column)} ${picture.signed ? "changed in" : "is looked at by"}: ${said}`;
}

function top(picture, rows) {
  const sums = new Float32Array(picture.columns);
  for (const row of rows) for (let i = 0; i < picture.columns; i++) sums[i] += weightAt(picture, row, i);
  const order = Array.from(sums.keys()).sort((a, b) => Math.abs(sums[b]) - Math.abs(sums[a]));
  const text = (i) => (rows.length > 1 ? numberText(sums[i], 3) : weightText(picture, rows[0], i, 3));
  return order.slice(0, 5).filter((i) => sums[i]).map((i) => `${quoted(picture.keys[i].label)} ${text(i)}`).join(", ");
}
