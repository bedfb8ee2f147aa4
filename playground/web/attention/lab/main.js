// The attention lab: panes, the grid of all heads, what they share, and what can be taken away. Asks for weights by value, once.
import { quoted } from "../../bidi.js";
import { countText, numberText } from "../../digits.js";
import { viridis } from "./colours.js";
import { ask, grown, Run, writeOn } from "./data.js";
import { csv, npz, save } from "./export.js";
import { grid, gridMarks, headAt } from "./grid.js";
import { offlineFile } from "./offline.js";
import { choice, Pane } from "./pane.js";
import { difference, picture as makePicture, weightText } from "./picture.js";
import { beside, paint, placeOn, svg } from "./scene.js";
import { make } from "./text.js";
import { headName, strongestPair } from "./words.js";
import { bytesOf } from "../../wire.js";

const VIEWS = { matrix: "Matrix", lines: "Lines", sentence: "Sentence" };
const TOGGLES = {
  words: "whole words", special: "hide special tokens", sink: "hide the first token", horizontal: "side by side", all: "every line", difference: "difference",
};

export class Lab {
  // `tell(view)` hears of every move; nothing is asked of the server for it.
  constructor(box, { tell = () => {}, fetcher = ask, offline = false } = {}) {
    Object.assign(this, { box, tell, fetcher, offline, panes: [], active: null, kept: new Map() });
    this.options = { view: "matrix" };
    this.first = { ...Object.fromEntries(Object.keys(TOGGLES).map((name) => [name, false])), ...this.options }; // as one finds it
    this.bar = make("div", "pg-lab-bar");
    this.gridBox = make("div", "pg-lab-grid");
    this.gridBase = make("canvas");
    this.gridOver = make("canvas", "pg-lab-over");
    this.gridOver.tabIndex = 0;
    this.gridOver.setAttribute("role", "application");
    this.paneBox = make("div", "pg-lab-panes");
    this.legend = make("p", "pg-soft pg-small pg-lab-legend");
    this.away = make("div", "pg-lab-bar pg-lab-away");
    this.note = make("p", "pg-lab-note");
    this.note.setAttribute("role", "status");
    const heads = make("div", "pg-lab-heads"), map = make("div", "pg-lab-figure");
    map.append(this.gridBase, this.gridOver);
    this.gridSaid = make("p", "pg-soft pg-small", "");
    this.pattern = choice("Show me a head that…", (name) => this.show(name));
    heads.append(make("h3", "", "All layers (down) and heads (across)"), this.gridBox, this.gridSaid, this.pattern.node);
    this.gridBox.append(map);
    const middle = make("div", "pg-lab-main");
    middle.append(heads, this.paneBox);
    box.append(this.bar, this.note, middle, this.legend, this.away);
    this.buildBar();
    this.buildAway();
    this.gridOver.addEventListener("click", (event) => this.open(this.headUnder(event)));
    this.gridOver.addEventListener("pointermove", (event) => this.tellHead(this.headUnder(event)));
    this.gridOver.addEventListener("keydown", (event) => this.gridKey(event));
    box.hidden = true;
    new ResizeObserver(() => this.redraw()).observe(box);
    new MutationObserver(() => this.redraw()).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  }

  buildBar() {
    const views = make("div", "pg-lab-tabs");
    views.setAttribute("role", "radiogroup");
    views.setAttribute("aria-label", "View");
    this.viewInputs = Object.entries(VIEWS).map(([name, text]) => this.input("radio", text, views, () => this.set({ view: name }), name));
    this.toggles = {};
    this.bar.append(views);
    for (const [name, text] of Object.entries(TOGGLES)) this.toggles[name] = this.input("checkbox", text, this.bar, (on) => this.set({ [name]: on }), name);
    this.second = make("button", "pg-lab-button", "Add a second picture");
    this.second.addEventListener("click", () => this.twice());
    this.writer = make("button", "pg-lab-button", "Write on");
    this.writer.title = "The model writes 20 tokens more; each new token's row appears as it is written.";
    this.writer.addEventListener("click", () => this.write());
    this.bar.append(this.second, this.writer);
  }

