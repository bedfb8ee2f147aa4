// The figures under a generated text, and prompt + output against the context window. Knows views/generation/generation.py's JSON.
import { bar, figuresOf, make } from "../../look.js";

/**
 * What writes such figures into `box`.
 * @param {HTMLElement} box
 */
export function figuresIn(box) {
  /** @param {{figures: [string, string][], meter: {share: number, text: string}}} view */
  return ({ figures, meter }) => {
    const line = make("div", "pg-meter");
    line.append(bar(meter.share, meter.share > 1), make("span", "", meter.text));
    box.replaceChildren(figuresOf(figures), line);
  };
}
