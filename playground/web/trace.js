// The written tokens, their alternatives, and the tree of branches, which lives here and nowhere else. Knows views/trace.py's JSON.
const box = element.querySelector(".pg-trace");
const HEAD = 6, WIDE = 50, RECORD = HEAD + 3 * WIDE, BYTES = 4 * RECORD, LETTERS = (BYTES / 3) * 4;
let branches = [], words = new Map(), view = null, beside = null, pinned = -1, lookedAt = 0, family = "", count = 0, told = "";
const growing = new Map();

const round = (p) => (p === 0 ? "0 %" : p < 0.0001 ? "<0.01 %" : `${(100 * p).toFixed(p < 0.01 ? 2 : 1)} %`);
const signed = (x, digits = 2) => x.toFixed(digits).replace("-", "−");
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
function take(value) {
  for (const line of value.words.split("\n")) {
    const [id, special, text] = line.split("\t");
    if (text !== undefined) words.set(+id, { text, special: special === "1" });
  }
  let branch = growing.get(value.run);
  if (!branch) branch = begin(value);
  const have = branch.tokens.length - branch.kept;
  if (value.packed.length > have * LETTERS) branch.tokens.push(...unpack(value.packed, have));
  Object.assign(branch, { asked: { ...value.asked, written: branch.asked.written }, text: value.text, finished: value.finished, stopped: value.stopped });
}

// A run this page did not begin itself: a root. Another prompt or model begins a new tree.
function begin(value) {
  const asked = value.asked, key = JSON.stringify([asked.prompt, asked.model, asked.chat]);
  if (key !== family) {
    branches = []; growing.clear(); words = new Map(words); beside = null; count = 0; family = key;
  }
  const branch = add({ parent: null, at: 0, tokens: [], asked });
  growing.set(value.run, branch);
  return branch;
}

function add(branch) {
  told = "";
  if (branches.length >= props.value.branches) {
    forget(oldest());
    told = `${props.value.branches} branches are kept at most: ${told.replace(" was removed", ", the oldest without a name, was removed")}`;
  }
  Object.assign(branch, { number: ++count, name: `Branch ${count}`, kept: branch.tokens.length, text: "", finished: false, stopped: "" });
  branches.push(branch);
  view = branch; pinned = -1; lookedAt = Math.max(0, branch.tokens.length - 1);
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
  for (const [run, grown] of growing) if (grown === branch) growing.delete(run);
  if (beside === branch) beside = null;
  if (view === branch) view = branches[branches.length - 1] || null;
  told = `${branch.name} was removed.`;
}

// ---- what is asked for ---------------------------------------------------------------------------------------------------
function grow(branch, asked) {
  const run = `${Date.now()}-${branch.number}-${branch.tokens.length}`;
  branch.kept = branch.tokens.length;
  branch.finished = false;
  growing.set(run, branch);
  trigger("halt", {});
  setTimeout(() => trigger("branch", { run, asked }), 150);
  draw();
}

function choose(branch, at, other) {
  const token = { ...branch.tokens[at], id: other.id, logit: other.logit, after: other.after, rank: other.rank, drawn: NaN, chosen: true };
  const tokens = [...branch.tokens.slice(0, at), token], written = tokens.map((t) => t.id);
  if (written.length > props.value.most) return say(`A branch may hold ${props.value.most} tokens.`);
  const asked = { ...branch.asked, written };
  grow(add({ parent: branch, at, tokens, asked }), asked);
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
  grow(add({ parent: branch.parent, at: branch.at, tokens, asked }), asked);
}

function apart(branch, at) {
  const written = branch.tokens.slice(0, at).map((t) => t.id);
  trigger("apart", { asked: { ...branch.asked, written }, drawn: branch.tokens[at] && !branch.tokens[at].chosen ? branch.tokens[at].id : null });
}

function show(branch) {
  if (!branch) return draw();
  view = branch; pinned = -1; told = ""; lookedAt = Math.min(branch.at, Math.max(0, branch.tokens.length - 1));
  if (beside === view) beside = null;
  window.playgroundViewedText = branch.text;
  trigger("viewed", {});
  draw();
}

// ---- drawing -------------------------------------------------------------------------------------------------------------
const out = make("p", "pg-small pg-trace-told"), rows = make("div", "pg-trace-rows"), detail = make("section", "pg-trace-detail"), tree = make("section", "pg-trace-tree");
out.setAttribute("role", "status");
const top = make("div", "pg-trace-top");
top.append(rows, detail);
box.append(legend("share", "unlikely for the model", "likely"), top, out, tree);