  // The decoder goes on from its text; rows appear as they come, and the run is then of the whole text.
  async write() {
    if (this.writing) return this.writing.abort();
    const pane = this.active, { spec } = pane.run, run = new Run({ ...spec }, this.fetcher);
    const head = pane.head;
    this.writing = new AbortController();
    this.from = spec.text;
    this.writer.textContent = "Stop writing";
    let began = false;
    try {
      await writeOn({ text: spec.text, model: spec.model }, (about, rows) => {
        grown(run, about, rows);
        run.spec = { ...spec, text: about.text };
        if (!began) Object.assign(pane, { run, kind: "masked", pins: [] });
        began = true;
        pane.controls(run.shape("masked"));
        pane.head = pane.head ?? head;
        this.say(`Writing: ${countText(rows.shape[3] - about.prompt, "token")} so far.`);
        this.redraw();
      }, this.writing.signal);
      this.say(`Written: ${quoted(run.spec.text.slice(spec.text.length))}.`);
    } catch (error) {
      if (this.panes.includes(pane)) this.say(error.name === "AbortError" ? "Stopped. What was written stays." : error.message, error.name !== "AbortError");
    }
    this.writing = null;
    this.writer.textContent = "Write on";
    if (!began || !this.panes.includes(pane)) return;
    run.kinds.delete("masked"); // read once more as a whole, with pattern scores, as everything else asks for it
    this.kept.set(JSON.stringify(run.spec), run);
    pane.go({});
  }

  input(type, text, box, chosen, name) {
    const label = make("label", "pg-lab-check"), input = make("input");
    input.type = type;
    input.name = type === "radio" ? `lab-view-${(Lab.count = (Lab.count || 0) + (name === "matrix" ? 1 : 0))}` : name;
    input.value = name;
    input.addEventListener("change", () => chosen(input.checked));
    label.append(input, make("span", "", text));
    box.append(label);
    return input;
  }

  buildAway() {
    this.away.append(make("span", "pg-soft pg-small", "Take it away:"));
    const makers = {
      PNG: () => this.png(), SVG: () => save(svg(this.scene(), this.style().paper), "attention.svg", "image/svg+xml"),
      CSV: () => save(`\ufeff${csv(this.active.picture)}`, "attention.csv", "text/csv;charset=utf-8"), NPZ: () => this.npz(), "HTML file": () => this.page(),
    };
    for (const [name, run] of Object.entries(makers)) {
      if (this.offline && name === "HTML file") continue;
      const button = make("button", "pg-lab-button", name);
      button.addEventListener("click", () => Promise.resolve().then(run).catch((error) => this.say(`${name} could not be made: ${error.message}`, true)));
      this.away.append(button);
    }
  }

  // runs: [{name, spec}], view as `state` gives it. Runs asked before are not asked again.
  showRuns(runs, view = {}) {
    if (!runs.some(({ spec }) => spec.text.startsWith(this.from))) this.writing?.abort(); // another text is read
    this.box.hidden = !runs.length;
    const specs = runs.map(({ spec }) => JSON.stringify(spec));
    for (const key of this.kept.keys()) if (!specs.includes(key)) this.kept.delete(key);
    const before = this.active || {};
    this.set({ ...this.options, ...(view.options || {}) }, false);
    this.panes = runs.map(({ name, spec }, i) => {
      const key = JSON.stringify(spec);
      if (!this.kept.has(key)) this.kept.set(key, new Run(spec, this.fetcher));
      const pane = new Pane(this, this.kept.get(key), name);
      const own = (view.panes || [])[i] || view;
      const same = before.run && before.run.spec.text === spec.text && before.run.spec.model === spec.model;
      pane.pins = (own.pins || (same ? before.pins : [])).filter(Number.isInteger);
      pane.start = { kind: own.kind ?? before.kind ?? "", layer: own.layer ?? before.layer ?? 0, head: own.head ?? before.head ?? "mean" };
      return pane;
    });
    this.active = this.panes[0] || null;
    this.chosen = "";
    this.lay();
    return Promise.all(this.panes.map((pane) => pane.go(pane.start)));
  }

  lay() {
    this.paneBox.replaceChildren(...this.panes.map((pane) => pane.node));
    this.paneBox.dataset.count = this.panes.length;
    this.second.textContent = this.panes.length > 1 ? "Back to one picture" : "Add a second picture";
    this.toggles.difference.parentNode.hidden = this.panes.length !== 2;
  }

