// The one look: what every component draws with. Knows no component.
// Text goes in as textContent; probability and signed scales are the two of base.css, and these functions alone set them.
import { halfError, numberText } from "./digits.js";
import { directionOf } from "./bidi.js";

/** @typedef {readonly [string, string]} Pair name and value */
/** @typedef {{text: string, p?: number, signed?: number, said?: string, special?: boolean, newline?: boolean}} Chip */
/**
 * @typedef {object} BarRow
 * @property {string} label
 * @property {number} share
 * @property {string[]} texts
 * @property {string | boolean} [second]
 * @property {boolean} [chosen]
 * @property {() => void} [pick]
 * @property {string} [said]
 */
/** @typedef {{text: string, title?: string} & ({share: number, signed?: undefined} | {signed: number})} ShadedCell */
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
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [name] of its class
 * @param {string} [text]
 */
export function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

/**
 * A value that text reads too: the bar itself is hidden from screen readers. `colour`: true or "second" for the other colour, or another
 * name of base.css's.
 * @param {number} share
 * @param {string | boolean} [colour]
 */
export function bar(share, colour) {
  const outer = make("div", "pg-bar"), inner = make("span");
  outer.setAttribute("aria-hidden", "true");
  inner.style.width = `${Math.max(0, Math.min(1, Math.abs(share))) * 100}%`;
  if (colour) inner.dataset.colour = colour === true ? "second" : colour;
  outer.append(inner);
  return outer;
}

/**
 * A sentence ended once: a question keeps its own mark.
 * @param {string} sentence
 */
export function fullStop(sentence) {
  return /[.!?…][”’»)]*$/.test(sentence) ? sentence : `${sentence}.`;
}

/**
 * [[name, value], …] for a dl.pg-figures.
 * @param {Pair[]} list
 */
export function pairs(list) {
  return list.map(([name, value]) => {
    const one = make("div");
    one.append(make("dt", "", name), make("dd", "", value));
    return one;
  });
}

/** @param {Pair[]} list */
export function figuresOf(list) {
  const figures = make("dl", "pg-figures");
  figures.append(...pairs(list));
  return figures;
}

/**
 * Probability: see-through at 0, the fill's colour at 1. Signed: orange above 0, blue below, see-through at 0.
 * @param {HTMLElement} node
 * @param {number} share
 */
export function shade(node, share) {
  node.dataset.scale = "share";
  node.style.setProperty("--pg-share", Math.max(0, Math.min(1, share)).toFixed(3));
}

/**
 * @param {HTMLElement} node
 * @param {number} share
 */
export function shadeSigned(node, share) {
  node.dataset.scale = share < 0 ? "below" : "above";
  node.style.setProperty("--pg-share", Math.min(1, Math.abs(share)).toFixed(3));
}

/**
 * What the shades mean, in words and with both ends: legend("share", "unlikely", "likely") or legend("signed", …).
 * @param {"share" | "signed"} scale
 * @param {string} low
 * @param {string} high
 */
export function legend(scale, low, high) {
  const key = make("p", "pg-legend pg-small"), ramp = make("span", "pg-ramp");
  ramp.dataset.scale = scale;
  ramp.setAttribute("aria-hidden", "true");
  key.append(make("span", "", low), ramp, make("span", "", high));
  return key;
}

/**
 * Tokens or words as chips on one line of text. An item: {text, p (0…1) or signed (−1…1), said, special, newline}. `said` is what a
 * screen reader and the tooltip say. point(i) on hover and focus, leave() after, pick(i) on click, Enter and space. Arrow keys
 * move, one tab stop. The text of an item must be visible already (views/text.py).
 * @param {Chip[]} items
 * @param {{label?: string, point?: (i: number) => void, leave?: (i: number) => void, pick?: (i: number) => void, chosen?: number}} [ways]
 */
export function chipRow(items, { label, point, leave, pick, chosen = -1 } = {}) {
  const row = make("div", "pg-chip-row");
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", label || "Tokens");
  row.dir = directionOf(items.filter((item) => !item.special).map((item) => item.text));
  const nodes = items.map((item, i) => {
    const chip = make("button", "pg-chip pg-chip-button", item.text);
    chip.type = "button";
    chip.tabIndex = i === Math.max(0, chosen) ? 0 : -1;
    if (item.said) { chip.title = item.said; chip.setAttribute("aria-label", item.said); }
    if (item.special) chip.dataset.colour = "special";
    else if (item.signed !== undefined) shadeSigned(chip, item.signed);
    else if (item.p !== undefined) shade(chip, item.p);
    else chip.dataset.scale = "none";
    if (i === chosen) chip.setAttribute("aria-current", "true");
    if (point) {
      chip.addEventListener("mouseenter", () => point(i));
      chip.addEventListener("focus", () => point(i));
    }
    if (leave) { chip.addEventListener("mouseleave", () => leave(i)); chip.addEventListener("blur", () => leave(i)); }
    if (pick) chip.addEventListener("click", () => pick(i));
    return chip;
  });
  nodes.forEach((chip, i) => {
    row.append(chip);
    if (items[i].newline) row.append(make("br"));
  });
  row.addEventListener("keydown", (event) => {
    const chips = [...row.querySelectorAll(".pg-chip")], at = chips.findIndex((chip) => chip === event.target); // a text being written adds chips
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: chips.length - 1 }[event.key];
    if (at < 0 || to === undefined || !chips[to]) return;
    event.preventDefault();
    chips[at].tabIndex = -1;
    chips[to].tabIndex = 0;
    chips[to].focus();
  });
  return row;
}

