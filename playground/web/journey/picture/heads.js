// The heads of the block in view, each as a small picture of its weights, and their mean. Knows the journey, no page.
import { make } from "../../look.js";
import { colour, penOf } from "./draw.js";

const SIDE = 24;

export class Heads {
  /** @param {HTMLElement} box @param {any} tell `head(i)` */
  constructor(box, tell) {
    Object.assign(this, { box, tell });
    box.setAttribute("role", "radiogroup");
    box.setAttribute("aria-label", "Heads of this block; arrow keys choose one");
    box.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by || !this.journey) return;
      event.preventDefault();
      const all = [...Array(this.journey.heads).keys(), "mean"], at = all.indexOf(this.view.head);
      tell.head(all[(at + by + all.length) % all.length]);
      /** @type {HTMLElement} */ (box.querySelector("[aria-checked=true]")).focus();
    });
  }

  /** @param {import("./data.js").Journey} journey @param {any} view */
  draw(journey, view) {
    const key = [journey.blocks, journey.heads].join();
    Object.assign(this, { journey, view });
    if (this.key !== key) {
      this.key = key;
      this.buttons = [...Array(journey.heads).keys(), "mean"].map((head) => {
        const node = make("button", "pg-j-headpick"), canvas = make("canvas");
        node.type = "button";
        node.setAttribute("role", "radio");
        node.setAttribute("aria-label", head === "mean" ? "Mean of all heads" : `Head ${head}`);
        node.append(canvas, make("span", "", head === "mean" ? "mean" : String(head)));
        node.addEventListener("click", () => this.tell.head(head));
        return { head, node, canvas };
      });
      this.box.replaceChildren(...this.buttons.map(({ node }) => node));
    }
    for (const { head, node, canvas } of this.buttons) {
      const chosen = head === view.head, cut = view.cuts.heads.some((/** @type {any} */ one) => one[1] === view.layer && one[2] === head);
      node.setAttribute("aria-checked", String(chosen));
      node.tabIndex = chosen ? 0 : -1;
      node.dataset.cut = String(cut);
      this.paint(canvas, head);
    }
  }

  // At most SIDE × SIDE cells, each the largest weight in it, its square root so that faint ones show.
  paint(canvas, head) {
    const { journey, view } = this, pen = penOf(canvas, SIDE, SIDE), cells = Math.min(journey.size, SIDE), side = SIDE / cells;
    pen.fillStyle = colour(this.box, "--j-attention");
    const heads = head === "mean" ? [...Array(journey.heads).keys()] : [head], codes = heads.map((one) => journey.codes(view.layer, one));
    if (codes.some((one) => !one)) return;
    const most = new Float32Array(cells * cells);
    for (let query = 0; query < journey.size; query++) {
      const row = Math.floor((query * cells) / journey.size);
      for (let key = 0; key < (journey.masked ? query + 1 : journey.size); key++) {
        let weight = 0;
        for (const one of codes) weight += journey.table[one[journey.cell(query, key)]] / codes.length;
        const at = row * cells + Math.floor((key * cells) / journey.size);
        if (weight > most[at]) most[at] = weight;
      }
    }
    for (let i = 0; i < most.length; i++) {
      if (most[i] < 0.002) continue;
      pen.globalAlpha = Math.min(1, Math.sqrt(most[i]));
      pen.fillRect((i % cells) * side, Math.floor(i / cells) * side, side, side);
    }
  }
}