  // The same run a second time, to compare two heads; or back to one.
  twice() {
    if (this.panes.length > 1) this.panes = [this.panes[0]];
    else {
      const { run, name, kind, layer, head, pins } = this.panes[0];
      const pane = new Pane(this, run, name);
      pane.pins = [...pins];
      this.panes.push(pane);
      pane.go({ kind, layer, head });
    }
    this.active = this.panes[this.panes.length - 1];
    this.lay();
    this.redraw();
    this.tell(this.state());
  }

  set(change, draw = true) {
    Object.assign(this.options, change);
    if (!(this.options.view in VIEWS)) this.options.view = "matrix";
    this.viewInputs.forEach((input) => (input.checked = input.value === this.options.view));
    for (const [name, input] of Object.entries(this.toggles)) input.checked = Boolean(this.options[name]);
    this.toggles.horizontal.parentNode.hidden = this.toggles.all.parentNode.hidden = this.options.view !== "lines";
    if (draw) {
      this.redraw();
      this.tell(this.state());
    }
  }

  activate(pane) {
    if (this.active === pane) return;
    this.active = pane;
    this.drawGrid();
    this.tell(this.state());
  }

  busy(pane, text, bad = false) {
    pane.told = text;
    pane.out.textContent = text || pane.out.textContent;
    pane.out.dataset.tone = bad ? "bad" : "";
  }

  changed(pane, draw = true) {
    if (draw) this.redraw();
    this.tell(this.state());
  }

  pointed(pane, point) {
    const same = JSON.stringify(point) === JSON.stringify(pane.point);
    if (same) return;
    if (pane.out.dataset.tone) this.busy(pane, ""); // what went wrong has been read
    for (const one of this.panes) {
      if (!one.picture) continue;
      one.point = one === pane ? point : linked(pane.picture, one.picture, point);
      one.marks();
    }
  }

  redraw() {
    if (this.box.hidden || !this.active || !this.box.clientWidth) return;
    const two = this.panes.length === 2 && this.options.difference && this.panes.every((pane) => pane.kind);
    this.panes.forEach((pane, i) => {
      if (!pane.kind) return;
      let made = null;
      if (two && i === 1) {
        const [a, b] = this.panes.map((one) => makePicture(one.run, one.kind, one.layer, one.head, this.options));
        made = a && b && difference(a, b);
      }
      pane.title.textContent = two && i === 1 ? `${pane.name} minus ${this.panes[0].name === pane.name ? "the first" : this.panes[0].name}` : pane.name;
      pane.draw(made);
    });
    this.drawGrid();
    this.drawLegend();
  }

  drawGrid() {
    const { run, kind, layer, head } = this.active;
    this.writer.hidden = this.offline || run.shapes.length !== 1 || kind !== "masked" || Boolean(run.spec.changes);
    const kept = run.kinds.get(kind);
    if (!kept || !kept.all) return;
    const shape = run.shape(kind), style = { ...this.style(), width: Math.min(560, this.gridBox.clientWidth || 420) };
    const key = [kind, style.width, style.text, this.chosen, kept.all.rows, kept.all.data.length, run.header && run.header.text].join();
    if (this.gridKeyed !== key || this.gridRun !== run) {
      this.gridKeyed = key;
      this.gridRun = run;
      const began = performance.now();
      this.gridScene = grid(kept, shape, kind, style, this.matching(kept));
      paint(this.gridBase, this.gridScene);
      performance.measure("lab.grid", { start: began });
    }
    paint(this.gridOver, gridMarks(this.gridScene, shape, layer, head, style));
    const patterns = (run.header.patterns || []).map((one, i) => (possible(kept, i) ? [one.name, one.words] : [one.name, `${one.words}: ${one.lacks}`, true]));
    this.pattern.fill([["", "choose a pattern"], ...patterns], this.chosen || "");
    this.pattern.node.hidden = kind === "cross";
    this.gridOver.setAttribute("aria-label", `${shape.layers} layers of ${shape.heads} heads; ${headName(this.active)} is open. Arrow keys move, M shows the mean.`);
    this.tellHead({ layer, head });
  }

  matching(kept) {
    const place = kept.patterns.findIndex((one) => one.name === this.chosen);
    return place < 0 ? null : kept.scores.map((row) => row.map((scores) => scores[place] >= kept.patterns[place].threshold));
  }

  tellHead(place) {
    if (!place) return;
    const kept = this.active.run.kinds.get(this.active.kind);
    const label = typeof place.head === "number" && kept.labels.length ? kept.labels[place.layer][place.head] : "";
    const found = kept.patterns.find((one) => one.name === label);
    this.gridSaid.textContent = `${headName(place)}${label ? `: ${found ? found.words : `${label}${this.pair(place)}`}` : ""}`;
  }

