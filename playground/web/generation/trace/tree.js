// The list of branches as a tree: each can be opened, compared, named and removed.
import { quoted } from "../../bidi.js";
import { countText, numberText } from "../../digits.js";
import { keepingFocus, make } from "../../look.js";
import { draws, sums } from "./branches.js";
import { put, tool, wordOf } from "./parts.js";
import { seedOf } from "./rows.js";

const DEEPEST = 6, INDENT = 18, LONGEST_NAME = 40;

/** @typedef {import("./branches.js").Branch} Branch */
/** @typedef {{item: HTMLElement, open: HTMLElement, how: HTMLElement, figures: HTMLElement, compare: HTMLButtonElement, remove: HTMLButtonElement}} Leaf */

export class Tree {
  /**
   * @param {import("./branches.js").Branches} branches
   * @param {import("./parts.js").Words} words
   * @param {{show: (branch: Branch) => void, compare: (branch: Branch) => void, remove: (branch: Branch) => void, named: () => void}} acts
   */
  constructor(branches, words, acts) {
    this.branches = branches;
    this.words = words;
    this.acts = acts;
    /** @type {Map<Branch, Leaf>} */
    this.leaves = new Map();
    /** @type {Branch | null} */
    this.named = null;
    this.node = make("section", "pg-trace-tree");
    this.head = make("h3");
    this.list = make("ul", "pg-trace-list");
    this.field = /** @type {HTMLInputElement} */ (make("input", "pg-trace-name"));
    this.field.maxLength = LONGEST_NAME;
    this.field.addEventListener("change", () => this.rename());
    const label = make("label", "pg-small", "Name of the branch in view ");
    label.append(this.field);
    this.node.append(this.head, this.list, label);
  }

  rename() {
    const view = /** @type {Branch} */ (this.branches.view);
    view.name = this.field.value.trim() || `Branch ${view.number}`;
    this.field.value = view.name;
    this.acts.named();
  }

  draw() {
    const order = this.branches.ordered(), { view, list, most } = this.branches;
    for (const branch of this.leaves.keys()) if (!order.includes(branch)) this.leaves.delete(branch);
    const items = order.map((branch) => {
      const leaf = this.leaves.get(branch) || this.made(branch);
      this.leaves.set(branch, leaf);
      this.fill(branch, leaf);
      return leaf.item;
    });
    this.place(items);
    put(this.head, `Branches (${list.length} of at most ${most}, kept in this page only)`);
    if (this.named !== view && view) this.field.value = view.name;
    this.named = view;
  }

  /** @param {Branch} branch @returns {Leaf} */
  made(branch) {
    const leaf = {
      item: make("li", "pg-trace-leaf"), open: make("button", "pg-link-button"), how: make("span", "pg-soft pg-small"), figures: make("span", "pg-number"),
      compare: tool("Compare", "", () => this.acts.compare(branch)), remove: tool("Remove", "", () => this.acts.remove(branch)),
    };
    leaf.open.setAttribute("type", "button");
    leaf.open.addEventListener("click", () => this.acts.show(branch));
    leaf.item.append(leaf.open, leaf.how, leaf.figures, leaf.compare, leaf.remove);
    return leaf;
  }

  /** @param {Branch} branch @param {Leaf} leaf */
  fill(branch, { item, open, how, figures, compare, remove }) {
    const { total, perplexity } = sums(branch), { view, beside, list } = this.branches, { tokens } = branch;
    put(open, branch.name);
    if (branch === view) item.setAttribute("aria-current", "true");
    else item.removeAttribute("aria-current");
    item.style.paddingInlineStart = `${Math.min(DEEPEST, this.branches.depth(branch)) * INDENT}px`;
    put(how, this.origin(branch));
    put(figures, `${countText(tokens.length, "token")}, ln p ${numberText(total)}, perplexity ${tokens.length ? perplexity.toPrecision(3) : "–"}`);
    put(compare, branch === beside ? "Beside" : "Compare");
    compare.title = `Put ${branch.name} beside the one in view`;
    compare.disabled = branch === view;
    compare.setAttribute("aria-pressed", String(branch === beside));
    remove.title = `Remove ${branch.name}`;
    remove.disabled = list.length < 2;
  }

  /** @param {Branch} branch */
  origin(branch) {
    if (!branch.parent) return draws(branch.asked) ? `seed ${seedOf(branch)}` : "nothing drawn";
    const twig = branch.tokens[branch.at];
    return `from ${branch.parent.name}${twig ? ` at token ${branch.at + 1}: ${quoted(wordOf(this.words, twig.id).text)}` : ""}`;
  }

  /**
   * What stands right is not touched. The focus of a leaf that goes falls to the next one's button, or to the one in view.
   * @param {HTMLElement[]} items
   */
  place(items) {
    const { list } = this, held = /** @type {HTMLElement | null} */ (document.activeElement);
    const gone = [...list.children].filter((item) => !items.includes(/** @type {HTMLElement} */ (item))), remove = () => gone.forEach((item) => item.remove());
    const lost = gone.some((item) => item.contains(held)), inside = list.contains(held) && !lost;
    if (lost) keepingFocus(list, remove);
    else remove();
    items.forEach((item, i) => {
      if (list.children[i] !== item) list.insertBefore(item, list.children[i] || null);
    });
    if (inside && document.activeElement !== held) held?.focus({ preventScroll: true });
    else if (lost && !list.contains(document.activeElement)) this.leaves.get(/** @type {Branch} */ (this.branches.view))?.open.focus({ preventScroll: true });
  }
}
