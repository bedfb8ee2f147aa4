// Text that runs from right to left in sentences and rows of ours. Knows no component. The same rule as `isolated` of playground/tasks/text.py.
const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const STRONG = /\p{L}/u;

/**
 * A piece of somebody's text within a sentence, so that it does not turn its neighbours round; any other text is left as it is.
 * @param {string} text
 */
export function isolated(text) {
  return RIGHT_TO_LEFT.test(text) ? `\u2068${text}\u2069` : text;
}

/** @param {string} text */
export function quoted(text) {
  return `“${isolated(text)}”`;
}

/**
 * Which way a row of pieces runs: as its first letter does. dir="auto" would take that of [CLS], or of bytes such as ⟨D7 A9⟩.
 * @param {string[]} texts
 */
export function directionOf(texts) {
  for (const text of texts) {
    const letter = STRONG.exec(text.replace(/⟨[^⟩]*⟩/g, ""));
    if (letter) return RIGHT_TO_LEFT.test(letter[0]) ? "rtl" : "ltr";
  }
  return "ltr";
}