  // Of a head that has no pattern, what it does most between two words; nothing where its weights are not here yet.
  pair({ layer, head }) {
    const { run, kind } = this.active, made = run.lacking(kind, layer, head) ? null : makePicture(run, kind, layer, head);
    const most = made && strongestPair(made);
    return most ? `; its strongest look between two words is ${quoted(made.queries[most.row].label)} → ${quoted(made.keys[most.column].label)} (${weightText(made, most.row, most.column, 2)})` : "";
  }

  // Goes to the head with the highest score of this pattern, and says whether it passes the threshold.
  async show(name) {
    this.chosen = name;
    const pane = this.active;
    if (!name) return this.drawGrid();
    let kept;
    try {
      kept = await pane.run.patterns(pane.kind);
    } catch (error) {
      return this.say(error.message, true);
    }
    const place = kept.patterns.findIndex((one) => one.name === name);
    let best = null, count = 0;
    kept.scores.forEach((row, layer) => row.forEach((scores, head) => {
      count += scores[place] !== null && scores[place] >= kept.patterns[place].threshold;
      if (scores[place] !== null && (!best || scores[place] > best.score)) best = { layer, head, score: scores[place] };
    }));
    const { words, threshold, lacks } = kept.patterns[place];
    if (!best) return this.say(`No head ${words}: ${lacks}.`);
    const score = numberText(best.score, Math.abs(best.score - threshold) < 0.005 ? 4 : 2);
    this.say(best.score >= threshold
      ? `Layer ${best.layer}, head ${best.head} ${words}: score ${score}; ${count} head${count > 1 ? "s" : ""} of this run reach${count > 1 ? "" : "es"} ${threshold}.`
      : `No head of this run clearly ${words} (threshold ${threshold}). The nearest is layer ${best.layer}, head ${best.head}, with ${score}.`);
    this.open(best);
  }

  open(place) {
    if (place) this.active.go({ layer: place.layer, head: place.head });
  }

  headUnder(event) {
    const { x, y } = placeOn(this.gridOver, event);
    return this.gridScene ? headAt(this.gridScene, this.active.run.shape(this.active.kind), x, y) : null;
  }

