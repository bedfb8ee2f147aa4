// The branch in view as a row of tokens, and the one it is compared with beside it. While a text is written this draws ten times a
// second, so what stands is kept: clicks, the keyboard's place and what is scrolled were lost otherwise.
import { directionOf, isolated, quoted } from "../../bidi.js";
import { numberText, percentText } from "../../digits.js";
import { chipRow, figuresOf, keepingFocus, make } from "../../look.js";
import { chance, differs, draws, sums } from "./branches.js";
import { put, tool, wordOf } from "./parts.js";

const NEAR_BOTTOM = 40;

/** @typedef {import("./branches.js").Branch} Branch */
/** @typedef {{branch: Branch, main: boolean, node: HTMLElement, head: HTMLElement, row: HTMLElement, chips: HTMLElement[], figures: HTMLElement, onward?: HTMLButtonElement, apart?: HTMLButtonElement}} Part */
/**
 * What a hand on the rows does.
 * @typedef {{look: (branch: Branch, at: number) => void, leave: () => void, pin: (at: number) => void, goOn: (branch: Branch) => void, again: (branch: Branch) => void, apart: (branch: Branch) => void}} Acts
 */

export class Rows {
  /** @param {import("./branches.js").Branches} branches @param {import("./parts.js").Words} words @param {Acts} acts */
  constructor(branches, words, acts) {
    this.branches = branches;
    this.words = words;
    this.acts = acts;
    this.node = make("div", "pg-trace-rows");
    /** @type {Part[]} */
    this.parts = [];
  }

  /** @param {number} pinned */
  draw(pinned) {
    const { beside } = this.branches, view = /** @type {Branch} */ (this.branches.view), shown = beside ? [view, beside] : [view];
    const mark = beside ? differs(view, beside) : -1, old = this.parts, had = old.length ? old[0].row.scrollTop : 0;
    this.parts = shown.map((branch, i) => old.find((part) => part.branch === branch && part.main === !i) || this.made(branch, !i));
    if (this.parts.length !== old.length || this.parts.some((part, i) => part !== old[i])) {
      keepingFocus(this.node, () => {
        this.parts.forEach((part) => this.fill(part, mark));
        this.node.replaceChildren(...this.parts.map((part) => part.node));
      });
      this.parts[0].row.scrollTop = had;
    }
    this.parts.forEach((part) => this.fill(part, mark));
    this.mark(pinned);
  }

  /** Which of the tokens in view has the keyboard; -1 if none. */
  focused() {
    return this.parts.length ? this.parts[0].chips.indexOf(/** @type {HTMLElement} */ (document.activeElement)) : -1;
  }

  /** @param {number} at */
  mark(at) {
    this.parts[0].chips.forEach((chip, i) => (i === at ? chip.setAttribute("aria-current", "true") : chip.removeAttribute("aria-current")));
  }

  /** @param {Branch} branch @param {boolean} main @returns {Part} */
  made(branch, main) {
    /** @type {Part} */
    const part = { branch, main, node: make("section", "pg-trace-one"), head: make("h3"), row: chipRow([], {}), chips: [], figures: make("dl") };
    part.node.append(part.head, part.row, part.figures);
    if (!main) return part;
    const bar = make("div", "pg-trace-tools");
    part.onward = tool("Continue", "Go on writing where it stopped, with the same settings", () => this.acts.goOn(branch));
    part.apart = tool("Take this step apart", "See below how the token shown on the right was chosen", () => this.acts.apart(branch));
    bar.append(part.onward, tool("Regenerate", "The same settings with a new seed, as a branch of its own", () => this.acts.again(branch)), part.apart);
    part.node.append(bar);
    return part;
  }

  /** @param {Part} part @param {number} mark */
  fill(part, mark) {
    const { branch, row, chips } = part, bottom = row.scrollHeight - row.scrollTop - row.clientHeight < NEAR_BOTTOM;
    put(part.head, branch.name);
    row.setAttribute("aria-label", `Tokens of ${branch.name}`);
    if (branch.tokens.length > chips.length) this.add(part, chips.length);
    chips.forEach((chip, i) => {
      if (i === mark) chip.dataset.first = "";
      else delete chip.dataset.first;
    });
    if (part.main && bottom && !branch.finished) row.scrollTop = row.scrollHeight;
    const figures = figuresOf(summary(branch));
    part.figures.replaceWith(figures);
    part.figures = figures;
    if (part.onward) part.onward.disabled = (branch.finished && branch.stopped === "end") || !branch.tokens.length;
    if (part.apart) part.apart.disabled = !branch.tokens.length;
  }

  /** The tokens from number `from` on. @param {Part} part @param {number} from */
  add(part, from) {
    const { branch, main, row, chips } = part;
    const items = branch.tokens.slice(from).map((token, i) => {
      const { text, special } = wordOf(this.words, token.id), p = chance(token, token.lse), how = token.chosen ? ", chosen by you" : "";
      return { text, special, p, newline: text.includes("⏎"), said: `${isolated(text)}, token ${from + i + 1}: ${percentText(p)}, rank ${token.rank}${how}` };
    });
    const made = chipRow(items, {
      point: (/** @type {number} */ i) => this.acts.look(branch, from + i), leave: () => this.acts.leave(),
      pick: (/** @type {number} */ i) => main && this.acts.pin(from + i),
    });
    [.../** @type {NodeListOf<HTMLElement>} */ (made.querySelectorAll(".pg-chip"))].forEach((chip, i) => {
      if (from + i) chip.tabIndex = -1;
      if (branch.tokens[from + i].chosen) chip.dataset.forced = "";
      chips.push(chip);
    });
    row.append(...made.childNodes);
    row.dir = directionOf(branch.tokens.map((token) => wordOf(this.words, token.id)).filter((one) => !one.special).map((one) => one.text));
  }

  /** Where the two branches shown part, in a sentence. */
  compared() {
    const view = /** @type {Branch} */ (this.branches.view), beside = /** @type {Branch} */ (this.branches.beside), mark = differs(view, beside);
    if (mark < 0) return `${view.name} and ${beside.name} are the same text.`;
    const there = (/** @type {Branch} */ { tokens }) => {
      const token = tokens[mark];
      return token ? `${quoted(wordOf(this.words, token.id).text)} (${percentText(chance(token, token.lse))})` : "nothing, it ends before";
    };
    return `They first differ at token ${mark + 1}: ${there(view)} in ${view.name}, ${there(beside)} in ${beside.name}.`;
  }
}

/** @param {Branch} branch */
export function seedOf({ asked }) {
  return draws(asked) ? `${asked.seed ?? "…"}` : "no part in it";
}

/** @param {Branch} branch @returns {[string, string][]} */
function summary(branch) {
  const { total, perplexity } = sums(branch), { tokens } = branch;
  return [
    ["tokens", `${tokens.length}`], ["total log-probability (ln)", numberText(total, 3)], ["perplexity", tokens.length ? perplexity.toPrecision(3) : "–"],
    ["seed", seedOf(branch)], ["temperature", `${branch.asked.temperature}`],
  ];
}
