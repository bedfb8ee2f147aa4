// The attention lab: its panes, what they share, and how they move together. Asks for weights by value, once.
import { numberText } from "../../digits.js";
import { bytesOf } from "../../wire.js";
import { awayBar } from "./away.js";
import { viridis } from "./colours.js";
import { ask, Run } from "./data.js";
import { Overview } from "./overview.js";
import { Pane } from "./pane.js";
import { difference, picture as makePicture } from "./picture.js";
import { make } from "./text.js";
import { Writer } from "./writer.js";

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
    this.paneBox = make("div", "pg-lab-panes");
    this.legend = make("p", "pg-soft pg-small pg-lab-legend");
    this.note = make("p", "pg-lab-note");
    this.note.setAttribute("role", "status");
    this.overview = new Overview(this);
    this.writer = new Writer(this);
    const middle = make("div", "pg-lab-main");
    middle.append(this.overview.node, this.paneBox);
    box.append(this.bar, this.note, middle, this.legend, awayBar(this));
    this.buildBar();
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
    this.bar.append(this.second, this.writer.button);
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

  // runs: [{name, spec}], view as `state` gives it. Runs asked before are not asked again.
  showRuns(runs, view = {}) {
    this.writer.leave(runs);
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
    this.overview.chosen = "";
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
    this.writer.show(this.active);
    this.overview.draw();
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
    this.writer.show(this.active);
    this.overview.draw();
    this.drawLegend();
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

  // The text and model that were asked for; what was written on since does not count.
  of() {
    const { run } = this.panes[0];
    return [run.from ?? run.spec.text, run.spec.model];
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
