// One picture with its own kind, layer and head: matrix, lines or sentence, with pointing, pins and keys. The app says what all panes share.
import { lines } from "./lines.js";
import { cellAt, matrix, matrixMarks } from "./matrix.js";
import { picture as makePicture } from "./picture.js";
import { paint, placeOn } from "./scene.js";
import { sentence } from "./sentence.js";
import { make } from "./text.js";
import { KINDS, REDUCTIONS, reading, saying, strongestPair } from "./words.js";

export class Pane {
  constructor(app, run, name) {
    Object.assign(this, { app, run, name, point: null, pins: [], picture: null, wanted: {} });
    this.node = make("section", "pg-lab-pane");
    this.title = make("h3", "", name);
    this.kindBox = choice("Kind", (value) => this.go({ kind: value }));
    this.layerBox = choice("Layer", (value) => this.go({ layer: Number(value) }));
    this.headBox = choice("Head", (value) => this.go({ head: /^\d+$/.test(value) ? Number(value) : value }));
    const top = make("div", "pg-lab-head");
    top.append(this.title, this.kindBox.node, this.layerBox.node, this.headBox.node);
    this.figure = make("div", "pg-lab-figure");
    this.base = make("canvas");
    this.over = make("canvas", "pg-lab-over");
    this.over.tabIndex = 0;
    this.over.setAttribute("role", "application");
    this.words = make("div", "pg-lab-sentence");
    this.figure.append(this.base, this.over, this.words);
    this.said = make("p", "pg-lab-said");
    this.out = make("p", "pg-lab-out");
    this.out.setAttribute("aria-live", "polite");
    this.node.append(top, this.out, this.figure, this.said);
    this.over.addEventListener("pointermove", (event) => this.app.pointed(this, this.hit(event)));
    this.over.addEventListener("pointerleave", () => this.app.pointed(this, null));
    this.over.addEventListener("click", (event) => this.pin(this.hit(event)));
    this.over.addEventListener("keydown", (event) => this.key(event));
    this.node.addEventListener("focusin", () => this.app.activate(this));
    this.node.addEventListener("pointerdown", () => this.app.activate(this));
  }

  // Sets kind, layer and head as far as the run has them, fetches what is lacking, then draws.
  async go(change) {
    const asked = { kind: this.kind, layer: this.layer, head: this.head, ...this.wanted, ...change };
    this.wanted = asked; // a second move may come while the first still fetches
    const turn = (this.turn = (this.turn || 0) + 1);
    try {
      if (!this.run.shapes.length) await this.run.fetch({ kind: "" });
      const shape = this.run.shape(asked.kind);
      const layer = asked.layer >= 0 && asked.layer < shape.layers ? asked.layer : 0;
      const fits = typeof asked.head === "number" ? asked.head >= 0 && asked.head < shape.heads : asked.head in REDUCTIONS && !(shape.kind === "cross" && asked.head === "rollout");
      const head = fits ? asked.head : "mean";
      if (this.run.lacking(shape.kind, layer, head)) this.app.busy(this, "fetching the weights …");
      await this.run.need(shape.kind, layer, head);
      if (turn !== this.turn) return;
      if (this.kind && shape.kind !== this.kind) this.pins = [];
      Object.assign(this, { kind: shape.kind, layer, head, wanted: {} });
      this.controls(shape);
      this.app.busy(this, "");
      this.app.changed(this);
    } catch (error) {
      if (turn !== this.turn) return;
      this.wanted = {};
      if (this.kind) this.controls(this.run.shape(this.kind)); // what the picture still shows
      this.app.busy(this, error.message, true);
    }
  }

  controls(shape) {
    this.kindBox.fill(this.run.shapes.map((one) => [one.kind, KINDS[one.kind]]), this.kind);
    this.layerBox.fill(Array.from({ length: shape.layers }, (_, i) => [String(i), `layer ${i}`]), String(this.layer));
    const reduced = Object.entries(REDUCTIONS).filter(([name]) => name !== "rollout" || shape.kind !== "cross");
    this.headBox.fill([...Array.from({ length: shape.heads }, (_, i) => [String(i), `head ${i}`]), ...reduced], String(this.head));
  }

  rows() {
    return this.pins.map((token) => this.picture.queries.findIndex((item) => token >= item.first && token <= item.last)).filter((row) => row >= 0);
  }

