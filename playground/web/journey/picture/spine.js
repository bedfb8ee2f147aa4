// The spine: what each block adds to the chosen token, as a share of its vector. One moves along it. Knows the journey, no page.
import { percentText } from "../../digits.js";
import { make } from "../../look.js";
import { svg } from "./draw.js";

export class Spine {
  /** @param {HTMLElement} box @param {any} tell `layer(i)`, `open(i)`, `cut()` */
  constructor(box, tell) {
    Object.assign(this, { box, tell });
    this.picture = svg("svg", { class: "pg-j-svg", "aria-hidden": "true" });
    this.slider = make("div", "pg-j-slider");
    this.slider.tabIndex = 0;
    this.slider.setAttribute("role", "slider");
    this.slider.setAttribute("aria-label", "Block");
    this.slider.append(this.picture);
    box.append(this.slider);
    const at = (/** @type {PointerEvent} */ event) => {
      const place = this.slider.getBoundingClientRect();
      return Math.max(0, Math.min(this.journey.blocks - 1, Math.floor(((event.clientX - place.left) / place.width) * this.journey.blocks)));
    };
    this.slider.addEventListener("pointerdown", (event) => {
      this.slider.setPointerCapture(event.pointerId);
      const i = at(event);
      this.moved = i !== this.view.layer;
      tell.layer(i);
    });
    this.slider.addEventListener("pointermove", (event) => {
      const i = at(event);
      tell.tip(event, this.told(i));
      if (event.buttons & 1 && i !== this.view.layer) { this.moved = true; tell.layer(i); }
    });
    this.slider.addEventListener("pointerleave", () => tell.tip(null));
    this.slider.addEventListener("click", () => { if (!this.moved) tell.open(this.view.layer); });
    this.slider.addEventListener("keydown", (event) => {
      const to = { ArrowRight: this.view.layer + 1, ArrowUp: this.view.layer + 1, ArrowLeft: this.view.layer - 1, ArrowDown: this.view.layer - 1, Home: 0, End: this.journey.blocks - 1 }[event.key];
      if (to !== undefined) { event.preventDefault(); tell.layer(Math.max(0, Math.min(this.journey.blocks - 1, to))); }
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); tell.open(this.view.layer); }
      if (event.key === "x") tell.cut();
    });
  }

  /** @param {number} i */
  told(i) {
    const { journey, view } = this, cut = view.cuts.blocks.some((/** @type {any} */ one) => one[1] === i);
    if (cut) return `Block ${i} is cut: it passes its input on`;
    return `Block ${i}: attention adds ${percentText(journey.share(i, 0, view.row), 0)}, feed-forward ${percentText(journey.share(i, 1, view.row), 0)} of the vector’s length`;
  }

  /** @param {import("./data.js").Journey} journey @param {any} view @param {number} width @param {number} height */
  draw(journey, view, width, height) {
    Object.assign(this, { journey, view });
    const step = width / journey.blocks, foot = 13, room = (height - foot) / 2 - 1, middle = room + 1, bar = Math.min(20, step * 0.62), nodes = [];
    this.picture.setAttribute("width", String(width));
    this.picture.setAttribute("height", String(height));
    const most = Math.max(0.05, ...Array.from({ length: journey.blocks }, (_, i) => Math.max(journey.share(i, 0, view.row), journey.share(i, 1, view.row))));
    this.most = most;
    nodes.push(svg("rect", { class: "pg-j-cursor", x: view.layer * step + 1, y: 0, width: step - 2, height, rx: 4 }));
    nodes.push(svg("line", { class: "pg-j-axis", x1: 0, x2: width, y1: middle, y2: middle }));
    for (let i = 0; i < journey.blocks; i++) {
      const x = (i + 0.5) * step, cut = view.cuts.blocks.some((/** @type {any} */ one) => one[1] === i);
      const up = (journey.share(i, 0, view.row) / most) * room, down = (journey.share(i, 1, view.row) / most) * room;
      nodes.push(svg("rect", { class: "pg-j-att", x: x - bar / 2, y: middle - up - 0.5, width: bar, height: up, rx: 2 }));
      nodes.push(svg("rect", { class: "pg-j-ffn", x: x - bar / 2, y: middle + 0.5, width: bar, height: down, rx: 2 }));
      if (cut) nodes.push(svg("path", { class: "pg-j-cross", d: `M${x - 5} ${middle - 5}l10 10m0 -10l-10 10` }));
      const every = step < 17 ? 5 : 1;
      if (i % every === 0 || i === view.layer || i === journey.blocks - 1) {
        if (i !== view.layer && every > 1 && Math.abs(i - view.layer) < 2) continue;
        nodes.push(svg("text", { class: i === view.layer ? "pg-j-tick pg-j-own" : "pg-j-tick", x, y: height - 2, "text-anchor": "middle" }, String(i)));
      }
    }
    this.picture.replaceChildren(...nodes);
    this.slider.setAttribute("aria-valuemin", "0");
    this.slider.setAttribute("aria-valuemax", String(journey.blocks - 1));
    this.slider.setAttribute("aria-valuenow", String(view.layer));
    this.slider.setAttribute("aria-valuetext", this.told(view.layer));
  }
}
