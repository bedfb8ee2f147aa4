// The grid of all heads beside the pictures: which one is open, what each is known for, and a head with a pattern found by its name.
import { quoted } from "../../bidi.js";
import { countText, numberText } from "../../digits.js";
import { grid, gridMarks, headAt } from "./grid.js";
import { choice } from "./pane.js";
import { picture, weightText } from "./picture.js";
import { paint, placeOn } from "./scene.js";
import { make } from "./text.js";
import { headName, strongestPair } from "./words.js";

const WIDEST = 560, USUAL = 420, CLOSE = 0.005;
const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Overview {
  constructor(lab) {
    this.lab = lab;
    this.chosen = "";
    this.node = make("div", "pg-lab-heads");
    this.box = make("div", "pg-lab-grid");
    this.base = make("canvas");
    this.over = make("canvas", "pg-lab-over");
    this.over.tabIndex = 0;
    this.over.setAttribute("role", "application");
    this.said = make("p", "pg-soft pg-small", "");
    this.pattern = choice("Show me a head that…", (name) => this.find(name));
    const map = make("div", "pg-lab-figure");
    map.append(this.base, this.over);
    this.box.append(map);
    this.node.append(make("h3", "", "All layers (down) and heads (across)"), this.box, this.said, this.pattern.node);
    this.over.addEventListener("click", (event) => this.open(this.under(event)));
    this.over.addEventListener("pointermove", (event) => this.tell(this.under(event)));
    this.over.addEventListener("keydown", (event) => this.key(event));
  }

  draw() {
    const { run, kind, layer, head } = this.lab.active, kept = run.kinds.get(kind);
    if (!kept || !kept.all) return;
    const shape = run.shape(kind), style = { ...this.lab.style(), width: Math.min(WIDEST, this.box.clientWidth || USUAL) };
    const key = [kind, style.width, style.text, this.chosen, kept.all.rows, kept.all.data.length, run.header && run.header.text].join();
    if (this.keyed !== key || this.run !== run) {
      this.keyed = key;
      this.run = run;
      const began = performance.now();
      this.scene = grid(kept, shape, kind, style, this.matching(kept));
      paint(this.base, this.scene);
      performance.measure("lab.grid", { start: began });
    }
    paint(this.over, gridMarks(this.scene, shape, layer, head, style));
    const patterns = (run.header.patterns || []).map((one, i) => (possible(kept, i) ? [one.name, one.words] : [one.name, `${one.words}: ${one.lacks}`, true]));
    this.pattern.fill([["", "choose a pattern"], ...patterns], this.chosen || "");
    this.pattern.node.hidden = kind === "cross";
    this.over.setAttribute("aria-label", `${shape.layers} layers of ${shape.heads} heads; ${headName(this.lab.active)} is open. Arrow keys move, M shows the mean.`);
    this.tell({ layer, head });
  }

  // matching[layer][head]: whether it passes the threshold of the pattern that is looked for; null where none is.
  matching(kept) {
    const place = kept.patterns.findIndex((one) => one.name === this.chosen);
    return place < 0 ? null : kept.scores.map((row) => row.map((scores) => scores[place] >= kept.patterns[place].threshold));
  }

  tell(place) {
    if (!place) return;
    const { run, kind } = this.lab.active, kept = run.kinds.get(kind);
    const label = typeof place.head === "number" && kept.labels.length ? kept.labels[place.layer][place.head] : "";
    const found = kept.patterns.find((one) => one.name === label);
    this.said.textContent = `${headName(place)}${label ? `: ${found ? found.words : `${label}${pairOf(run, kind, place)}`}` : ""}`;
  }

  // Goes to the head with the highest score of this pattern, and says whether it passes the threshold.
  async find(name) {
    this.chosen = name;
    const pane = this.lab.active;
    if (!name) return this.draw();
    let kept;
    try {
      kept = await pane.run.patterns(pane.kind);
    } catch (error) {
      return this.lab.say(error.message, true);
    }
    const place = kept.patterns.findIndex((one) => one.name === name), { words, threshold, lacks } = kept.patterns[place];
    const scored = kept.scores.flatMap((row, layer) => row.map((scores, head) => ({ layer, head, score: scores[place] }))).filter(({ score }) => score !== null);
    if (!scored.length) return this.lab.say(`No head ${words}: ${lacks}.`);
    const best = scored.reduce((so, one) => (one.score > so.score ? one : so)), count = scored.filter(({ score }) => score >= threshold).length;
    const score = numberText(best.score, Math.abs(best.score - threshold) < CLOSE ? 4 : 2);
    this.lab.say(best.score >= threshold
      ? `Layer ${best.layer}, head ${best.head} ${words}: score ${score}; ${countText(count, "head")} of this run reach${count > 1 ? "" : "es"} ${threshold}.`
      : `No head of this run clearly ${words} (threshold ${threshold}). The nearest is layer ${best.layer}, head ${best.head}, with ${score}.`);
    this.open(best);
  }

  open(place) {
    if (place) this.lab.active.go({ layer: place.layer, head: place.head });
  }

  under(event) {
    const { x, y } = placeOn(this.over, event), { run, kind } = this.lab.active;
    return this.scene ? headAt(this.scene, run.shape(kind), x, y) : null;
  }

  key(event) {
    const move = MOVES[event.key], pane = this.lab.active;
    if (!move && event.key.toLowerCase() !== "m") return;
    event.preventDefault();
    if (!move) return pane.go({ head: "mean" });
    const shape = pane.run.shape(pane.kind), { layer, head } = pane;
    const within = (value, size) => Math.max(0, Math.min(size - 1, value));
    const from = typeof head === "number" ? head : move[1] > 0 ? -1 : 0;
    const next = move[0] && typeof head !== "number" ? head : within(from + move[1], shape.heads);
    pane.go({ layer: within(layer + move[0], shape.layers), head: next });
    const y = (pane.layer / shape.layers) * this.over.clientHeight;
    this.box.scrollTop = y - this.box.clientHeight / 2;
  }
}

// Of a head that has no pattern, what it does most between two words; nothing where its weights are not here yet.
export function pairOf(run, kind, { layer, head }) {
  const made = run.lacking(kind, layer, head) ? null : picture(run, kind, layer, head);
  const most = made && strongestPair(made);
  return most ? `; its strongest look between two words is ${quoted(made.queries[most.row].label)} → ${quoted(made.keys[most.column].label)} (${weightText(made, most.row, most.column, 2)})` : "";
}

// Whether a pattern can be scored in this text at all; before the scores are here, it may be.
function possible(kept, place) {
  return !kept.scores.length || kept.scores.some((row) => row.some((scores) => scores[place] !== null));
}
