// What opens on a thing that was pressed: a weight, a token, a block, a row of the lens. Knows the picture's state, no page.
import { quoted } from "../../bidi.js";
import { countText, numberText, percentText } from "../../digits.js";
import { stripLine } from "../../heat.js";
import { figuresOf, make } from "../../look.js";
import { barTable } from "../../tables.js";
import { seen } from "./draw.js";

export class Drawer {
  /** @param {HTMLElement} stage */
  constructor(stage) {
    this.box = make("aside", "pg-j-drawer");
    this.box.hidden = true;
    this.box.tabIndex = -1;
    /** @type {(() => void) | null} */ this.again = null;
    stage.append(this.box);
    stage.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || this.box.hidden) return;
      event.stopPropagation();
      this.close();
    });
  }

  close() {
    this.box.hidden = true;
    this.again = null;
    /** @type {HTMLElement | null} */ (this.from)?.focus?.({ preventScroll: true });
  }

  /** @param {string} title @param {Node[]} nodes */
  open(title, nodes) {
    if (this.box.hidden) this.from = document.activeElement;
    const head = make("header", "pg-j-head"), close = make("button", "pg-button", "Close");
    close.type = "button";
    close.addEventListener("click", () => this.close());
    head.append(make("h3", "", title), close);
    this.box.setAttribute("aria-label", title);
    this.box.replaceChildren(head, ...nodes);
    this.box.hidden = false;
  }

  /** Draws anew what is open, for another block or token. @param {any} picture */
  follow(picture) {
    if (!this.box.hidden && this.again) this.again.call(this, picture);
    void picture;
  }

  /** @param {any} picture @param {number} row */
  lens(picture, row) {
    const { saying } = picture;
    this.again = null;
    const rows = saying.guesses(row, saying.most).map((/** @type {any} */ one) => ({ label: seen(one.text), share: one.share, texts: [percentText(one.share)] }));
    this.open(row ? `After block ${row - 1}` : "Before the first block", [
      make("p", "pg-small", `The ${saying.most} likeliest next tokens, had the model stopped here: its last norm and vocabulary projection on the vector as it is.`),
      barTable(`What it says in the end, ${quoted(seen(saying.guesses(saying.rows - 1, 1)[0].text))}, is number ${countText(saying.ranks[row])} here.`, ["token", "", "probability"], rows),
    ]);
  }

  /** @param {any} picture */
  token(picture) {
    const { journey, view } = picture, { tokens } = journey, { numbers, error } = journey.vector(view.row), out = make("p", "pg-small pg-out", "Point at the strip for a number.");
    this.again = this.token;
    this.open(`Token ${view.row}: ${quoted(seen(tokens.labels[view.row]))}`, [
      figuresOf([["piece", tokens.pieces[view.row]], ["id", String(tokens.ids[view.row])], ["length before the first block", numberText(journey.length(0, view.row), 2)],
        [`length after block ${view.layer}`, numberText(journey.length(view.layer + 1, view.row), 1)]]),
      stripLine("vector", numbers, numbers.reduce((/** @type {number} */ a, /** @type {number} */ b) => Math.max(a, Math.abs(b)), 0), `${numbers.length} numbers`, (/** @type {string} */ text) => { out.textContent = text; }, { error: () => error }),
      out,
    ]);
  }

  /** @param {any} picture */
  block(picture) {
    const { journey, view } = picture, word = quoted(seen(journey.tokens.labels[view.row]));
    this.again = this.block;
    const line = (/** @type {number} */ half) => `a vector of length ${numberText(journey.adds(view.layer, half, view.row), 1)}, ${percentText(journey.share(view.layer, half, view.row), 0)} of what stands there after the block`;
    this.open(`Block ${view.layer}`, [
      make("p", "", `The vector of ${word} comes in with length ${numberText(journey.length(view.layer, view.row), 1)} and leaves with ${numberText(journey.length(view.layer + 1, view.row), 1)}.`),
      make("p", "", `Attention adds ${line(0)}.`), make("p", "", `The feed-forward adds ${line(1)}.`),
      make("p", "pg-small pg-soft", "Shares need not sum to 1: what is added may point against what is there."),
    ]);
  }

  /** @param {any} picture */
  weight(picture) {
    const { journey, view } = picture, weights = journey.row(view.layer, view.head, view.row), { labels } = journey.tokens;
    this.again = null;
    const rows = [...weights.keys()].sort((a, b) => weights[b] - weights[a]).slice(0, 30).filter((key) => weights[key] > 0).map((key) => ({
      label: `${key}: ${seen(labels[key])}`, share: weights[key], chosen: key === view.key, texts: [percentText(weights[key])],
    }));
    this.open(picture.flow.told(view.row, view.key), [
      make("p", "pg-small", `Block ${view.layer}, ${view.head === "mean" ? "mean of its heads" : `head ${view.head}`}: where ${quoted(seen(labels[view.row]))} looks.`),
      barTable("Weights of a row sum to 1.", ["token", "", "weight"], rows),
    ]);
  }
}