function say(text) {
  told = text;
  out.textContent = text;
  out.hidden = !text;
}

function tool(name, said, act, off) {
  const button = make("button", "pg-button", name);
  button.type = "button";
  button.disabled = Boolean(off);
  if (said) button.title = said;
  button.addEventListener("click", act);
  return button;
}

function differs(a, b) {
  const most = Math.max(a.tokens.length, b.tokens.length);
  for (let i = 0; i < most; i++) if (!a.tokens[i] || !b.tokens[i] || a.tokens[i].id !== b.tokens[i].id) return i;
  return -1;
}

function chips(branch, mark) {
  const items = branch.tokens.map((token, i) => {
    const shown = word(token.id), p = chance(token);
    return { text: shown.text, special: shown.special, p, newline: shown.text.includes("⏎"),
      said: `${shown.text}, token ${i + 1}: ${round(p)}, rank ${token.rank}${token.chosen ? ", chosen by you" : ""}` };
  });
  const main = branch === view;
  const row = chipRow(items, {
    label: `Tokens of ${branch.name}`, chosen: main ? pinned : -1,
    point: (i) => look(branch, i), leave: () => pinned >= 0 && look(view, pinned),
    pick: (i) => { if (!main) return; pinned = pinned === i ? -1 : i; look(branch, pinned < 0 ? i : pinned); mark_(row, pinned); },
  });
  branch.tokens.forEach((token, i) => { if (token.chosen) row.querySelectorAll(".pg-chip")[i].dataset.forced = ""; });
  if (mark >= 0 && row.querySelectorAll(".pg-chip")[mark]) row.querySelectorAll(".pg-chip")[mark].dataset.first = "";
  return row;
}

function mark_(row, at) {
  row.querySelectorAll(".pg-chip").forEach((chip, i) => (i === at ? chip.setAttribute("aria-current", "true") : chip.removeAttribute("aria-current")));
}

function summary(branch) {
  const { total, perplexity } = sums(branch);
  return figuresOf([["tokens", `${branch.tokens.length}`], ["total log-probability (ln)", signed(total, 3)], ["perplexity", branch.tokens.length ? perplexity.toPrecision(3) : "–"],
    ["seed", `${branch.asked.seed}`], ["temperature", `${branch.asked.temperature}`]]);
}

function one(branch, mark) {
  const part = make("section", "pg-trace-one"), head = make("h3", "", branch.name), bar = make("div", "pg-trace-tools");
  part.append(head, chips(branch, mark), summary(branch));
  if (branch === view) {
    const ended = branch.finished && branch.stopped === "end";
    bar.append(
      tool("Continue", "Go on writing where it stopped, with the same settings", () => goOn(branch), ended || !branch.tokens.length),
      tool("Regenerate", "The same settings with a new seed, as a branch of its own", () => again(branch)),
      tool("Take this step apart", "See below how the token shown on the right was chosen", () => apart(branch, lookedAt), !branch.tokens.length));
    part.append(bar);
  }
  return part;
}

let looked = [];
function look(branch, at) {
  const token = branch.tokens[at];
  if (token && branch === view) lookedAt = at;
  // Redrawn for something new only: a chip loses focus as the pointer goes down on an alternative, which must still be there to be clicked.
  if (token && looked[0] === token && looked[1] === branch.tokens.length) return;
  looked = [token, branch.tokens.length];
  if (!token) {
    detail.replaceChildren(make("p", "pg-soft pg-small", "Point at a token, or Tab to it and use ← →: its 50 likeliest alternatives show here. Enter or a click keeps it."));
    return;
  }
  const shown = word(token.id).text, p = chance(token), others = alternatives(token);
  const drawn = token.chosen ? "chosen by you" : Number.isNaN(token.drawn) ? "taken, nothing was drawn" : `drawn by ${token.drawn.toFixed(4)}`;
  const table = barTable("Choose one and the text goes on from it, as a new branch.", ["token", "probability", "p", "logit", "after the cuts"],
    others.map((other) => ({
      label: word(other.id).text, share: Math.exp(other.logit - token.lse), chosen: other.id === token.id,
      texts: [round(Math.exp(other.logit - token.lse)), signed(other.logit), round(other.after)],
      said: `Continue with ${word(other.id).text}`, pick: other.id === token.id ? null : () => choose(branch, at, other),
    })));
  const scroll = make("div", "pg-trace-scroll");
  scroll.append(table);
  scroll.tabIndex = 0;
  scroll.setAttribute("aria-label", "Alternatives");
  scroll.setAttribute("role", "region");
  detail.replaceChildren(
    make("h3", "", `Token ${at + 1} of ${branch.tokens.length}: “${shown}”`),
    figuresOf([["p at temperature 1", round(p)], ["after the cuts", round(token.after)], ["logit", signed(token.logit)], ["rank", `${token.rank}`], ["id", `${token.id}`], ["how", drawn]]),
    scroll);
}

