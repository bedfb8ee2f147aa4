// The threshold of “no answer” to play with, and what was measured near it. Knows views/answering/explained_answer.py's JSON.
import { countText, numberText, percentText } from "../digits.js";
import { make } from "../look.js";
import { cited } from "./logits.js";

/**
 * Whether the best span is the answer at this threshold.
 * @param {answering.ExplainedView} value
 * @param {number} threshold
 */
export function answersAt({ spans, null: none }, threshold) {
  return spans.length > 0 && !(none - spans[0].score > threshold);
}

/**
 * Where the slider begins: the model's own threshold, or one at which the best span is the answer.
 * @param {answering.ExplainedView} value
 */
export function firstThreshold({ threshold, spans, null: none }) {
  if (threshold !== null) return threshold;
  return spans.length ? Math.max(15, none - spans[0].score + 2) : 15;
}

/**
 * What the threshold decides, in words; "" without a span.
 * @param {answering.ExplainedView} value
 * @param {number} threshold
 */
function decisionText(value, threshold) {
  const best = value.spans[0];
  if (!best) return "";
  const answers = answersAt(value, threshold), is = answers ? "not above" : "above", so = answers ? `the answer is ${cited(best.text)}` : "no answer";
  return `“No answer” ${numberText(value.null)} − best span ${numberText(best.score)} = ${numberText(value.null - best.score)}, ${is} the threshold ${numberText(threshold)}: ${so}.`;
}

/**
 * What was measured at the threshold nearest to this one; "" where nothing was.
 * @param {answering.ExplainedView} value
 * @param {number} threshold
 */
function measuredText(value, threshold) {
  const told = value.measured?.here, away = (/** @type {number[]} */ [at]) => Math.abs(at - threshold);
  if (!told?.thresholds.length || !value.spans.length) return "";
  const [at, score, answered, refused] = told.thresholds.reduce((a, b) => (away(a) <= away(b) ? a : b));
  return `Measured near this threshold (at ${numberText(at)}) on ${told.test}: F1 ${numberText(score, 1)} on ${countText(told.rows)} ` +
    `that have an answer, ${percentText(answered, 0)} of them answered; ${percentText(refused, 0)} of those without one refused.`;
}

/**
 * What the model's own threshold costs, and where not to rely on it; or that it has none.
 * @param {answering.ExplainedView} value
 * @param {number} tokens of the context
 */
function costs(value, tokens) {
  const told = value.measured;
  if (!told || value.threshold === null) {
    return [make("p", "pg-small pg-soft", "This model was not trained to say “no answer” and has no threshold of its own: the one here is yours.")];
  }
  const both = `F1 ${numberText(told.f1, 1)} with it, ${numberText(told.f1_always, 1)} without`, lost = told.f1_always - told.f1;
  const cost = lost > 0 ? `costs ${numberText(lost, 1)} points (${both}), the price of saying no` : `costs nothing (${both})`;
  const lengths = `The model has two thresholds: ${numberText(told.short_threshold)} for a context of up to ${told.short_tokens} tokens, ` +
    `${numberText(told.long_threshold)} for a longer one. This one has ${countText(tokens)}.`;
  return [
    make("p", "pg-small pg-soft", `${lengths} On ${told.test}, whose contexts are mostly long and whose questions all have an answer, saying no ${cost}.`),
    make("p", "pg-small pg-soft", "On a long context, do not rely on its “no answer”: of SQuAD 2.0’s questions that only look as if the text " +
      `answered them, it refuses ${percentText(told.adversarial, 0)}.`),
  ];
}

/**
 * The part to put in the page, and `decide`, which says in it what the threshold decides. `change` is told of every move.
 * @param {answering.ExplainedView} value
 * @param {number} tokens of the context
 * @param {number} threshold
 * @param {(threshold: number) => void} change
 */
export function thresholdPart(value, tokens, threshold, change) {
  const part = make("div", "pg-threshold"), slider = make("input"), ticks = make("div", "pg-ticks pg-small");
  const label = make("p", "pg-small", "No-answer threshold, in logits: drag it and see the answer go and come");
  const doubt = value.spans.length ? value.null - value.spans[0].score : 0, own = value.threshold;
  const low = Math.min(-15, Math.floor(doubt) - 2), high = Math.max(15, Math.ceil(doubt) + 2);
  Object.assign(slider, { type: "range", min: low, max: high, step: 0.05, value: threshold });
  slider.setAttribute("aria-label", "No-answer threshold");
  const tick = (/** @type {number} */ at, /** @type {string} */ text) => {
    const node = make("span", "", text), share = (at - low) / (high - low);
    node.style.left = `calc(8px + ${share} * (100% - 16px))`;
    node.dataset.side = share < 0.5 ? "start" : "end";
    ticks.append(node);
  };
  tick(doubt, `this text ${numberText(doubt)}`);
  slider.addEventListener("input", () => change(Number(slider.value)));
  const row = make("div", "pg-window-row"), button = (/** @type {string} */ text, /** @type {number} */ at) => {
    const made = make("button", "pg-button", text);
    made.type = "button";
    made.addEventListener("click", () => { slider.value = String(at); change(at); });
    row.append(made);
  };
  if (own !== null) {
    tick(own, `the model’s ${numberText(own)}`);
    button(`The model’s own: ${numberText(own)}`, own);
  }
  button("Always answer", high);
  const decision = make("p", "pg-small"), measured = make("p", "pg-small pg-soft");
  decision.setAttribute("aria-live", "polite");
  part.append(make("h3", "", "When does it say “no answer”?"), label, slider, ticks, row, decision, measured, ...costs(value, tokens));
  const decide = (/** @type {number} */ at) => {
    decision.textContent = decisionText(value, at);
    measured.textContent = measuredText(value, at);
  };
  return { part, decide };
}
