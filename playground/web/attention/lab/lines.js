// One head as lines from each token that looks to the tokens it looks at: two columns, or two rows for wide texts and CJK.
import { diverging } from "./colours.js";
import { strongest } from "./picture.js";
import { shorten } from "./text.js";

export const STRONGEST = 8;
const ROW = 21;
const LETTER = 7.3;

// `only`: rows to draw, null for all; `column`: only lines to this key; `all`: every weight, not the 8 strongest of each row.
export function lines(picture, style, { horizontal, all, only = null, column = null }) {
  const plan = horizontal ? wide(picture) : tall(picture, style);
  const shapes = [];
  for (let row = 0; row < picture.rows; row++) {
    if (only && !only.includes(row)) continue;
    for (const key of strongest(picture, row, all ? picture.columns : STRONGEST)) {
      if (column !== null && key !== column) continue;
      const weight = picture.weights[row * picture.columns + key], share = picture.top ? Math.min(1, Math.abs(weight) / picture.top) : 0;
      if (share < 0.004) continue;
      shapes.push({ type: "curve", points: plan.curve(row, key), stroke: picture.signed ? diverging(Math.sign(weight)) : style.fill, line: 0.6 + 2.6 * share, alpha: 0.08 + 0.92 * share });
    }
  }
  const marked = (list, row) => (list === picture.queries ? only && only.includes(row) : column === row);
  for (const [list, at] of [[picture.queries, plan.query], [picture.keys, plan.key]]) {
    list.forEach((item, i) => shapes.push({ type: "text", ...at(i), text: shorten(item.label, plan.most), size: 13, fill: style.text, bold: Boolean(marked(list, i)) }));
  }
  return { ...plan, shapes };
}

function tall(picture, style) {
  const most = 16, gap = Math.max(90, Math.min(320, style.width - 2 * most * LETTER - 16)), left = most * LETTER + 6;
  const height = 26 + ROW * Math.max(picture.rows, picture.columns);
  const y = (i) => 26 + ROW * (i + 0.5);
  return {
    most, width: 2 * left + gap, height,
    query: (i) => ({ x: left - 6, y: y(i), anchor: "end" }),
    key: (i) => ({ x: left + gap + 6, y: y(i), anchor: "start" }),
    curve: (row, key) => [left, y(row), left + gap / 2, y(row), left + gap / 2, y(key), left + gap, y(key)],
    hit: (x, py) => {
      const i = Math.floor((py - 26) / ROW);
      if (x < left + gap * 0.3) return i >= 0 && i < picture.rows ? { row: i, column: null } : null;
      return x > left + gap * 0.7 && i >= 0 && i < picture.columns ? { row: null, column: i } : null;
    },
  };
}

function wide(picture) {
  const most = 12, gap = 190;
  const centres = (list) => {
    let x = 8;
    return list.map((item) => {
      const width = Math.max(2.2, shorten(item.label, most).replace(/[\u1100-\uffdc]/g, "xx").length) * LETTER + 8;
      x += width;
      return x - width / 2;
    });
  };
  const queries = centres(picture.queries), keys = centres(picture.keys);
  const nearest = (list, x) => list.reduce((best, at, i) => (Math.abs(at - x) < Math.abs(list[best] - x) ? i : best), 0);
  return {
    most, width: Math.max(queries[queries.length - 1], keys[keys.length - 1]) + 60, height: gap + 60,
    query: (i) => ({ x: queries[i], y: 18, anchor: "middle" }),
    key: (i) => ({ x: keys[i], y: gap + 42, anchor: "middle" }),
    curve: (row, key) => [queries[row], 30, queries[row], 30 + gap / 2, keys[key], 30 + gap / 2, keys[key], gap + 30],
    hit: (x, y) => (y < 30 + gap * 0.3 ? { row: nearest(queries, x), column: null } : y > 30 + gap * 0.7 ? { row: null, column: nearest(keys, x) } : null),
  };
}
