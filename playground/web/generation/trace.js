// A text while it is written, token by token, with the alternatives of each and the branches that grow from them. It asks for its texts
// itself (/playground/generation); what to ask for first is given in the value, as the panel's controls have it.
import { stream } from "../ask.js";
import { legend, make } from "../look.js";
import { Running } from "../running.js";
import { figuresIn } from "./trace/figures.js";
import { Branches, draws, tokensOf, written } from "./trace/branches.js";
import { Looked } from "./trace/looked.js";
import { learn, put } from "./trace/parts.js";
import { Rows } from "./trace/rows.js";
import { textField } from "./trace/text.js";
import { Tree } from "./trace/tree.js";

const LOST = "The connection ended before the text did. What was written stays: “Continue” goes on from it.";

/** @typedef {import("./trace/branches.js").Branch} Branch */
/** @typedef {import("./trace/branches.js").Asked} Asked */
/**
 * `branches` and `most` tokens are the limits; `asked` with a new `turn` is to be written, and a new `stopped` ends it (panels/generation/generation.py);
 * `repeat` is told from here: what to fill in for the same again.
 * @typedef {{branches: number, most: number, asked?: Asked, turn?: number, stopped?: number, repeat?: Record<string, string>}} Value
 */

/** @param {Face<Value>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-trace"), value = () => /** @type {Value} */ (props.value), { most, branches: kept } = value();
  /** @type {import("./trace/parts.js").Words} */
  const words = new Map();
  const branches = new Branches(kept);
  let pinned = -1, lookedAt = 0, told = "", turn = 0, ended = 0;
  /** @type {Branch | null} */
  let growing = null;

  const running = new Running("generation-note");
  const text = textField("generation-text"), figures = make("div", "pg-generation");
  figures.id = "generation-figures";
  const drawFigures = figuresIn(figures), out = make("p", "pg-small pg-trace-told"), top = make("div", "pg-trace-top"), picture = make("div", "pg-trace-picture");
  const looked = new Looked(words, (branch, at, other) => grow(branches.choose(branch, at, other)));
  const rows = new Rows(branches, words, { look, leave: () => pinned >= 0 && branches.view && look(branches.view, pinned), pin, goOn: (branch) => write(branch), again, apart });
  const tree = new Tree(branches, words, { show, compare, remove, named: draw });
  out.setAttribute("role", "status");
  top.append(rows.node, looked.node);
  picture.append(legend("share", "unlikely for the model", "likely"), top, out, tree.node);
  box.append(figures, picture, text.node);

  // ---- what is asked for ---------------------------------------------------------------------------------------------------

  /** A text from its beginning: its branch stands once its first token does. @param {Asked} asked */
  function begin(asked) {
    growing = null;
    return receive(asked, (known) => {
      const { branch, removed } = branches.root(known);
      settle(removed);
      return branch;
    });
  }

  /** A branch that was just added is written. @param {{branch: Branch, removed: Branch | null}} added */
  function grow({ branch, removed }, said = "") {
    settle(removed);
    if (said) told = said;
    return write(branch);
  }

  /** The branch goes on where it ends. @param {Branch} branch */
  function write(branch) {
    const ids = written(branch);
    draw();
    if (ids.length > most) return say(`A branch may hold ${most} tokens; it has ${ids.length}.`);
    branch.finished = false;
    growing = branch;
    draw();
    return receive({ ...branch.asked, written: ids }, () => branch);
  }

  /**
   * Asks, and writes what comes into the branch that `branchOf` gives for what was asked in the end, its seed drawn.
   * @param {Asked} asked
   * @param {(asked: Asked) => Branch} branchOf
   */
  async function receive(asked, branchOf) {
    /** @type {Branch | null} */
    let branch = null;
    const whole = await running.run(async (signal) => {
      running.say({ text: "Asking the model…", tone: "busy" });
      for await (const { about, arrays } of stream("/playground/generation", asked, signal)) {
        running.say(about.note);
        if (about.text === undefined) continue;
        learn(words, about.words);
        if (about.asked) {
          const { written: _, ...known } = about.asked;
          branch = growing = branchOf(known);
          branch.asked = known;
        }
        if (!branch) continue;
        branch.tokens.push(...tokensOf(arrays, branch.asked.seed));
        Object.assign(branch, { text: about.text, finished: about.finished, stopped: about.stopped });
        drawFigures(about.figures);
        if (about.finished) props.value = { ...value(), repeat: about.figures.repeat };
        draw();
      }
      if (!branch?.finished) throw new Error(LOST);
    });
    const detail = { run: "generation-run", shown: [value()], failed: !whole };
    if (whole || !running.own) box.dispatchEvent(new CustomEvent("pg-ran", { bubbles: true, detail })); // another run tells its own end
  }

  /** @param {Branch} branch */
  function again(branch) {
    grow(branches.again(branch), draws(branch.asked) ? "" : "With these settings nothing is drawn: another seed writes the same text.");
  }

  /** With the seed that drew this token: a branch begun with another one keeps the tokens before its fork. @param {Branch} branch */
  function apart(branch) {
    const token = branch.tokens[lookedAt], seed = token?.seed ?? branch.asked.seed;
    trigger("apart", { asked: { ...branch.asked, seed, written: written(branch).slice(0, lookedAt) }, drawn: token && !token.chosen ? token.id : null });
  }

  // ---- what is in view -----------------------------------------------------------------------------------------------------

  /** A new branch is in view; `removed` made room for it. @param {Branch | null} removed */
  function settle(removed) {
    const { view } = branches;
    told = removed ? `${kept} branches are kept at most: ${removed.name}, the oldest without a name, was removed.` : "";
    pinned = -1;
    lookedAt = Math.max(0, (view?.tokens.length || 0) - 1);
    looked.clear();
  }

  /** @param {Branch} branch */
  function show(branch) {
    branches.show(branch);
    pinned = -1;
    told = "";
    lookedAt = Math.min(branch.at, Math.max(0, branch.tokens.length - 1));
    looked.clear();
    draw();
  }

  /** @param {Branch} branch */
  function compare(branch) {
    branches.beside = branches.beside === branch ? null : branch;
    draw();
  }

  /** @param {Branch} branch */
  function remove(branch) {
    if (branch === growing) running.stop();
    branches.forget(branch);
    if (branches.view) show(branches.view);
    say(`${branch.name} was removed.`);
  }

  /** @param {Branch} branch @param {number} at */
  function look(branch, at) {
    if (branch.tokens[at] && branch === branches.view) lookedAt = at;
    looked.show(branch, at);
  }

  /** @param {number} at */
  function pin(at) {
    pinned = pinned === at ? -1 : at;
    if (branches.view) look(branches.view, at);
    rows.mark(pinned);
  }

  /** @param {string} said */
  function say(said) {
    told = said;
    tell(said);
  }

  /** @param {string} said */
  function tell(said) {
    put(out, said);
    out.hidden = !said;
  }

  function draw() {
    const { view, beside } = branches;
    picture.hidden = text.node.hidden = figures.hidden = !view;
    if (!view) return;
    rows.draw(pinned);
    top.dataset.two = beside ? "yes" : "";
    tell(beside ? rows.compared() : told);
    const focused = rows.focused();
    if (looked.branch && rows.parts.some((part) => part.branch === looked.branch)) look(looked.branch, looked.at);
    else look(view, focused >= 0 ? focused : pinned >= 0 ? pinned : lookedAt);
    if (view.text || view !== growing) text.write(view.text);
    tree.draw();
  }

  function update() {
    const { asked, turn: newest = 0, stopped = 0 } = value();
    if (stopped > ended) {
      ended = stopped;
      running.stop();
    }
    if (!asked || newest === turn) return;
    turn = newest;
    begin(asked);
  }
  draw();
  update();
  watch("value", update);
}
