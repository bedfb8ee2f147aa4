// What the model would say after each block: a row each, with the place it gives what it says in the end. Knows the journey, no page.
import { isolated, quoted } from "../../bidi.js";
import { countText, percentText } from "../../digits.js";
import { make } from "../../look.js";
import { seen } from "./draw.js";

/** “Paris” is number 4,316 before the first block, 34 after block 26 and first from block 29 on. @param {import("./data.js").Saying} saying */
export function climb(saying) {
  const last = saying.rows - 1, word = quoted(seen(saying.guesses(last, 1)[0].text)), first = saying.ranks[0], settled = saying.settled;
  if (settled === 0) return `${word} is first before the first block already, and stays first.`;
  const near = Array.from(saying.ranks).findIndex((rank, row) => row < settled && rank <= 50 && rank > 1);
  const place = (/** @type {number} */ row) => (row ? `after block ${row - 1}` : "before the first block");
  const middle = near > 0 ? `, ${countText(saying.ranks[near])} ${place(near)}` : "";
  return `${word} is number ${countText(first)} before the first block${middle}, and first ${settled === last ? "only after the last block" : `from block ${settled - 1} on`}.`;
}

export class Lens {
  /** @param {HTMLElement} box @param {any} tell `layer(i)`, `lens(row)` */
  constructor(box, tell) {
    Object.assign(this, { box, tell });
    this.list = make("div", "pg-j-lens-rows");
    this.list.setAttribute("role", "group");
    this.list.setAttribute("aria-label", "What it would say after each block; arrow keys move, Enter opens the 50 best");
    box.append(this.list);
    this.list.addEventListener("keydown", (event) => {
      const rows = /** @type {HTMLElement[]} */ ([...this.list.children]), at = rows.indexOf(/** @type {HTMLElement} */ (event.target));
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
      if (at < 0 || to === undefined || !rows[to]) return;
      event.preventDefault();
      rows[at].tabIndex = -1;
      rows[to].tabIndex = 0;
      rows[to].focus();
    });
  }

  /** @param {import("./data.js").Saying} saying @param {any} view @param {number} height */
  draw(saying, view, height) {
    const high = Math.min(30, height / saying.rows), had = [...this.list.children].indexOf(/** @type {Element} */ (document.activeElement));
    const nodes = Array.from({ length: saying.rows }, (_, above) => {
      const row = saying.rows - 1 - above; // the stream runs upwards, as in the field's own drawings
      const [guess] = saying.guesses(row, 1), node = make("button", "pg-j-lens-row"), rank = saying.ranks[row], name = row ? String(row - 1) : "in";
      node.type = "button";
      node.tabIndex = row === view.layer + 1 ? 0 : -1;
      node.style.height = `${high}px`;
      node.style.setProperty("--share", String(guess.share));
      if (row === view.layer + 1) node.setAttribute("aria-current", "true");
      if (rank === 1) node.dataset.first = "";
      const bar = make("span", "pg-j-lens-bar"), word = make("span", "pg-j-lens-word", seen(guess.text));
      word.dir = "auto";
      node.append(make("span", "pg-j-lens-name", name), word, bar, make("span", "pg-j-lens-rank", `#${countText(rank)}`));
      node.setAttribute("aria-label", `${row ? `After block ${row - 1}` : "Before the first block"}: ${isolated(guess.text)}, ${percentText(guess.share)}; the final choice is number ${countText(rank)}`);
      node.title = `${isolated(seen(guess.text))}: ${percentText(guess.share)}`;
      node.addEventListener("click", () => this.tell.lens(row));
      return node;
    });
    this.list.style.fontSize = high < 15 ? "10.5px" : high < 20 ? "11.5px" : "13px";
    this.list.replaceChildren(...nodes);
    if (had >= 0) nodes[Math.min(had, nodes.length - 1)].focus({ preventScroll: true });
    this.high = high;
  }

  /** The middle of a row, from the top of the part. @param {number} row */
  middle(row) {
    return this.list.offsetTop + (this.list.children.length - 1 - row + 0.5) * this.high;
  }
}