function depth(branch) {
  return branch.parent ? 1 + depth(branch.parent) : 0;
}

function ordered(parent = null) {
  return branches.filter((b) => b.parent === parent).flatMap((b) => [b, ...ordered(b)]);
}

function leaf(branch) {
  const item = make("li", "pg-trace-leaf"), open = make("button", "pg-link-button", branch.name);
  const { total, perplexity } = sums(branch), twig = branch.parent && branch.tokens[branch.at];
  open.type = "button";
  open.addEventListener("click", () => show(branch));
  if (branch === view) item.setAttribute("aria-current", "true");
  item.style.paddingInlineStart = `${Math.min(6, depth(branch)) * 18}px`;
  const how = branch.parent ? (twig ? `from ${branch.parent.name} at token ${branch.at + 1}: “${word(twig.id).text}”` : `from ${branch.parent.name}`) : `seed ${branch.asked.seed ?? "…"}`;
  item.append(open, make("span", "pg-soft pg-small", how), make("span", "pg-number", `${branch.tokens.length} tokens, ln p ${signed(total)}, perplexity ${branch.tokens.length ? perplexity.toPrecision(3) : "–"}`));
  const compare = tool(branch === beside ? "Beside" : "Compare", `Put ${branch.name} beside the one in view`, () => { beside = beside === branch ? null : branch; draw(); }, branch === view);
  compare.setAttribute("aria-pressed", String(branch === beside));
  const remove = tool("Remove", `Remove ${branch.name}`, () => { forget(branch); show(view); say(told); }, branches.length < 2);
  item.append(compare, remove);
  return item;
}

function drawTree() {
  const list = make("ul", "pg-trace-list"), name = make("input", "pg-trace-name"), label = make("label", "pg-small", "Name of the branch in view ");
  name.value = view.name;
  name.maxLength = 40;
  name.addEventListener("change", () => { view.name = name.value.trim() || `Branch ${view.number}`; draw(); });
  label.append(name);
  list.append(...ordered().map(leaf));
  tree.replaceChildren(make("h3", "", `Branches (${branches.length} of at most ${props.value.branches}, kept in this page only)`), list, label);
}

function draw() {
  box.hidden = !view;
  if (box.hidden) return;
  const kept = keep(), mark = beside ? differs(view, beside) : -1;
  rows.replaceChildren(one(view, mark), ...(beside ? [one(beside, mark)] : []));
  top.dataset.two = beside ? "yes" : "";
  if (beside) say(compared(mark));
  else say(told);
  look(view, kept.at >= 0 ? kept.at : pinned >= 0 ? pinned : lookedAt);
  drawTree();
  kept.restore();
}

function compared(mark) {
  if (mark < 0) return `${view.name} and ${beside.name} are the same text.`;
  const tell = (branch) => (branch.tokens[mark] ? `“${word(branch.tokens[mark].id).text}” (${round(chance(branch.tokens[mark]))})` : "nothing, it ends before");
  return `They first differ at token ${mark + 1}: ${tell(view)} in ${view.name}, ${tell(beside)} in ${beside.name}.`;
}

// Where the reader was: focus and scrolling outlive a redraw while the text grows.
function keep() {
  const row = rows.querySelector(".pg-chip-row"), list = row ? [...row.querySelectorAll(".pg-chip")] : [];
  const at = list.indexOf(document.activeElement), scrolled = row ? row.scrollTop : 0, bottom = row && row.scrollHeight - row.scrollTop - row.clientHeight < 40;
  return { at, restore() {
    const next = rows.querySelector(".pg-chip-row");
    next.scrollTop = bottom && !view.finished ? next.scrollHeight : scrolled;
    if (at >= 0 && next.querySelectorAll(".pg-chip")[at]) next.querySelectorAll(".pg-chip")[at].focus({ preventScroll: true });
  } };
}

function update() {
  const value = props.value;
  if (value && value.run) take(value);
  draw();
}
update();
watch("value", update);
