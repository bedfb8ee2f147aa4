// The best spans and “no answer” as a table, and what their probability is. Knows views/answering/explained_answer.py's JSON.
import { numberText } from "../digits.js";
import { isolated } from "../bidi.js";
import { make } from "../look.js";
import { barTable } from "../tables.js";

/**
 * The part to put in the page, and the table's rows in it, one a span and then “no answer”. `goTo` is told which span was chosen.
 * @param {import("./logits.js").Logits} logits
 * @param {(window: number, span: [number, number]) => void} goTo
 */
export function spanTable({ value, windows }, goTo) {
  const many = windows.length > 1, window = (/** @type {number} */ n) => (many ? [String(n + 1)] : []);
  /** @type {import("../tables.js").BarRow[]} */
  const rows = value.spans.map((span) => ({
    label: span.text, share: span.p, said: `${isolated(span.text)}, ${span.percent}, ${span.place}: mark it in the context`,
    pick: () => goTo(span.window, [span.first, span.last]),
    texts: [span.percent, numberText(span.start), numberText(span.end), numberText(span.score), numberText(span.score - value.null), ...window(span.window)],
  }));
  const least = windows.reduce((a, b) => (a.start_null + a.end_null <= b.start_null + b.end_null ? a : b));
  rows.push({ label: "no answer", share: value.no_answer.p, second: true,
              texts: [value.no_answer.percent, numberText(least.start_null), numberText(least.end_null), numberText(value.null), "0", ...window(windows.indexOf(least))] });
  const table = barTable("Best spans and “no answer”",
    ["Span", "", "Probability", "Start", "End", "Sum", "− no answer", ...(many ? ["Window"] : [])], rows);
  const held = make("div", "pg-scroll");
  held.append(table);
  const part = make("div"), T = value.temperature, told = value.measured;
  const points = told ? numberText(100 * told.error, 1) : "", heat = T === 1 ? "" : `, divided by the temperature ${T},`;
  const error = !told ? "" : ` On ${told.test} it is ${points} points away, on average, from how often the answer is exactly right ` +
    "(expected calibration error).";
  const said = `Choose one to mark it. Spans of at most ${value.longest} tokens are tried that begin and end where words do. The sum of ` +
    `a span’s start and end logit is its score; a softmax over the scores of all of them and “no answer”${heat} makes it a probability.${error}`;
  part.append(make("h3", "", "Best spans"), make("p", "pg-small pg-soft", said), held);
  return { part, rows: [...table.querySelectorAll("tbody tr")] };
}
