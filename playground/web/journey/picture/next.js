// The right of the picture: what comes next, with temperature, top-k and top-p acting on the logits that are here. Knows no server.
import { isolated } from "../../bidi.js";
import { countText, numberText, percentText } from "../../digits.js";
import { make } from "../../look.js";
import { fall, penalise, pipeline, ranked } from "../../stages.js";
import { seen } from "./draw.js";

export const KNOBS = { temperature: 1, top_k: 0, top_p: 1 };
/** @type {[keyof typeof KNOBS, string, number, number, number, (value: number) => string][]} */
const SLIDERS = [
  ["temperature", "temperature", 0, 2, 0.05, (value) => numberText(value, 2)],
  ["top_k", "top-k", 0, 100, 1, (value) => (value ? String(value) : "all")],
  ["top_p", "top-p", 0.05, 1, 0.01, (value) => (value < 1 ? numberText(value, 2) : "all")],
];

export class Next {
  /** @param {HTMLElement} box @param {any} tell `knobs(values)`, `take(id)`, `draw()` */
  constructor(box, tell) {
    Object.assign(this, { box, tell });
    /** @type {Record<string, { input: HTMLInputElement, shown: HTMLElement }>} */
    this.sliders = {};
    const knobs = make("div", "pg-j-knobs");
    for (const [key, name, least, most, by, written] of SLIDERS) {
      const label = make("label", "pg-j-knob"), input = make("input"), shown = make("output", "pg-j-knob-value");
      Object.assign(input, { type: "range", min: least, max: most, step: by });
      input.addEventListener("input", () => tell.knobs({ [key]: Number(input.value) }));
      label.append(make("span", "", name), input, shown);
      knobs.append(label);
      this.sliders[key] = { input, shown };
      void written;
    }
    this.list = make("div", "pg-j-next-rows");
    this.list.setAttribute("role", "group");
    this.list.setAttribute("aria-label", "The likeliest next tokens; press one to write it");
    this.rest = make("p", "pg-j-rest");
    const buttons = make("div", "pg-j-next-buttons"), draw = make("button", "pg-button pg-j-draw", "Draw one"), on = make("button", "pg-button", "Write on");
    draw.type = on.type = "button";
    draw.title = "Draws the next token by the chances above and writes it";
    on.title = "Draws one token after another until you stop it";
    draw.addEventListener("click", () => tell.draw());
    on.addEventListener("click", () => tell.on());
    this.on = on;
    buttons.append(draw, on);
    box.append(knobs, this.list, this.rest, buttons);
  }

  /** All stages for these settings; the ranking is made once an answer. @param {import("./data.js").Saying} saying @param {typeof KNOBS} knobs */
  made(saying, knobs) {
    if (this.of !== saying) Object.assign(this, { of: saying, order: ranked(penalise(saying.logits, [], 1)) });
    return pipeline(saying.logits, [], { ...knobs, repetition_penalty: 1, min_p: 0 }, this.order);
  }

  /** The id a random number falls on. @param {import("./data.js").Saying} saying @param {typeof KNOBS} knobs @param {number} u */
  drawn(saying, knobs, u) {
    const made = this.made(saying, knobs);
    return made.order[fall(made.chances, u).place];
  }

  /** `before`: the same without what is cut. @param {import("./data.js").Saying} saying @param {import("./data.js").Saying | null} before @param {any} view @param {number} height */
  draw(saying, before, view, height) {
    const knobs = view.knobs, made = this.made(saying, knobs);
    for (const [key, , , , , written] of SLIDERS) {
      const { input } = this.sliders[key], least = Number(input.min);
      input.value = String(knobs[key]);
      input.style.setProperty("--at", `${(100 * (knobs[key] - least)) / (Number(input.max) - least)}%`);
      this.sliders[key].shown.textContent = written(knobs[key]);
      this.sliders[key].input.setAttribute("aria-valuetext", written(knobs[key]));
    }
    const base = before ? this.chancesOf(before, knobs) : null, count = Math.max(3, Math.min(12, Math.floor((height - 150) / 29)));
    const had = [...this.list.children].indexOf(/** @type {Element} */ (document.activeElement));
    let told = 0;
    const nodes = Array.from({ length: Math.min(count, made.order.length) }, (_, i) => {
      const id = made.order[i], p = i < made.inMin ? made.chances[i] : 0, word = saying.word(id), node = make("button", "pg-j-next-row");
      told += p;
      node.type = "button";
      node.dataset.id = String(id);
      node.style.setProperty("--share", p.toFixed(4));
      const was = base ? base.get(id) ?? 0 : null;
      if (was !== null) node.style.setProperty("--was", was.toFixed(4));
      if (!p) node.dataset.out = "";
      const label = make("span", "pg-j-next-word", saying.special.has(id) ? word : seen(word)), bar = make("span", "pg-j-next-bar");
      label.dir = "auto";
      if (saying.special.has(id)) label.dataset.special = "";
      bar.append(make("span", "pg-j-next-fill"));
      if (was !== null) bar.append(make("span", "pg-j-next-was"));
      const figure = make("span", "pg-j-next-share", p ? percentText(p) : made.greedy ? "–" : "cut");
      if (was !== null) node.dataset.was = percentText(was);
      node.append(label, bar, figure);
      node.setAttribute("aria-label", `${isolated(word)}: ${p ? percentText(p) : "not drawn with these settings"}${was === null ? "" : `, ${percentText(was)} without the cut`}. Press to write it.`);
      node.title = `logit ${numberText(saying.logits[id], 2)}, at temperature 1: ${percentText(Math.exp(saying.logits[id] - this.normaliser(saying)))}`;
      node.addEventListener("click", () => this.tell.take(id));
      return node;
    });
    this.list.replaceChildren(...nodes);
    if (had >= 0) nodes[Math.min(had, nodes.length - 1)]?.focus({ preventScroll: true });
    const left = Math.max(0, 1 - told), more = made.inMin - Math.min(count, made.inMin);
    this.rest.textContent = made.greedy ? "Temperature 0 takes the likeliest; nothing is drawn."
      : more > 0 ? `${countText(more)} more stay, with ${percentText(left)} together.` : `All ${countText(made.inMin)} that stay are shown.`;
    this.shares = nodes.map((node, i) => ({ node, share: i < made.inMin ? made.chances[i] : 0 }));
  }

  /** log Σ exp(logit). @param {import("./data.js").Saying} saying */
  normaliser(saying) {
    if (this.normalOf !== saying) {
      const most = saying.logits.reduce((a, b) => Math.max(a, b), -Infinity);
      Object.assign(this, { normalOf: saying, normal: most + Math.log(saying.logits.reduce((sum, one) => sum + Math.exp(one - most), 0)) });
    }
    return this.normal;
  }

  /** By id, what the settings make of another answer. @param {import("./data.js").Saying} saying @param {typeof KNOBS} knobs */
  chancesOf(saying, knobs) {
    const made = pipeline(saying.logits, [], { ...knobs, repetition_penalty: 1, min_p: 0 }, this.baseOrder(saying));
    return new Map(Array.from({ length: Math.min(2000, made.inMin) }, (_, i) => [made.order[i], made.chances[i]]));
  }

  /** @param {import("./data.js").Saying} saying */
  baseOrder(saying) {
    if (this.baseOf !== saying) Object.assign(this, { baseOf: saying, ordered: ranked(saying.logits) });
    return this.ordered;
  }
}
