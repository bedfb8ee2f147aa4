// One head on the text itself: pointing at a word shades what it looks at (orange) and underlines what looks at it (blue).
// For cross-attention, the words written stand above with their best match under each: an alignment.
import { directionOf } from "../../bidi.js";
import { numberText } from "../../digits.js";
import { make } from "./text.js";

export const OUT = "234, 88, 12";
export const IN = "37, 99, 235";

// Puts words into `box`; `app` hears point({row, column}) and pin(row). Returns shade(point, pins), which colours them.
export function sentence(box, picture, app) {
  const cross = picture.kind === "cross";
  const rowWords = picture.queries.map((item, i) => word(cross ? written(picture, i) : item.label, item, () => app.point({ row: i, column: null }), () => app.pin(i)));
  const keyWords = cross ? picture.keys.map((item, i) => word(item.label, item, () => app.point({ row: null, column: i }), null)) : rowWords;
  const leave = (line) => line.addEventListener("mouseleave", () => app.point(null));
  const lines = [line(cross ? "written; under each word its best match among the words read, special tokens left out" : "point at a word", rowWords, picture.queries)];
  if (cross) {
    rowWords.forEach((node, i) => node.append(make("small", "pg-lab-match", best(picture, i))));
    lines.push(line("read", keyWords, picture.keys));
  }
  lines.forEach(leave);
  const key = make("p", "pg-soft pg-small pg-lab-key");
  key.append(make("span", "pg-lab-swatch pg-lab-swatch-out"), make("span", "", "what it looks at"));
  if (!picture.signed) key.append(make("span", "pg-lab-swatch pg-lab-swatch-in"), make("span", "", "what looks at it"));
  box.replaceChildren(...lines, key);
  return (point, pins) => shade(picture, rowWords, keyWords, point, pins);
}

// A decoder's row reads one token and writes the next: the word written while this row looked.
function written(picture, row) {
  return row + 1 < picture.rows ? picture.queries[row + 1].label : "⟨end⟩";
}

function best(picture, row) {
  const one = picture.weights.subarray(row * picture.columns, (row + 1) * picture.columns);
  const usual = Array.from(one, (weight, i) => (picture.keys[i].special ? -1 : weight));
  return picture.keys.length ? picture.keys[usual.indexOf(Math.max(...usual))].label : "";
}

function line(name, words, items) {
  const made = make("div", "pg-lab-words");
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", name);
  made.dir = directionOf(items.filter((item) => !item.special).map((item) => item.label));
  made.append(...words);
  return made;
}

function word(label, item, point, pin) {
  const made = make("button", "pg-lab-word");
  made.type = "button";
  made.append(make("span", "", label));
  if (item.special) made.dataset.special = "";
  made.addEventListener("mouseenter", point);
  made.addEventListener("focus", point);
  if (pin) made.addEventListener("click", pin);
  return made;
}

function shade(picture, rowWords, keyWords, point, pins) {
  const rows = point && point.row !== null ? [point.row] : point ? [] : pins;
  const column = point ? (point.column ?? (picture.kind === "cross" ? null : point.row)) : null;
  const looks = new Float32Array(picture.columns), looked = new Float32Array(picture.rows);
  for (const row of rows) for (let i = 0; i < picture.columns; i++) looks[i] += picture.weights[row * picture.columns + i];
  // A row's own column is found by its tokens: some keys may be hidden.
  const own = column === null ? -1 : picture.kind === "cross" ? column : picture.keys.findIndex((k) => k.first === picture.queries[column].first);
  if (own >= 0 && !picture.signed) for (let row = 0; row < picture.rows; row++) looked[row] = picture.weights[row * picture.columns + own];
  const most = Math.max(...looks.map(Math.abs), 1e-6), brightest = Math.max(...looked, 1e-6);
  const paint = (node, out, into, place) => {
    const colour = out < 0 ? IN : OUT;
    node.style.backgroundColor = Math.abs(out) / most > 0.02 ? `rgba(${colour}, ${(0.75 * Math.abs(out) / most).toFixed(3)})` : "";
    node.style.boxShadow = into / brightest > 0.05 ? `inset 0 -4px 0 rgba(${IN}, ${(into / brightest).toFixed(3)})` : "";
    node.title = rows.length ? `${rows.length > 1 ? "sum of the pinned words' weights" : "weight"} ${numberText(out, 3)}${own >= 0 ? `; looks back with ${numberText(into, 3)}` : ""}` : "";
    node.dataset.marked = rows.includes(place) || (point === null && pins.includes(place)) ? "yes" : "";
  };
  if (picture.kind === "cross") {
    rowWords.forEach((node, i) => paint(node, 0, looked[i], i));
    keyWords.forEach((node, i) => paint(node, looks[i], 0, -1));
  } else {
    rowWords.forEach((node, i) => {
      const key = picture.keys.findIndex((k) => k.first === picture.queries[i].first);
      paint(node, key < 0 ? 0 : looks[key], looked[i], i);
    });
  }
}
