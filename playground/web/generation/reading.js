// The prompt's tokens shaded by probability, the template's among them. Knows views/generation/prompt.py's JSON.
import { numberText, percentText } from "../digits.js";
import { quoted } from "../bidi.js";
import { chipRow, figuresOf, legend, make, shade } from "../look.js";

/** @param {Face<generation.ReadingView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-reading");

  /**
   * @param {generation.ReadingView} value
   * @param {number} i
   */
  function told(value, i) {
    const whose = value.special[i] ? "special token" : value.own[i] ? "your words" : "the template’s words";
    const about = `${quoted(value.labels[i])}, token ${i + 1} of ${value.labels.length}, id ${value.ids[i]}, ${whose}`;
    const p = value.p[i], bits = value.bits[i], expected = value.expected_p[i];
    if (p === null || bits === null || expected === null) return `${about}: the first, so nothing could lead to expect it.`;
    const hoped = value.expected[i] === value.labels[i] ? "just what the model expected" : `the model expected ${quoted(value.expected[i])} (${percentText(expected)})`;
    return `${about}: probability ${percentText(p)}, ${numberText(bits)} bits of surprisal; ${hoped}.`;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.labels;
    if (!value?.labels) return;
    const out = make("p", "pg-small pg-reading-out", "Point at a token, or Tab to it and use ← →, to read its surprisal.");
    out.setAttribute("aria-live", "polite");
    const row = chipRow(
      value.labels.map((text, i) => ({ text, p: value.p[i] ?? undefined, said: told(value, i), newline: text.includes("⏎") })),
      { label: "Tokens of the prompt", point: (i) => { out.textContent = told(value, i); } });
    row.querySelectorAll(".pg-chip").forEach((chip, i) => {
      if (value.special[i]) chip.dataset.special = "";
      else if (!value.own[i]) chip.dataset.template = "";
      if (value.p[i] === null) shade(chip, 0);
    });
    const key = make("div", "pg-reading-key"), special = make("span", "pg-chip", "special token"), template = make("span", "pg-chip", "template’s words");
    shade(special, 0); shade(template, 0);
    special.dataset.special = ""; template.dataset.template = "";
    key.append(legend("share", "surprising", "expected"), special, ...(value.rendered ? [template] : []));
    /** @type {HTMLElement[]} */
    const parts = [figuresOf(value.figures), key, row, out];
    if (value.rendered) {
      const raw = make("details"), text = make("pre", "pg-reading-raw", value.rendered);
      text.dir = "auto";
      raw.append(make("summary", "pg-small", "The whole text with its template, as it is handed to the tokenizer"), text);
      parts.push(raw);
    }
    box.replaceChildren(...parts);
  }
  draw();
  watch("value", draw);
}
