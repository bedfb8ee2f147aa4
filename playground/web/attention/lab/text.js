// Text as it can be shown: never markup, nothing invisible. Knows no model.
/** @type {Record<string, string>} */
const NAMES = { "\n": "↵", "\r": "␍", "\t": "⇥", "\u00a0": "⍽", "\u00ad": "⟨soft hyphen⟩", "\u200b": "⟨zero width⟩", "\u200d": "⟨joiner⟩", "\ufeff": "⟨BOM⟩" };

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
 * Control and direction characters by name or number; spaces at the ends only where there is nothing else.
 * @param {string} label
 */
export function visible(label) {
  const trimmed = label.replace(/^ +| +$/g, "") || "␣".repeat(Math.max(1, label.length));
  return trimmed.replace(/[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ud800-\udfff]/gu, (c) =>
    NAMES[c] || `⟨U+${Number(c.codePointAt(0)).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

/**
 * @param {string} text
 * @param {number} most
 */
export function shorten(text, most) {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}