  gridKey(event) {
    const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!move && event.key.toLowerCase() !== "m") return;
    event.preventDefault();
    if (!move) return this.active.go({ head: "mean" });
    const shape = this.active.run.shape(this.active.kind), { layer, head } = this.active;
    const within = (value, size) => Math.max(0, Math.min(size - 1, value));
    const from = typeof head === "number" ? head : move[1] > 0 ? -1 : 0;
    const next = move[0] && typeof head !== "number" ? head : within(from + move[1], shape.heads);
    this.active.go({ layer: within(layer + move[0], shape.layers), head: next });
    const y = (this.active.layer / shape.layers) * this.gridOver.clientHeight;
    this.gridBox.scrollTop = y - this.gridBox.clientHeight / 2;
  }

  drawLegend() {
    const { picture } = this.active;
    if (!picture) return;
    const scale = make("span", "pg-lab-scale");
    const stops = Array.from({ length: 11 }, (_, i) => viridis(i / 10));
    scale.style.background = picture.signed ? "linear-gradient(90deg, rgb(59,130,246), transparent, rgb(234,88,12))" : `linear-gradient(90deg, ${stops.join(", ")})`;
    const more = picture.rows > 64 || picture.columns > 64 ? " or more" : "";
    this.legend.replaceChildren(make("span", "", picture.signed ? `−${numberText(picture.top, 3)}` : "0"), scale, make("span", "", numberText(picture.top, 3) + more));
    if (picture.kind === "masked") this.legend.append(make("span", "pg-lab-blocked"), make("span", "", "may not be looked at (mask)"));
    if (picture.kind === "cross") this.legend.append(make("span", "pg-lab-best"), make("span", "", "best match of a row"));
    this.legend.append(make("span", "", "Attention shows where a head looks, not why the model decides (Jain & Wallace 2019)."));
  }

  style() {
    const own = getComputedStyle(this.box), read = (name, other) => own.getPropertyValue(name).trim() || other;
    const dark = document.body.classList.contains("dark");
    return {
      text: own.color, soft: read("--pg-soft-text", "#4b5563"), fill: read("--pg-fill", "#2563eb"), focus: dark ? "#ffffff" : "#111827", pin: "#f97316",
      paper: read("--block-background-fill", dark ? "#1f2937" : "#ffffff"), veil: dark ? "rgba(17,24,39,.78)" : "rgba(255,255,255,.78)",
    };
  }

  state() {
    const panes = this.panes.map(({ kind, layer, head, pins }) => ({ kind, layer, head, pins }));
    const at = Math.max(0, this.panes.indexOf(this.active)), { kind, layer, head, pins } = panes[at] || {};
    const runs = this.panes.map(({ name, run }) => ({ name, spec: run.spec }));
    return { runs, pane: at, kind, layer, head, query: pins && pins.length ? pins[pins.length - 1] : null, pins: pins || [], panes, options: { ...this.options } };
  }

  say(text, bad = false) {
    this.note.textContent = text;
    this.note.dataset.tone = bad ? "bad" : "";
  }

  scene() {
    const style = this.style();
    const scenes = this.panes.filter((pane) => pane.picture).map((pane) => {
      const made = pane.made({ ...style, width: Math.max(480, pane.figure.clientWidth), narrow: false });
      const title = { type: "text", x: 4, y: 12, text: `${pane.run.header.model}: ${headName(pane)}${pane.picture.signed ? " (difference)" : ""}`, size: 13, bold: true, fill: style.text };
      const moved = made.shapes.map((s) => (s.points ? { ...s, points: s.points.map((p, i) => (i % 2 ? p + 26 : p)) } : { ...s, y: s.y + 26 }));
      return { width: Math.max(made.width, 360), height: made.height + 26, shapes: [title, ...moved] };
    });
    return beside(scenes);
  }

  png() {
    const canvas = document.createElement("canvas"), scene = this.scene();
    paint(canvas, { ...scene, shapes: [{ type: "rect", x: 0, y: 0, width: scene.width, height: scene.height, fill: this.style().paper }, ...scene.shapes] }, 2);
    return new Promise((done) => canvas.toBlob((blob) => done(save(blob, "attention.png")), "image/png"));
  }

  npz() {
    const { picture } = this.active;
    save(npz({
      weights: { shape: [picture.rows, picture.columns], data: picture.weights }, query_labels: picture.queries.map((item) => item.raw), key_labels: picture.keys.map((item) => item.raw),
      about: [`${this.active.run.header.model}; ${picture.kind}; ${headName(picture)}`],
    }), "attention.npz");
  }

  async page() {
    save(await offlineFile(this.panes, this.state()), "attention.html", "text/html");
  }

  // Moves to a view of the runs that are here already.
  async follow(view) {
    this.set({ ...this.options, ...(view.options || {}) }, false);
    await Promise.all(this.panes.map(async (pane, i) => {
      const { kind, layer, head, pins } = (view.panes || [])[i] || view;
      if (kind !== pane.kind || layer !== pane.layer || head !== pane.head) await pane.go({ kind, layer, head });
      pane.pins = Array.isArray(pins) ? pins.filter(Number.isInteger) : [];
    }));
    this.active = this.panes[view.pane] || this.active;
    this.redraw();
    this.tell(this.state());
  }
}

// Whether a pattern can be scored in this text at all; before the scores are here, it may be.
function possible(kept, place) {
  return !kept.scores.length || kept.scores.some((row) => row.some((scores) => scores[place] !== null));
}

// The same token in another pane: by place where both have as many, else by label.
function linked(from, to, point) {
  if (!point) return null;
  const find = (one, other, i) => (i === null ? null : one.length === other.length ? i : other.findIndex((item) => item.label === one[i].label));
  const row = find(from.queries, to.queries, point.row), column = find(from.keys, to.keys, point.column);
  return row === -1 || column === -1 || (row === null && column === null) ? null : { row, column };
}

// A file made by offline.js.
export function openFile(box, { runs, view }) {
  const lab = new Lab(box, { offline: true, fetcher: () => Promise.reject(new Error("This head is not in the file: open it in the playground before saving.")) });
  const made = runs.map(({ spec, buffers }) => {
    const run = new Run(spec, lab.fetcher);
    buffers.forEach((text) => run.add(bytesOf(text)));
    lab.kept.set(JSON.stringify(spec), run);
    return run;
  });
  lab.showRuns(runs, view);
  return made;
}
