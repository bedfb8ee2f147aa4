// One step of the sampling on all logits of the vocabulary, in the page: the same stages as tasks/generation/sampling.py, in transformers' order.
import { countText, numberText, percentText } from "../digits.js";
import { quoted } from "../bidi.js";
import { figuresOf, make, shade } from "../look.js";
import { barTable } from "../tables.js";
import { post, stopped } from "../ask.js";
import { read } from "../wire.js";
import { fall, pipeline } from "../stages.js";

/** @typedef {ReturnType<typeof pipeline>} Stages */
/**
 * One step as the server tells it (views/generation/nexttoken.py), with what the run took there.
 * @typedef {object} Step
 * @property {Map<number, string>} words
 * @property {number} size
 * @property {Iterable<number>} seen
 * @property {Float32Array} logits
 * @property {number | null} drawn
 * @property {number} place
 * @property {generation.AskedRun} asked
 * @property {number} uniform
 * @property {number} prompt
 * @property {number} written
 */

/** @param {Face<generation.StepValue>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-sampling");
  const ROWS = 24;
  /** @type {Step | null} */
  let step = null;
  /** @type {import("../stages.js").Knobs} */
  let knobs = { repetition_penalty: 1, temperature: 1, top_k: 0, top_p: 1, min_p: 0 };
  /** @type {AbortController | null} */
  let asking = null;
  /** @type {Uint32Array | undefined} */
  let order;
  let uniform = 0, told = "", orderFor = NaN;

  /**
   * ---- one step from the server --------------------------------------------------------------------------------------------------
   * @param {generation.StepValue} value
   */
  async function fetchStep(value) {
    asking?.abort();
    const own = (asking = new AbortController());
    say("Asking the model for the logits of this step…", true);
    try {
      open(value, read(await (await post("/playground/logits", value.asked, own.signal)).arrayBuffer()));
    } catch (error) {
      if (!stopped(error)) say(error instanceof Error ? error.message : String(error), false);
      else if (own === asking) say("Stopped.", false);
    }
  }

  /**
   * @param {generation.StepValue} value
   * @param {import("../wire.js").Message} message
   */
  function open(value, { about, arrays }) {
    const words = new Map(about.words.split("\n").filter(Boolean).map((/** @type {string} */ row) => [Number(row.split("\t")[0]), row.split("\t")[2]]));
    step = { uniform: about.uniform, prompt: about.prompt, written: about.written, words, size: arrays.logits.data.length, seen: arrays.seen.data, logits: /** @type {Float32Array} */ (arrays.logits.data), drawn: value.drawn, place: value.place, asked: value.asked };
    const asked = value.asked;
    knobs = { repetition_penalty: asked.repetition_penalty, temperature: asked.temperature, top_k: asked.top_k, top_p: asked.top_p, min_p: asked.min_p };
    uniform = about.uniform;
    orderFor = NaN;
    asking = null;
    say("", false);
    build(asked);
  }

  // ---- drawing -------------------------------------------------------------------------------------------------------------------
  const note = make("p", "pg-small"), stopIt = make("button", "pg-button", "Stop"), line = make("div", "pg-sampling-line");
  const controls = make("div", "pg-sampling-knobs"), result = make("div", "pg-sampling-result");
  note.setAttribute("role", "status");
  stopIt.type = "button";
  stopIt.addEventListener("click", () => asking?.abort());
  line.append(note, stopIt);
  box.append(line, controls, result);

  /**
   * @param {string} text
   * @param {boolean} busy
   */
  function say(text, busy) {
    told = text;
    note.textContent = text;
    line.hidden = !text;
    stopIt.hidden = !busy;
    box.hidden = !text && !step;
  }

  /** @type {[keyof import("../stages.js").Knobs, string, number, number, number][]} */
  const KNOBS = [
    ["repetition_penalty", "1. Repetition penalty", 0.8, 2, 0.05], ["temperature", "2. Temperature", 0, 2, 0.05], ["top_k", "3. Top-k", 0, 200, 1],
    ["top_p", "4. Top-p", 0.05, 1, 0.01], ["min_p", "5. Min-p", 0, 1, 0.01],
  ];

  /**
   * @param {string} name
   * @param {string} key
   * @param {number} least
   * @param {number} most
   * @param {number} by
   * @param {number} value
   * @param {(to: number) => void} tell
   */
  function slider(name, key, least, most, by, value, tell) {
    const label = make("label", "pg-sampling-knob"), input = make("input"), shown = make("output", "pg-number");
    input.type = "range";
    Object.assign(input, { min: least, max: most, step: by, value });
    input.dataset.knob = key;
    input.addEventListener("input", () => { tell(+input.value); shown.textContent = input.value; draw(); });
    shown.textContent = String(+(+input.value).toFixed(4));
    label.append(make("span", "", name), shown, input);
    return label;
  }

  /** @param {generation.AskedRun} asked */
  function build(asked) {
    const again = make("button", "pg-button", "As the run had it");
    again.type = "button";
    again.addEventListener("click", () => { for (const [key] of KNOBS) knobs[key] = asked[key]; uniform = step?.uniform ?? uniform; build(asked); });
    controls.replaceChildren(
      ...KNOBS.map(([key, name, least, most, by]) => slider(name, key, Math.min(least, knobs[key]), Math.max(most, knobs[key]), by, knobs[key], (to) => { knobs[key] = to; })),
      slider("6. The random number", "uniform", 0, 0.9999, 0.0001, uniform, (to) => { uniform = to; }), again);
    draw();
  }

  const name = (/** @type {number} */ id) => step?.words.get(id) || `#${id}`;

  /**
   * @param {Stages} made
   * @param {number} i
   */
  function fate(made, i) {
    if (i < made.inMin) return "stays";
    return made.greedy ? "not the likeliest" : i < made.inP ? "cut by min-p" : i < made.inK ? "cut by top-p" : "cut by top-k";
  }

  /**
   * @param {Stages} made
   * @param {number} from
   * @param {number} to
   */
  function lost(made, from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += made.before[i];
    return percentText(sum, 2);
  }

  /**
   * @param {Stages} made
   * @returns {[string, string][]}
   */
  function funnel(made) {
    const count = (/** @type {number} */ n) => countText(n, "token");
    if (made.greedy) return [["vocabulary", count(made.order.length)], ["temperature 0", "the likeliest is taken, nothing is drawn"]];
    return [["vocabulary", count(made.order.length)], ["after top-k", `${count(made.inK)} (${lost(made, made.inK, made.order.length)} cut)`],
      ["after top-p", `${count(made.inP)} (${lost(made, made.inP, made.inK)} more)`], ["after min-p", `${count(made.inMin)} (${lost(made, made.inMin, made.inP)} more)`]];
  }

  /**
   * All that stays, laid end to end from the likeliest on, and the number that picks one.
   * @param {Stages} made
   * @param {{place: number}} drawn
   */
  function strip(made, drawn) {
    const bar = make("div", "pg-draw");
    bar.setAttribute("aria-hidden", "true");
    let shown = 0;
    made.chances.slice(0, 40).forEach((p, i) => {
      const part = make("span", "pg-draw-part", p > 0.06 ? name(made.order[i]) : "");
      part.style.width = `${100 * p}%`;
      part.title = `${name(made.order[i])}: ${percentText(p, 2)}`;
      if (i === drawn.place) part.setAttribute("aria-current", "true");
      shade(part, i % 2 ? 0.35 : 0.8);
      bar.append(part);
      shown += p;
    });
    const mark = make("span", "pg-draw-mark");
    mark.style.left = `${100 * uniform}%`;
    bar.append(mark);
    if (shown < 0.995) bar.title = `${percentText(1 - shown, 2)} are less likely tokens`;
    return bar;
  }

  /**
   * @param {Stages} made
   * @param {ReturnType<typeof fall>} drawn
   * @param {Step} of
   */
  function sentence(made, drawn, of) {
    const got = quoted(name(made.order[drawn.place]));
    if (made.greedy) return `Temperature 0: ${got} has the highest score and is taken; no random number is used.`;
    const same = uniform === of.uniform ? "The seed’s random number for this place" : "The random number";
    const said = `${same} is ${numberText(uniform, 4)}. Laid end to end from the likeliest on, it falls on ${got}, which reaches from ${numberText(drawn.begin, 4)} to ${numberText(drawn.end, 4)}.`;
    if (of.drawn === null) return said;
    if (of.asked.beams > 1) return `${said} The run took ${quoted(name(of.drawn))}: it searched with ${of.asked.beams} beams, so nothing was drawn.`;
    const apart = uniform === of.uniform && made.order[drawn.place] !== of.drawn && KNOBS.every(([key]) => knobs[key] === of.asked[key]);
    return `${said} The run took ${quoted(name(of.drawn))}${apart ? ": it read its beginning in other portions, and this model’s precision makes that a small difference, enough at a border" : ""}.`;
  }

  function draw() {
    if (!step) return;
    const at = step, made = pipeline(at.logits, at.seen, knobs, orderFor === knobs.repetition_penalty ? order : undefined), drawn = fall(made.chances, uniform);
    order = made.order;
    orderFor = knobs.repetition_penalty;
    const table = barTable(`The ${ROWS} highest scores of ${countText(step.size)}. Softmax makes the last column of the scores that stay.`,
      ["token", "probability", "logit", "after penalty", "÷ temperature", "cut", "softmax"],
      Array.from({ length: Math.min(ROWS, made.order.length) }, (_, i) => {
        const id = made.order[i], p = i < made.inMin ? made.chances[i] : 0;
        return { label: name(id), share: p, chosen: i === drawn.place, texts: [numberText(at.logits[id], 3), numberText(made.penalised[id], 3), numberText(made.divided[id], 3), fate(made, i), percentText(p, 2)] };
      }));
    table.dataset.kept = String(made.inMin);
    const scroll = make("div", "pg-scroll");
    scroll.append(table);
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Scores of this step");
    const hidden = made.chances.slice(ROWS).reduce((sum, p) => sum + p, 0);
    result.replaceChildren(
      make("h3", "", `Token ${step.written + 1} of the answer, after ${countText(step.prompt + step.written)} tokens`), figuresOf(funnel(made)),
      strip(made, drawn), make("p", "pg-small", sentence(made, drawn, at)), scroll,
      make("p", "pg-small pg-soft", `${made.inMin > ROWS ? `${countText(made.inMin - ROWS)} more tokens stay, with ${percentText(hidden, 2)} together. ` : ""}Worked out here from all ${countText(step.size)} logits as the model gave them (float32).`));
  }

  let turn = 0;
  function fresh() {
    const value = props.value;
    if (value && value.turn && value.turn !== turn) { turn = value.turn; fetchStep(value); }
    else if (!step && !told) say("Write a text above, point at a token and choose “Take this step apart”; or begin with the button.", false);
  }
  fresh();
  watch("value", fresh);
}