  draw(made) {
    const began = performance.now();
    this.picture = made || makePicture(this.run, this.kind, this.layer, this.head, this.app.options);
    if (!this.picture) return;
    const { view } = this.app.options, style = this.style();
    this.words.hidden = view !== "sentence";
    this.base.hidden = this.over.hidden = view === "sentence";
    this.said.textContent = saying(this.picture, view);
    this.strongest = strongestPair(this.picture);
    if (view === "sentence") this.shade = sentence(this.words, this.picture, { point: (point) => this.app.pointed(this, point), pin: (row) => this.pin({ row, column: null }) });
    else {
      this.scene = this.made(style);
      paint(this.base, this.scene);
      this.over.setAttribute("aria-label", `${this.said.textContent} ${view === "matrix" ? "Arrow keys move the cell" : "Arrow keys move the token"}, Enter pins the token that looks, Escape lets go.`);
    }
    this.marks();
    performance.measure("lab.redraw", { start: began, detail: { rows: this.picture.rows, view } });
  }

  // The scene of what is on screen, also for export; a sentence is exported as lines.
  made(style) {
    const { view, horizontal, all } = this.app.options, pins = this.rows();
    if (view === "matrix") return matrix(this.picture, style);
    const only = this.point && this.point.row !== null ? [this.point.row] : this.point ? null : pins.length ? pins : null;
    return lines(this.picture, style, { horizontal, all, only, column: this.point && this.point.row === null ? this.point.column : null });
  }

  marks() {
    const pins = this.rows();
    this.out.textContent = this.told || reading(this.picture, this.point, pins) || "Point at a token, or use the arrow keys, to read its weights.";
    if (this.app.options.view === "sentence") this.shade(this.point, pins.length || this.point || !this.strongest ? pins : [this.strongest.row]); // at first, the look that its sentence names
    else if (this.app.options.view === "lines") {
      this.scene = this.made(this.style());
      paint(this.base, this.scene);
      paint(this.over, { ...this.scene, shapes: [] });
    } else paint(this.over, matrixMarks(this.scene, this.picture, this.point, pins, this.style()));
  }

  style() {
    const width = Math.max(220, this.figure.clientWidth - 4);
    return { ...this.app.style(), width, narrow: width < 420, height: this.room(), large: document.body.classList.contains("pg-presenting") };
  }

  // How high the picture may be to stand in the first screen below what is above it, in its own units (the presenter enlarges them).
  room() {
    const { top, width } = this.figure.getBoundingClientRect(), presenting = document.body.classList.contains("pg-presenting");
    const zoom = width / this.figure.offsetWidth || 1, foot = presenting ? 110 : 56;
    return Math.max(240, (innerHeight - foot) / (presenting ? Math.min(zoom, 1.35) : 1) - (top + scrollY) / zoom);
  }

  hit(event) {
    if (!this.scene) return null;
    const { x, y } = placeOn(this.over, event);
    return this.app.options.view === "matrix" ? cellAt(this.scene, this.picture, x, y) : this.scene.hit(x, y);
  }

  pin(point) {
    if (!point || point.row === null || !this.picture.queries[point.row]) return;
    const { first, last } = this.picture.queries[point.row];
    const held = this.pins.filter((token) => token >= first && token <= last);
    this.pins = held.length ? this.pins.filter((token) => !held.includes(token)) : [...this.pins, first];
    this.app.changed(this, false);
    this.marks();
  }

  key(event) {
    const { row, column } = this.point || { row: 0, column: 0 }, { rows, columns } = this.picture;
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -columns], End: [0, columns], PageUp: [-rows, 0], PageDown: [rows, 0] };
    const move = moves[event.key];
    if (move) {
      const within = (value, size) => Math.max(0, Math.min(size - 1, value));
      const next = this.app.options.view === "matrix"
        ? { row: within((row ?? 0) + move[0], rows), column: within((column ?? 0) + move[1], columns) }
        : { row: within((row ?? 0) + move[0] + move[1], rows), column: null };
      this.app.pointed(this, next);
    } else if (event.key === "Enter" || event.key === " ") this.pin(this.point);
    else if (event.key === "Escape") {
      this.pins = [];
      this.app.pointed(this, null);
    } else return;
    event.preventDefault();
  }
}

// A labelled select; options: [value, text, true where it cannot be chosen].
export function choice(name, chosen) {
  const node = make("label", "pg-lab-choice"), select = make("select");
  node.append(make("span", "", name), select);
  select.addEventListener("change", () => chosen(select.value));
  const fill = (options, value) => {
    select.replaceChildren(...options.map(([key, text, off]) => {
      const option = make("option", "", text);
      Object.assign(option, { value: key, disabled: Boolean(off) });
      return option;
    }));
    select.value = value;
    node.hidden = options.length < 2;
  };
  return { node, select, fill };
}
