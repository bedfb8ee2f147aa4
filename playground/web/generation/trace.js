// The written tokens, their alternatives, and the tree of branches, which lives here and nowhere else. Knows views/generation/trace.py's JSON.
import { numberText, percentText } from "../digits.js";
import { directionOf, isolated, quoted } from "../bidi.js";
import { chipRow, figuresOf, keepingFocus, legend, make } from "../look.js";
import { barTable } from "../tables.js";

export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-trace");
  const HEAD = 6, WIDE = 50, RECORD = HEAD + 3 * WIDE, BYTES = 4 * RECORD, LETTERS = (BYTES / 3) * 4;
  const HALT = { "generation-run": "halt_run", "generation-example": "halt_example", "generation-branch": "halt_branch" };
  let branches = [], words = new Map(), view = null, beside = null, pinned = -1, lookedAt = 0, family = "", count = 0, told = "";
  // Of runs: the names the server gives them or grow() here. `current`: the last one begun; `next`: what is to begin once that one has ended; `sent`: what was.
  let current = "", next = null, sent = null, begunAt = 0;
  const dropped = new Set();

  const word = (id) => words.get(id) || { text: `#${id}`, special: false };
  const chance = (token) => Math.exp(token.logit - token.lse);

  // The tokens of base64 records from number `from` on; alternatives stay where they are, as views of one buffer.
  function unpack(packed, from) {
    const raw = atob(packed.slice(from * LETTERS)), bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
    const whole = new Int32Array(bytes.buffer), real = new Float32Array(bytes.buffer);
    return Array.from({ length: Math.floor(whole.length / RECORD) }, (_, i) => {
      const at = i * RECORD, end = at + RECORD;
      return { id: whole[at], rank: whole[at + 1], logit: real[at + 2], lse: real[at + 3], after: real[at + 4], drawn: real[at + 5],
        whole: whole.subarray(at + HEAD, end), real: real.subarray(at + HEAD, end) };
    });
  }

  function alternatives(token) {
    const found = [];
    for (let i = 0; i < token.whole.length && token.whole[i] >= 0; i += 3) {
      found.push({ id: token.whole[i], logit: token.real[i + 1], after: token.real[i + 2], rank: i / 3 + 1 });
    }
    return found;
  }

  function sums(branch) {
    const total = branch.tokens.reduce((sum, token) => sum + token.logit - token.lse, 0);
    return { total, perplexity: branch.tokens.length ? Math.exp(-total / branch.tokens.length) : NaN };
  }

  // ---- what comes from the server ------------------------------------------------------------------------------------------
  // Whether anything is new. A run that was dropped, or halted before its first token, goes on answering until Gradio has really ended it.
  function take(value) {
    if (dropped.has(value.run)) return false;
    for (const line of value.words.split("\n")) {
      const [id, special, text] = line.split("\t");
      if (text !== undefined) words.set(+id, { text, special: special === "1" });
    }
    const branch = branches.find((b) => b.run === value.run) || (!next && roots.every((name) => runs()[name] !== "halted") && begin(value));
    if (!branch) {
      dropped.add(value.run);
      return false;
    }
    const have = branch.tokens.length - branch.kept;
    if (value.packed.length > have * LETTERS) branch.tokens.push(...unpack(value.packed, have).map((token) => Object.assign(token, { seed: value.asked.seed })));
    Object.assign(branch, { asked: { ...value.asked, written: branch.asked.written }, text: value.text, finished: value.finished, stopped: value.stopped });
    return true;
  }

  // A run this page did not begin itself: a root. Another prompt or model begins a new tree.
  function begin(value) {
    const asked = value.asked, key = JSON.stringify([asked.prompt, asked.model, asked.chat]);
    if (key !== family) {
      for (const branch of branches) dropped.add(branch.run);
      branches = []; words = new Map(words); beside = null; count = 0; family = key;
    }
    current = value.run;
    return add({ parent: null, at: 0, tokens: [], asked, run: value.run });
  }

  function add(branch) {
    told = "";
    if (branches.length >= props.value.branches) {
      forget(oldest());
      told = `${props.value.branches} branches are kept at most: ${told.replace(" was removed", ", the oldest without a name, was removed")}`;
    }
    Object.assign(branch, { number: ++count, name: `Branch ${count}`, kept: branch.tokens.length, text: "", finished: false, stopped: "" });
    branches.push(branch);
    view = branch; pinned = -1; lookedAt = Math.max(0, branch.tokens.length - 1); looked = {};
    return branch;
  }

  // The oldest that is not in view, has no name of its own and no branch growing from it; else simply the oldest not in view.
  function oldest() {
    const free = branches.filter((b) => b !== view && b !== beside);
    return free.find((b) => b.name === `Branch ${b.number}` && !branches.some((c) => c.parent === b)) || free[0];
  }

  function forget(branch) {
    branches = branches.filter((b) => b !== branch);
    for (const other of branches) if (other.parent === branch) other.parent = branch.parent;
    dropped.add(branch.run);
    if (next && next.run === branch.run) next = null;
    if (!branch.finished && branch.run === current) end(branch);
    if (beside === branch) beside = null;
    if (view === branch) view = branches[branches.length - 1] || null;
    told = `${branch.name} was removed.`;
  }

  // ---- what is asked for ---------------------------------------------------------------------------------------------------
  // What became of this panel's runs: asking.py's scripts keep it, and a run is out of it once Gradio's page could begin it again.
  const runs = () => (window.playgroundRuns ??= {}), names = Object.keys(HALT), roots = names.slice(0, 2);

  function halt(how, but) {
    for (const name of names) {
      if (name === but || runs()[name] !== "on") continue;
      runs()[name] = how;
      trigger(HALT[name], {});
    }
  }

  async function until(met, patience) {
    for (let spent = 0; !met() && spent < patience; spent += 20) await new Promise((passed) => setTimeout(passed, 20));
    return met();
  }

  const atRest = () => names.every((name) => !runs()[name]);

  function grow(branch, asked) {
    dropped.add(branch.run);
    Object.assign(branch, { run: `${Date.now()}-${branch.number}-${branch.tokens.length}`, kept: branch.tokens.length, finished: false });
    start({ run: branch.run, asked });
    draw();
  }

  // Gradio silently skips an event whose last run it has not let go of, and ends what began before it had: so first there must be rest.
  async function start(mine) {
    next = mine;
    for (let tries = 0; tries < 10 && next === mine; tries++) {
      // Before the server has named a run, Gradio's page cannot end it.
      await until(() => next !== mine || Date.now() - begunAt > 300, 300);
      if (next !== mine) return;
      halt("halted");
      await until(() => next !== mine || atRest(), 6000);
      if (next !== mine) return;
      for (const name of names) delete runs()[name];
      sent = mine;
      current = mine.run;
      trigger("branch", { run: mine.run, asked: mine.asked });
      if (await until(() => mine.begun, 1000)) return;
    }
    if (next !== mine) return;
    next = null;
    say("The server does not let go of the run before. Please try again.");
  }

  // The text of a branch that is being written and was removed may come once more: then that of the one in view is shown again.
  async function end(branch) {
    halt("stopped");
    await until(atRest, 6000);
    if (view && current === branch.run) tellText();
  }

  // One text is written at a time: a new one from its beginning ends what is being written, or was about to be.
  window.addEventListener("playground-begun", ({ detail: name }) => {
    if (!(name in HALT)) return;
    begunAt = Date.now();
    if (name === "generation-branch" && sent) sent.begun = true;
    if (name !== "generation-branch" || next === sent) next = null;
    halt("halted", name);
  });

  function choose(branch, at, other) {
    const token = { ...branch.tokens[at], id: other.id, logit: other.logit, after: other.after, rank: other.rank, drawn: NaN, chosen: true };
    const tokens = [...branch.tokens.slice(0, at), token], written = tokens.map((t) => t.id);
    if (written.length > props.value.most) return say(`A branch may hold ${props.value.most} tokens.`);
    const asked = { ...branch.asked, written };
    grow(add({ parent: branch, at, tokens, asked, run: "" }), asked);
  }

  function goOn(branch) {
    const written = branch.tokens.map((t) => t.id);
    if (written.length > props.value.most) return say(`A branch may hold ${props.value.most} tokens; it has ${written.length}.`);
    branch.asked = { ...branch.asked, written };
    grow(branch, branch.asked);
  }

  // The same beginning with another seed: a branch of its own, beside the old one.
  function again(branch) {
    const from = branch.parent && branch.tokens[branch.at] && branch.tokens[branch.at].chosen ? branch.at + 1 : branch.parent ? branch.at : 0;
    const tokens = branch.tokens.slice(0, from), asked = { ...branch.asked, seed: null, written: tokens.map((t) => t.id) };
    const made = add({ parent: branch.parent, at: branch.at, tokens, asked, run: "" });
    if (!draws(asked)) told = "With these settings nothing is drawn: another seed writes the same text.";
    grow(made, asked);
  }

  // At temperature 0 the likeliest is taken, and a search draws nothing: the seed has no part in the text.
  function draws(asked) {
    return asked.temperature > 0 && asked.beams === 1;
  }

  // With the seed that drew this token: a branch begun with another one keeps the tokens before its fork.
  function apart(branch, at) {
    const written = branch.tokens.slice(0, at).map((t) => t.id), token = branch.tokens[at], seed = token?.seed ?? branch.asked.seed;
    trigger("apart", { asked: { ...branch.asked, seed, written }, drawn: token && !token.chosen ? token.id : null });
  }

  function show(branch) {
    if (!branch) return draw();
    view = branch; pinned = -1; told = ""; looked = {}; lookedAt = Math.min(branch.at, Math.max(0, branch.tokens.length - 1));
    if (beside === view) beside = null;
    tellText();
    draw();
  }

  function tellText() {
    window.playgroundViewedText = view.text;
    trigger("viewed", {});
  }

  // ---- drawing: while a text is written this runs ten times a second, so what stands there is kept, or clicks and the keyboard's place were lost
  const out = make("p", "pg-small pg-trace-told"), rows = make("div", "pg-trace-rows"), detail = make("section", "pg-trace-detail"), tree = make("section", "pg-trace-tree");
  out.setAttribute("role", "status");
  const top = make("div", "pg-trace-top");
  top.append(rows, detail);
  box.append(legend("share", "unlikely for the model", "likely"), top, out, tree);

  function say(text) {
    told = text;
    tell(text);
  }

  function tell(text) {
    put(out, text);
    out.hidden = !text;
  }

  function put(node, text) {
    if (node.textContent !== text) node.textContent = text;
  }

  function tool(name, said, act) {
    const button = make("button", "pg-button", name);
    button.type = "button";
    if (said) button.title = said;
    button.addEventListener("click", act);
    return button;
  }

  function differs(a, b) {
    const most = Math.max(a.tokens.length, b.tokens.length);
    for (let i = 0; i < most; i++) if (!a.tokens[i] || !b.tokens[i] || a.tokens[i].id !== b.tokens[i].id) return i;
    return -1;
  }

  // The tokens from number `from` on, as chips of `row`, which is of `part`.
  function addChips(part, from) {
    const { branch, main, row } = part;
    const items = branch.tokens.slice(from).map((token, i) => {
      const shown = word(token.id), p = chance(token);
      return { text: shown.text, special: shown.special, p, newline: shown.text.includes("⏎"),
        said: `${isolated(shown.text)}, token ${from + i + 1}: ${percentText(p)}, rank ${token.rank}${token.chosen ? ", chosen by you" : ""}` };
    });
    const made = chipRow(items, {
      point: (i) => look(branch, from + i), leave: () => pinned >= 0 && look(view, pinned),
      pick: (i) => { if (!main) return; pinned = pinned === from + i ? -1 : from + i; look(branch, from + i); mark_(row, pinned); },
    });
    [...made.querySelectorAll(".pg-chip")].forEach((chip, i) => {
      if (from + i) chip.tabIndex = -1;
      if (branch.tokens[from + i].chosen) chip.dataset.forced = "";
      part.chips.push(chip);
    });
    row.append(...made.childNodes);
    row.dir = directionOf(branch.tokens.map((token) => word(token.id)).filter((one) => !one.special).map((one) => one.text));
  }

  function mark_(row, at) {
    row.querySelectorAll(".pg-chip").forEach((chip, i) => (i === at ? chip.setAttribute("aria-current", "true") : chip.removeAttribute("aria-current")));
  }

  function seedOf(branch) {
    return draws(branch.asked) ? `${branch.asked.seed ?? "…"}` : "no part in it";
  }

  function summary(branch) {
    const { total, perplexity } = sums(branch);
    return figuresOf([["tokens", `${branch.tokens.length}`], ["total log-probability (ln)", numberText(total, 3)], ["perplexity", branch.tokens.length ? perplexity.toPrecision(3) : "–"],
      ["seed", seedOf(branch)], ["temperature", `${branch.asked.temperature}`]]);
  }

  function makePart(branch) {
    const part = { branch, main: branch === view, node: make("section", "pg-trace-one"), head: make("h3"), row: chipRow([], {}), chips: [], figures: make("dl") };
    part.node.append(part.head, part.row, part.figures);
    if (!part.main) return part;
    const bar = make("div", "pg-trace-tools");
    part.onward = tool("Continue", "Go on writing where it stopped, with the same settings", () => goOn(branch));
    part.apart = tool("Take this step apart", "See below how the token shown on the right was chosen", () => apart(branch, lookedAt));
    bar.append(part.onward, tool("Regenerate", "The same settings with a new seed, as a branch of its own", () => again(branch)), part.apart);
    part.node.append(bar);
    return part;
  }

  function drawPart(part, mark) {
    const { branch, row, chips } = part, bottom = row.scrollHeight - row.scrollTop - row.clientHeight < 40;
    put(part.head, branch.name);
    row.setAttribute("aria-label", `Tokens of ${branch.name}`);
    if (branch.tokens.length > chips.length) addChips(part, chips.length);
    chips.forEach((chip, i) => { if (i === mark) chip.dataset.first = ""; else delete chip.dataset.first; });
    if (part.main && bottom && !branch.finished) row.scrollTop = row.scrollHeight;
    const figures = summary(branch);
    part.figures.replaceWith(figures);
    part.figures = figures;
    if (!part.main) return;
    part.onward.disabled = (branch.finished && branch.stopped === "end") || !branch.tokens.length;
    part.apart.disabled = !branch.tokens.length;
  }

  // One row for each branch shown, the one in view first.
  let parts = [];
  function drawRows() {
    const shown = beside ? [view, beside] : [view], mark = beside ? differs(view, beside) : -1;
    const old = parts, had = old.length ? old[0].row.scrollTop : 0;
    parts = shown.map((branch, i) => old.find((part) => part.branch === branch && part.main === !i) || makePart(branch));
    if (parts.length !== old.length || parts.some((part, i) => part !== old[i])) {
      keepingFocus(rows, () => { parts.forEach((part) => drawPart(part, mark)); rows.replaceChildren(...parts.map((part) => part.node)); });
      parts[0].row.scrollTop = had;
    }
    parts.forEach((part) => drawPart(part, mark));
    top.dataset.two = beside ? "yes" : "";
    mark_(parts[0].row, pinned);
    tell(beside ? compared(mark) : told);
  }

  // Whose alternatives are shown: {branch, at, token, head}.
  let looked = {}, listed = null;
  const scroll = make("div", "pg-trace-scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("aria-label", "Alternatives");
  scroll.setAttribute("role", "region");

  function look(branch, at) {
    const token = branch.tokens[at];
    if (token && branch === view) lookedAt = at;
    // Redrawn for something new only: what is there is being scrolled, read and clicked, also while the text grows.
    if (!looked.head || looked.branch !== branch || looked.at !== at || looked.token !== token) keepingFocus(detail, () => drawLooked(branch, at, token));
    if (token) put(looked.head, `Token ${at + 1} of ${branch.tokens.length}: ${quoted(word(token.id).text)}`);
  }

  function drawLooked(branch, at, token) {
    looked = { branch, at, token, head: make("h3") };
    if (!token) {
      detail.replaceChildren(make("p", "pg-soft pg-small", "Point at a token, or Tab to it and use ← →: its 50 likeliest alternatives show here. Enter or a click keeps it."));
      return;
    }
    const p = chance(token), others = alternatives(token);
    const drawn = token.chosen ? "chosen by you" : Number.isNaN(token.drawn) ? "taken, nothing was drawn" : `drawn by ${numberText(token.drawn, 4)}`;
    const table = barTable("Choose one and the text goes on from it, as a new branch.", ["token", "probability", "p", "logit", "after the cuts"],
      others.map((other) => ({
        label: word(other.id).text, share: Math.exp(other.logit - token.lse), chosen: other.id === token.id,
        texts: [percentText(Math.exp(other.logit - token.lse)), numberText(other.logit), percentText(other.after)],
        said: `Continue with ${isolated(word(other.id).text)}`, pick: other.id === token.id ? null : () => choose(branch, at, other),
      })));
    scroll.replaceChildren(table);
    if (listed !== token.whole) scroll.scrollTop = 0;
    listed = token.whole;
    const figures = figuresOf([["p at temperature 1", percentText(p)], ["after the cuts", percentText(token.after)], ["logit", numberText(token.logit)], ["rank", `${token.rank}`], ["id", `${token.id}`], ["how", drawn]]);
    if (scroll.parentNode === detail) {
      while (detail.firstChild !== scroll) detail.firstChild.remove();
      scroll.before(looked.head, figures);
    } else detail.replaceChildren(looked.head, figures, scroll);
  }

  function depth(branch) {
    return branch.parent ? 1 + depth(branch.parent) : 0;
  }

  function ordered(parent = null) {
    return branches.filter((b) => b.parent === parent).flatMap((b) => [b, ...ordered(b)]);
  }

  const leaves = new Map(), list = make("ul", "pg-trace-list"), treeHead = make("h3"), nameLabel = make("label", "pg-small", "Name of the branch in view "), nameField = make("input", "pg-trace-name");
  nameField.maxLength = 40;
  nameField.addEventListener("change", () => { view.name = nameField.value.trim() || `Branch ${view.number}`; nameField.value = view.name; draw(); });
  nameLabel.append(nameField);
  tree.append(treeHead, list, nameLabel);

  function makeLeaf(branch) {
    const made = { item: make("li", "pg-trace-leaf"), open: make("button", "pg-link-button"), how: make("span", "pg-soft pg-small"), figures: make("span", "pg-number") };
    made.open.type = "button";
    made.open.addEventListener("click", () => show(branch));
    made.compare = tool("Compare", "", () => { beside = beside === branch ? null : branch; draw(); });
    made.remove = tool("Remove", "", () => { forget(branch); const was = told; show(view); say(was); });
    made.item.append(made.open, made.how, made.figures, made.compare, made.remove);
    return made;
  }

  function drawLeaf(branch, { item, open, how, figures, compare, remove }) {
    const { total, perplexity } = sums(branch), twig = branch.parent && branch.tokens[branch.at];
    put(open, branch.name);
    if (branch === view) item.setAttribute("aria-current", "true"); else item.removeAttribute("aria-current");
    item.style.paddingInlineStart = `${Math.min(6, depth(branch)) * 18}px`;
    put(how, branch.parent ? (twig ? `from ${branch.parent.name} at token ${branch.at + 1}: ${quoted(word(twig.id).text)}` : `from ${branch.parent.name}`) : draws(branch.asked) ? `seed ${seedOf(branch)}` : "nothing drawn");
    put(figures, `${branch.tokens.length} tokens, ln p ${numberText(total)}, perplexity ${branch.tokens.length ? perplexity.toPrecision(3) : "–"}`);
    put(compare, branch === beside ? "Beside" : "Compare");
    compare.title = `Put ${branch.name} beside the one in view`;
    compare.disabled = branch === view;
    compare.setAttribute("aria-pressed", String(branch === beside));
    remove.title = `Remove ${branch.name}`;
    remove.disabled = branches.length < 2;
  }

  // What stands right is not touched. The focus of a leaf that goes falls to the next one's button, or to the one in view.
  function place(items) {
    const held = document.activeElement, gone = [...list.children].filter((item) => !items.includes(item)), remove = () => gone.forEach((item) => item.remove());
    const lost = gone.some((item) => item.contains(held)), inside = list.contains(held) && !lost;
    if (lost) keepingFocus(list, remove); else remove();
    items.forEach((item, i) => { if (list.children[i] !== item) list.insertBefore(item, list.children[i] || null); });
    if (inside && document.activeElement !== held) held.focus({ preventScroll: true });
    else if (lost && !list.contains(document.activeElement)) leaves.get(view).open.focus({ preventScroll: true });
  }

  function drawTree() {
    const order = ordered();
    for (const branch of leaves.keys()) if (!order.includes(branch)) leaves.delete(branch);
    for (const branch of order) if (!leaves.has(branch)) leaves.set(branch, makeLeaf(branch));
    for (const branch of order) drawLeaf(branch, leaves.get(branch));
    place(order.map((branch) => leaves.get(branch).item));
    put(treeHead, `Branches (${branches.length} of at most ${props.value.branches}, kept in this page only)`);
    if (named !== view) nameField.value = view.name;
    named = view;
  }
  let named = null;

  function draw() {
    box.hidden = !view;
    if (box.hidden) return;
    drawRows();
    const focused = parts[0].chips.indexOf(document.activeElement);
    if (looked.branch && parts.some((part) => part.branch === looked.branch)) look(looked.branch, looked.at);
    else look(view, focused >= 0 ? focused : pinned >= 0 ? pinned : lookedAt);
    drawTree();
  }

  function compared(mark) {
    if (mark < 0) return `${view.name} and ${beside.name} are the same text.`;
    const there = (branch) => (branch.tokens[mark] ? `${quoted(word(branch.tokens[mark].id).text)} (${percentText(chance(branch.tokens[mark]))})` : "nothing, it ends before");
    return `They first differ at token ${mark + 1}: ${there(view)} in ${view.name}, ${there(beside)} in ${beside.name}.`;
  }

  function update() {
    const value = props.value;
    if (!value || !value.run || take(value)) draw();
  }
  update();
  watch("value", update);
}
