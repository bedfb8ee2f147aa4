// What the page reckons of an explained answer: logits of tokens, a window's softmax, lanes for spans that overlap, and what a start and
// an end come to. Draws nothing. Knows views/answering/explained_answer.py's JSON.
import { numberText, percentText } from "../digits.js";
import { quoted } from "../bidi.js";
import { unpack } from "../wire.js";

/**
 * A logit as a probability within its window, and its place between the window's least and greatest, 0…1.
 * @typedef {{p: (logit: number) => number, place: (logit: number) => number}} Share
 */
/** @typedef {answering.WindowView & {at: number}} Window `at`: where its logits begin among those of all windows */

/** @param {string} text */
export const cited = (text) => quoted(text.length > 60 ? `${text.slice(0, 59)}…` : text);

/**
 * The logits of a window's context tokens, with `none` of [CLS] among them.
 * @param {Float32Array} logits
 * @param {number} none
 * @returns {Share}
 */
export function shareOf(logits, none) {
  const high = logits.reduce((a, b) => Math.max(a, b), none), low = logits.reduce((a, b) => Math.min(a, b), none);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - high), Math.exp(none - high));
  return { p: (logit) => Math.exp(logit - high) / total, place: (logit) => (high > low ? (logit - low) / (high - low) : 0) };
}

/**
 * The probability of a span with this sum of logits, among all spans and “no answer” (tasks/answering/spans.py `probability`).
 * @param {number} score
 * @param {{temperature: number, log_sum: number, null: number}} value
 */
export function chanceOf(score, { temperature, log_sum: logSum, null: none }) {
  const high = Math.max(logSum, none / temperature);
  return Math.exp(score / temperature - high - Math.log(Math.exp(logSum - high) + Math.exp(none / temperature - high)));
}

/**
 * Each span gets the highest lane on which no earlier one lies: what lies on each token, as {lane, k} with k the span's number.
 * @param {{first: number, last: number}[]} spans
 * @returns {Map<number, {lane: number, k: number}[]>}
 */
export function lanesOf(spans) {
  /** @type {ReturnType<typeof lanesOf>} */
  const lanes = new Map();
  spans.forEach((span, k) => {
    let lane = 0;
    const taken = (/** @type {number} */ i) => (lanes.get(i) || []).some((one) => one.lane === lane);
    for (let i = span.first; i <= span.last; i++) if (taken(i)) { lane++; i = span.first - 1; }
    for (let i = span.first; i <= span.last; i++) lanes.set(i, [...(lanes.get(i) || []), { lane, k }]);
  });
  return lanes;
}

export class Logits {
  /** @param {answering.ExplainedView} value */
  constructor(value) {
    const { starts, ends, edges, start_logits: startLogits, end_logits: endLogits } = unpack(value.arrays);
    this.value = value;
    this.starts = starts; // of tokens in the context, in UTF-16 units
    this.ends = ends;
    this.edges = edges; // 1: a word begins with this token, 2: one ends, 3: both
    this.count = starts.length;
    this.startLogits = /** @type {Float32Array} */ (startLogits);
    this.endLogits = /** @type {Float32Array} */ (endLogits);
    let at = 0;
    /** @type {Window[]} */
    this.windows = value.windows.map((one) => {
      const held = { ...one, at };
      at += one.stop - one.first;
      return held;
    });
    /** @type {Map<Window, [Share, Share]>} */
    this.kept = new Map();
    this.lanes = lanesOf(value.spans);
    this.laneCount = Math.max(0, ...[...this.lanes.values()].flat().map(({ lane }) => lane + 1));
  }

  /** @param {number} first @param {number} last */
  textOf(first, last) {
    return this.value.context.slice(this.starts[first], this.ends[last]);
  }

  /** @param {Window} window @param {number} i */
  startOf(window, i) {
    return this.startLogits[window.at + i - window.first];
  }

  /** @param {Window} window @param {number} i */
  endOf(window, i) {
    return this.endLogits[window.at + i - window.first];
  }

  /**
   * Of starts and of ends.
   * @param {Window} window
   * @returns {[Share, Share]}
   */
  shares(window) {
    let found = this.kept.get(window);
    if (!found) {
      const end = window.at + window.stop - window.first;
      found = [shareOf(this.startLogits.subarray(window.at, end), window.start_null), shareOf(this.endLogits.subarray(window.at, end), window.end_null)];
      this.kept.set(window, found);
    }
    return found;
  }

  /**
   * What this start and this end come to in the window, or why the search never tries them, in words.
   * @param {Window} window
   * @param {number} first
   * @param {number} last
   */
  sum(window, first, last) {
    const { value } = this, a = this.startOf(window, first), b = this.endOf(window, last), score = a + b, best = value.spans[0];
    const said = `start ${numberText(a)} + end ${numberText(b)} = ${numberText(score)}`, own = cited(this.textOf(first, last));
    if (last < first) return `An end before its start: ${said}, but the search never tries such a pair, however high its sum.`;
    if (last - first >= value.longest) {
      return `${last - first + 1} tokens: ${said}, but the search tries spans of at most ${value.longest} tokens.`;
    }
    const side = !(this.edges[first] & 1) ? "begins" : !(this.edges[last] & 2) ? "ends" : "";
    if (side && !value.spans.some((one) => one.first === first && one.last === last)) {
      return `${own} ${side} inside a word: ${said}, but the search tries only spans that begin and end where words do.`;
    }
    const less = best ? best.score - score : 0, T = value.temperature, over = T === 1 ? "" : ` / ${T}`;
    const times = `exp(−${numberText(less)}${over}) = ${Math.exp(-less / T).toPrecision(2)} times as likely`;
    const beside = less > 0.005 ? `${numberText(less)} less than the best span’s ${numberText(best.score)}, so ${times}` : "the best sum there is";
    const minus = `Minus “no answer” (${numberText(value.null)}): ${numberText(score - value.null)}.`;
    return `${own}: ${said}, ${beside}: ${percentText(chanceOf(score, value))}. ${minus}`;
  }
}