/**
 * Draws `box` anew without losing the keyboard's place: the focus goes to the button that stands where the focused one of its kind stood.
 * @param {HTMLElement} box
 * @param {() => void} draw
 */
export function keepingFocus(box, draw) {
  const active = document.activeElement, kin = () => [...box.querySelectorAll("button")].filter((one) => one.className === active?.className);
  const at = box.contains(active) ? kin().findIndex((one) => one === active) : -1;
  draw();
  const now = at < 0 ? [] : kin();
  if (now.length) now[Math.min(at, now.length - 1)].focus({ preventScroll: true });
}

/**
 * Rows of [label, share 0…1, texts…] as a table of bars; row.pick makes the label a button, row.chosen marks it, row.second colours it (as bar does).
 * @param {string} caption
 * @param {string[]} columns
 * @param {BarRow[]} rows
 */
export function barTable(caption, columns, rows) {
  const table = make("table", "pg-bars"), head = make("tr"), top = make("thead"), body = make("tbody");
  table.append(make("caption", "pg-small pg-soft", caption));
  for (const name of columns) {
    const cell = make("th", "", name);
    cell.scope = "col";
    head.append(cell);
  }
  for (const row of rows) {
    const line = make("tr"), label = make("th", "pg-mono"), held = make("td", "pg-bars-bar");
    label.scope = "row";
    if (row.pick) {
      const button = make("button", "pg-link-button", row.label);
      button.type = "button";
      if (row.said) { button.title = row.said; button.setAttribute("aria-label", row.said); }
      button.addEventListener("click", row.pick);
      label.append(button);
    } else label.textContent = row.label;
    held.append(bar(row.share, row.second));
    line.append(label, held, ...row.texts.map((text) => make("td", "pg-number", text)));
    if (row.chosen) line.setAttribute("aria-current", "true");
    body.append(line);
  }
  top.append(head);
  table.append(top, body);
  return table;
}

/**
 * A table of shaded numbers that scrolls sideways: columns of text, and rows of [label, cells]; a cell is {text, share or signed, title}.
 * @param {string} name
 * @param {string[]} columns
 * @param {[string, ShadedCell[]][]} rows
 * @param {number} [chosen]
 */
export function shadedTable(name, columns, rows, chosen = -1) {
  const table = make("table", name), head = make("tr"), top = make("thead"), body = make("tbody"), outer = make("div", "pg-scroll");
  head.append(...columns.map((text, i) => {
    const cell = make("th", i ? "pg-mono" : "", text);
    cell.scope = "col";
    if (i === chosen) cell.setAttribute("aria-current", "true");
    return cell;
  }));
  for (const [text, cells] of rows) {
    const row = make("tr"), label = make("th", "", text);
    label.scope = "row";
    label.dir = "auto";
    row.append(label, ...cells.map((one) => {
      const cell = make("td", "pg-number", one.text);
      if (one.signed === undefined) shade(cell, one.share); else shadeSigned(cell, one.signed);
      if (one.title) cell.title = one.title;
      return cell;
    }));
    body.append(row);
  }
  top.append(head);
  table.append(top, body);
  outer.tabIndex = 0;
  outer.append(table);
  return outer;
}

/**
 * Two strips, above and below a token's text, each a share 0…1 at full strength, since no text lies on them. For .pg-strips.
 * @param {HTMLElement} node
 * @param {number} top
 * @param {number} bottom
 */
export function strips(node, top, bottom) {
  node.style.setProperty("--pg-top", `${(100 * Math.max(0, Math.min(1, top))).toFixed(1)}%`);
  node.style.setProperty("--pg-bottom", `${(100 * Math.max(0, Math.min(1, bottom))).toFixed(1)}%`);
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

/**
 * Short texts of ours: paragraphs apart by blank lines, lines that begin with "- " as a list, `code` and **strong** within. Nothing else.
 * @param {string} text
 * @param {string} [name] of its class
 */
export function prose(text, name) {
  const whole = make("div", name || "pg-prose");
  for (const block of text.trim().split(/\n\s*\n/)) {
    const lines = block.split("\n").map((line) => line.trim());
    if (lines.every((line) => line.startsWith("- "))) {
      const list = make("ul");
      list.append(...lines.map((line) => inline(make("li"), line.slice(2))));
      whole.append(list);
    } else whole.append(inline(make("p"), lines.join(" ")));
  }
  return whole;
}

/**
 * @template {HTMLElement} E
 * @param {E} node
 * @param {string} text
 * @returns {E}
 */
export function inline(node, text) {
  for (const part of text.split(/(`[^`]+`|\*\*[^*]+\*\*)/)) {
    if (part.startsWith("`") && part.length > 2) node.append(make("code", "pg-mono", part.slice(1, -1)));
    else if (part.startsWith("**") && part.length > 4) node.append(make("strong", "", part.slice(2, -2)));
    else if (part) node.append(part);
  }
  return node;
}
