// The one look: what every component draws with. Knows no component.
// Text goes in as textContent; probability and signed scales are the two of base.css, and these functions alone set them.
import { directionOf } from "./bidi.js";

/** @typedef {readonly [string, string]} Pair name and value */
/** @typedef {{text: string, p?: number, signed?: number, said?: string, special?: boolean, newline?: boolean}} Chip */
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
 * @param {"share" | "signed" | "numbers"} scale
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
 * Two strips, above and below a token's text, each a share 0…1 at full strength, since no text lies on them. For .pg-strips.
 * @param {HTMLElement} node
 * @param {number} top
 * @param {number} bottom
 */
export function strips(node, top, bottom) {
  node.style.setProperty("--pg-top", `${(100 * Math.max(0, Math.min(1, top))).toFixed(1)}%`);
  node.style.setProperty("--pg-bottom", `${(100 * Math.max(0, Math.min(1, bottom))).toFixed(1)}%`);
}
