// An explained answer: start and end logits as two strips on the text, spans and windows. All moves are made here, from the logits in
// the page; only weighing the question's words asks the server. Knows views/answering/explained_answer.py's JSON.
import { countText, numberText, percentText } from "../digits.js";
import { isolated } from "../bidi.js";
import { legend, make, pairs, strips } from "../look.js";
import { cited, Logits } from "./logits.js";
import { spanTable } from "./spans.js";
import { answersAt, firstThreshold, thresholdPart } from "./threshold.js";
import { windowPart } from "./windows.js";

/** @param {Face<answering.ExplainedView>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-answering");
  const CHUNK = 160, LANE = 4;
  const ASK = "Why this span and not another? Choose any token as a start, then one as its end: their logits are added here.";
  /** @typedef {{node: HTMLElement, from: number, to: number, begin: number, end: number, full: boolean}} Chunk a part of the context, drawn near the view */
  /**
   * `marked`: first and last token of the span in view; `from`: the start chosen for one's own; `answers`: what the head says.
   * @typedef {{window: number, marked: [number, number] | null, from: number | null, by: "p" | "logit", cursor: number, threshold: number, answers?: boolean}} State
   */
  /** @typedef {Record<"head" | "context" | "text" | "none" | "detail" | "own", HTMLElement> & {weigh: HTMLButtonElement, rows: Element[], paint?: () => void, decide: (threshold: number) => void}} Parts */
  /** @type {answering.ExplainedView} */
  let value;
  /** @type {Logits} */
  let token;
  /** @type {State} */
  let state;
  /** @type {Parts} */
  let parts;
  /** @type {Chunk[]} */
  let chunks = [];
  /** @type {IntersectionObserver | undefined} */
  let watcher;

  const here = () => token.windows[state.window];
  const inside = (/** @type {number} */ i) => i >= here().first && i < here().stop;
  const startOf = (/** @type {number} */ i) => token.startOf(here(), i);
  const endOf = (/** @type {number} */ i) => token.endOf(here(), i);
  const shares = () => token.shares(here());
  const textOf = (/** @type {number} */ first, /** @type {number} */ last) => token.textOf(first, last);

  /** @param {answering.ExplainedView} made */
  function open(made) {
    value = made;
    token = new Logits(made);
    const best = made.spans[0];
    state = { window: best ? best.window : 0, marked: best ? [best.first, best.last] : null, from: null, by: "p", cursor: -1, threshold: firstThreshold(made) };
  }

  /** @param {{lane: number}[]} held */
  function layers(held) {
    return held.map(({ lane }) => `linear-gradient(var(--pg-fill-2) 0 100%) 0 calc(100% - ${(token.laneCount - 1 - lane) * LANE}px) / 100% 2px no-repeat`).join(", ");
  }

  /**
   * @param {HTMLElement} node
   * @param {number} i
   */
  function dress(node, i) {
    const [s, e] = shares(), by = state.by === "p" ? "p" : "place";
    strips(node, s[by](startOf(i)), e[by](endOf(i)));
    const held = token.lanes.get(i);
    if (held) node.style.setProperty("--pg-lanes", layers(held));
    if (i === state.cursor) node.dataset.cursor = "";
    if (i === state.from) node.dataset.from = "";
    return node;
  }

  /** @param {Chunk} chunk */
  function fill(chunk) {
    const made = document.createDocumentFragment();
    let at = chunk.begin;
    /** @type {HTMLElement | null} */
    let mark = null;
    for (let i = chunk.from; i < chunk.to; i++) {
      const begin = Math.max(at, token.starts[i]), marked = state.marked && i >= state.marked[0] && i <= state.marked[1];
      if (begin > at) {
        const gap = make("span", "", value.context.slice(at, begin)), before = token.lanes.get(i - 1) || [];
        const both = (token.lanes.get(i) || []).filter(({ k }) => before.some((one) => one.k === k));
        if (both.length) { gap.className = "pg-strips-gap"; gap.style.setProperty("--pg-lanes", layers(both)); }
        (mark && marked ? mark : made).append(both.length ? gap : value.context.slice(at, begin));
      }
      if (marked && !mark) made.append((mark = make("mark")));
      if (!marked) mark = null;
      const node = make("span", "", value.context.slice(begin, Math.max(begin, token.ends[i])));
      if (inside(i)) { node.className = "pg-strips"; dress(node, i); } else node.className = "pg-outside";
      node.dataset.i = String(i);
      (mark || made).append(node);
      at = Math.max(begin, token.ends[i]);
    }
    made.append(value.context.slice(at, chunk.end));
    chunk.node.replaceChildren(made);
    chunk.full = true;
  }

  /** @param {Chunk} chunk */
  function empty(chunk) {
    chunk.node.textContent = value.context.slice(chunk.begin, chunk.end);
    chunk.full = false;
  }

  // Tokens are nodes only near the part in view; the rest is plain text of the same size.
  function lay() {
    watcher?.disconnect();
    const watching = new IntersectionObserver((seen) => seen.forEach((one) => {
      const chunk = chunks[Number(/** @type {HTMLElement} */ (one.target).dataset.chunk)];
      if (one.isIntersecting && !chunk.full) fill(chunk);
      else if (!one.isIntersecting && chunk.full) empty(chunk);
    }), { root: parts.context, rootMargin: "400px 0px" });
    chunks = [];
    for (let from = 0; from < token.count; from += CHUNK) {
      const to = Math.min(from + CHUNK, token.count), last = to === token.count;
      const end = last ? value.context.length : token.starts[to];
      const chunk = { from, to, begin: from ? token.starts[from] : 0, end, node: make("span"), full: false };
      chunk.node.dataset.chunk = String(chunks.push(chunk) - 1);
      empty(chunk);
    }
    parts.text.replaceChildren(...chunks.map((chunk) => chunk.node));
    chunks.forEach((chunk) => watching.observe(chunk.node));
    watcher = watching;
  }

  const nodeOf = (/** @type {number} */ i) => {
    const chunk = chunks[Math.floor(i / CHUNK)];
    if (!chunk.full) fill(chunk);
    return /** @type {HTMLElement} */ (chunk.node.querySelector(`[data-i="${i}"]`));
  };

  function again() {
    chunks.filter((chunk) => chunk.full).forEach(fill);
    none();
  }

  /** @param {number} i */
  function reveal(i) {
    const node = nodeOf(i), area = parts.context;
    if (node.offsetTop < area.scrollTop || node.offsetTop + 40 > area.scrollTop + area.clientHeight) {
      area.scrollTop = Math.max(0, node.offsetTop - area.clientHeight / 2);
    }
  }

  function none() {
    const [s, e] = shares(), by = state.by === "p" ? "p" : "place";
    strips(parts.none, s[by](here().start_null), e[by](here().end_null));
  }

  /** @param {number} i */
  function tell(i) {
    const [s, e] = shares(), isNone = i < 0;
    if (!isNone && !inside(i)) {
      parts.detail.replaceChildren(...pairs([["token", textOf(i, i)], ["in this window", "not read"]]));
      return;
    }
    const a = isNone ? here().start_null : startOf(i), b = isNone ? here().end_null : endOf(i);
    const held = isNone ? [] : (token.lanes.get(i) || []).map(({ k }) => k + 1);
    const count = `(${countText(i + 1)} of ${countText(token.count)})`;
    /** @type {[string, string]} */
    const inSpan = ["in span", held.join(", ")];
    parts.detail.replaceChildren(...pairs([
      ["token", isNone ? "[CLS], which stands for “no answer”" : `${isolated(textOf(i, i)) || "part of a character"} ${count}`],
      ["start logit", `${numberText(a)} · ${percentText(s.p(a))}`], ["end logit", `${numberText(b)} · ${percentText(e.p(b))}`],
      ...(held.length ? [inSpan] : []),
    ]));
  }

  /**
   * @param {number} first
   * @param {number} last
   */
  function choose(first, last) {
    state.marked = [first, last];
    state.from = null;
    parts.own.textContent = token.sum(here(), first, last);
    parts.weigh.disabled = last < first || last - first >= value.longest;
    parts.rows.forEach((row, k) => {
      const one = value.spans[k];
      row.toggleAttribute("aria-current", false);
      if (one && one.first === first && one.last === last) row.setAttribute("aria-current", "true");
    });
    again();
  }

  /** @param {string} said */
  function unmark(said) {
    state.marked = state.from = null;
    parts.own.textContent = said;
    parts.weigh.disabled = true;
    parts.rows.forEach((row) => row.removeAttribute("aria-current"));
    again();
  }

  /** @param {number} i */
  function pick(i) {
    if (!inside(i)) return;
    if (state.from === null || !inside(state.from)) {
      Object.assign(state, { from: i, marked: [i, i] });
      parts.own.textContent = `Your span starts at ${cited(textOf(i, i))} (start logit ${numberText(startOf(i))}). Now choose its last token.`;
      again();
    } else choose(state.from, i);
  }

  /** @param {number} i */
  function move(i) {
    const before = state.cursor;
    state.cursor = Math.max(0, Math.min(token.count - 1, i));
    if (before >= 0) delete nodeOf(before).dataset.cursor;
    nodeOf(state.cursor).dataset.cursor = "";
    reveal(state.cursor);
    tell(state.cursor);
  }

  /**
   * @param {number} window
   * @param {number[]} [span]
   */
  function goTo(window, span) {
    state.window = window;
    parts.paint?.();
    if (span) { choose(span[0], span[1]); reveal(span[0]); return; }
    // A start chosen in the window before has other logits here, or none.
    if (state.from !== null) unmark(ASK); else again();
    reveal(here().first);
  }

  // Marks what the head says: the best span, or none.
  function settle() {
    const best = value.spans[0];
    if (state.answers) { goTo(best.window, [best.first, best.last]); tell(best.first); return; }
    const no = !best || state.threshold === value.threshold ? "The model finds no answer." : "At this threshold there is no answer.";
    unmark(`${no} Choose one of the best spans, or any start and end, to see what it lacks.`);
    tell(-1);
  }

  /**
   * @param {string} text
   * @param {() => void} act
   * @param {string} [label]
   */
  function button(text, act, label) {
    const made = make("button", "pg-button", text);
    made.type = "button";
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  function decide() {
    const best = value.spans[0], answers = answersAt(value, state.threshold), before = state.answers, marked = state.marked;
    parts.head.textContent = answers ? best.text : "No answer in this context";
    state.answers = answers;
    parts.head.dataset.answered = String(answers);
    if (!best) return;
    // A span of the reader's own stays marked; the page's own mark, and what it says of it, goes with the answer.
    const theirs = state.from !== null || (marked && (marked[0] !== best.first || marked[1] !== best.last));
    if (before !== undefined && before !== state.answers && !theirs) settle();
    parts.decide(state.threshold);
  }

  function contextPart() {
    const part = make("div", "pg-reading"), tools = make("div", "pg-window-row"), key = legend("share", "0 %", "100 %"), ends = [...key.querySelectorAll("span")];
    key.querySelector(".pg-ramp")?.classList.add("pg-ramp-strip");
    /** @type {(by: State["by"], text: string, low: string, high: string) => HTMLElement} */
    const shadeBy = (by, text, low, high) => {
      const made = button(text, () => {
        state.by = by;
        ends[0].textContent = low;
        ends[ends.length - 1].textContent = high;
        tools.querySelectorAll("[aria-pressed]").forEach((one) => one.setAttribute("aria-pressed", String(one === made)));
        again();
      });
      made.setAttribute("aria-pressed", String(state.by === by));
      return made;
    };
    tools.append(make("span", "pg-small", "Upper strip: the answer starts here. Lower strip: it ends here. Lines below: the best spans."), key,
                 shadeBy("p", "Probability", "0 %", "100 %"), shadeBy("logit", "Logit", "least", "greatest"));
    parts.context = make("div", "pg-context");
    parts.context.tabIndex = 0;
    parts.context.setAttribute("role", "group");
    parts.context.setAttribute("aria-label", "Context. Arrow keys move from token to token, Enter chooses the start, then the end, of a span");
    parts.context.dir = "auto";
    parts.context.style.setProperty("--pg-below", `${token.laneCount * LANE}px`);
    const nobody = make("button", "pg-strips pg-no-answer", "[CLS] no answer");
    nobody.type = "button";
    ["mouseenter", "focus"].forEach((name) => nobody.addEventListener(name, () => tell(-1)));
    parts.none = nobody;
    parts.text = make("span", "pg-context-text");
    parts.context.append(parts.none, " ", parts.text);
    const at = (/** @type {Event} */ { target }) => {
      const node = target instanceof Element ? /** @type {HTMLElement | null} */ (target.closest("[data-i]")) : null;
      return node ? Number(node.dataset.i) : -1;
    };
    parts.context.addEventListener("mouseover", (event) => { if (at(event) >= 0) tell(at(event)); });
    parts.context.addEventListener("click", (event) => { if (at(event) >= 0) { state.cursor = at(event); pick(at(event)); tell(at(event)); } });
    parts.context.addEventListener("keydown", (event) => {
      if (event.target !== parts.context) return;
      const cursor = state.cursor < 0 ? (state.marked?.[0] ?? 0) - 1 : state.cursor;
      const to = { ArrowRight: cursor + 1, ArrowLeft: cursor - 1, Home: here().first, End: here().stop - 1 }[event.key];
      if (to !== undefined) { event.preventDefault(); move(to); }
      if ((event.key === "Enter" || event.key === " ") && state.cursor >= 0) { event.preventDefault(); pick(state.cursor); }
    });
    parts.detail = make("dl", "pg-figures pg-detail");
    parts.detail.setAttribute("aria-live", "polite");
    parts.own = make("p", "pg-small pg-own", ASK);
    parts.own.setAttribute("aria-live", "polite");
    parts.weigh = button("Which words of the question mattered for the marked span?",
                         () => trigger("weigh", { first: state.marked?.[0], last: state.marked?.[1] }));
    parts.weigh.disabled = !state.marked;
    part.append(tools, parts.detail, parts.context, parts.own, parts.weigh);
    return part;
  }

  function draw() {
    const made = props.value;
    box.hidden = made?.context === undefined;
    if (made?.context === undefined) return;
    parts = /** @type {Parts} */ ({});
    open(made);
    parts.head = make("p", "pg-answer");
    parts.head.dir = "auto";
    const threshold = thresholdPart(made, token.count, state.threshold, (at) => { state.threshold = at; decide(); });
    const spans = spanTable(token, goTo), windows = token.windows.length > 1 ? windowPart(token, () => state.window, goTo) : null;
    parts.decide = threshold.decide;
    parts.rows = spans.rows;
    parts.paint = windows?.paint;
    const asked = make("p", "pg-small pg-soft pg-asked", made.question);
    asked.dir = "auto";
    box.replaceChildren(asked, parts.head, contextPart(), spans.part, ...(windows ? [windows.part] : []), threshold.part,
                        make("p", "pg-soft pg-small", `Model: ${made.model}`));
    lay();
    decide();
    parts.paint?.();
    settle();
  }
  draw();
  watch("value", draw);
}
