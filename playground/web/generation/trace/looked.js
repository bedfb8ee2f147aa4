// One token of a branch, taken or not: its probability, and the likeliest others, any of which the text may go on from instead.
import { isolated, quoted } from "../../bidi.js";
import { numberText, percentText } from "../../digits.js";
import { figuresOf, keepingFocus, make } from "../../look.js";
import { barTable } from "../../tables.js";
import { alternatives, chance } from "./branches.js";
import { put, wordOf } from "./parts.js";

const HINT = "Point at a token, or Tab to it and use ← →: its 50 likeliest alternatives show here. Enter or a click keeps it.";

/** @typedef {import("./branches.js").Branch} Branch */
/** @typedef {import("./branches.js").Token} Token */

export class Looked {
  /**
   * @param {import("./parts.js").Words} words
   * @param {(branch: Branch, at: number, other: import("./branches.js").Alternative) => void} choose
   */
  constructor(words, choose) {
    this.words = words;
    this.choose = choose;
    this.node = make("section", "pg-trace-detail");
    this.scroll = make("div", "pg-trace-scroll");
    this.scroll.tabIndex = 0;
    this.scroll.setAttribute("aria-label", "Alternatives");
    this.scroll.setAttribute("role", "region");
    this.head = make("h3");
    /** @type {Branch | null} */
    this.branch = null;
    this.at = -1;
    /** @type {Token | undefined} */
    this.token = undefined;
    this.drawn = false;
  }

  /** Whatever is shown next is drawn anew. */
  clear() {
    Object.assign(this, { branch: null, at: -1, token: undefined, drawn: false });
  }

  /**
   * Redrawn for something new only: what is there is being scrolled, read and clicked, also while the text grows.
   * @param {Branch} branch
   * @param {number} at
   */
  show(branch, at) {
    const token = branch.tokens[at];
    if (!this.drawn || this.branch !== branch || this.at !== at || this.token !== token) {
      keepingFocus(this.node, () => (token ? this.draw(branch, at, token) : this.node.replaceChildren(make("p", "pg-soft pg-small", HINT))));
      Object.assign(this, { branch, at, token, drawn: true });
    }
    if (token) put(this.head, `Token ${at + 1} of ${branch.tokens.length}: ${quoted(wordOf(this.words, token.id).text)}`);
  }

  /** @param {Branch} branch @param {number} at @param {Token} token */
  draw(branch, at, token) {
    const how = token.chosen ? "chosen by you" : Number.isNaN(token.drawn) ? "taken, nothing was drawn" : `drawn by ${numberText(token.drawn, 4)}`;
    const rows = alternatives(token).map((other) => {
      const { text } = wordOf(this.words, other.id), p = chance(other, token.lse), own = other.id === token.id;
      return {
        label: text, share: p, chosen: own, texts: [percentText(p), numberText(other.logit), percentText(other.after)],
        said: `Continue with ${isolated(text)}`, pick: own ? undefined : () => this.choose(branch, at, other),
      };
    });
    this.scroll.replaceChildren(barTable("Choose one and the text goes on from it, as a new branch.", ["token", "probability", "p", "logit", "after the cuts"], rows));
    if (this.token?.others !== token.others) this.scroll.scrollTop = 0;
    const figures = figuresOf([
      ["p at temperature 1", percentText(chance(token, token.lse))], ["after the cuts", percentText(token.after)], ["logit", numberText(token.logit)],
      ["rank", `${token.rank}`], ["id", `${token.id}`], ["how", how],
    ]);
    this.head = make("h3");
    if (this.scroll.parentNode === this.node) { // what is moved in the page loses its scroll
      while (this.node.firstChild !== this.scroll) this.node.firstChild?.remove();
      this.scroll.before(this.head, figures);
    } else this.node.replaceChildren(this.head, figures, this.scroll);
  }
}
