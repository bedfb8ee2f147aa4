// An explained answer: start and end logits as two strips on the text, spans, windows and a threshold to play with. All moves are
// made here, from the logits in the page; only weighing the question's words asks the server. Knows views/answering/explained_answer.py's JSON.
import { countText, numberText, percentText } from "../digits.js";
import { isolated, quoted } from "../bidi.js";
import { legend, make, pairs, shade, strips } from "../look.js";
import { barTable } from "../tables.js";
import { unpack } from "../wire.js";

/** @param {Face<answering.ExplainedView>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-answering");
  const CHUNK = 160, LANE = 4;
  const ASK = "Why this span and not another? Choose any token as a start, then one as its end: their logits are added here.";
  let value, token, windows, state, chunks, watcher, parts;

  const cited = (text) => quoted(text.length > 60 ? `${text.slice(0, 59)}…` : text);
  const textOf = (first, last) => value.context.slice(token.starts[first], token.ends[last]);
  const here = () => windows[state.window];
  const inside = (i) => i >= here().first && i < here().stop;
  const startOf = (i) => value.startLogits[here().at + i - here().first];
  const endOf = (i) => value.endLogits[here().at + i - here().first];
  const chanceOf = (score) => {
    const T = value.temperature, high = Math.max(value.log_sum, value.null / T);
    return Math.exp(score / T - high - Math.log(Math.exp(value.log_sum - high) + Math.exp(value.null / T - high)));
  };

  function open(made) {
    const { starts, ends, edges, start_logits: startLogits, end_logits: endLogits } = unpack(made.arrays);
    value = { ...made, startLogits, endLogits };
    token = { starts, ends, count: starts.length, edges };
    let at = 0;
    windows = made.windows.map((one) => {
      const held = { ...one, at };
      at += one.stop - one.first;
      return held;
    });
    const best = made.spans[0];
    state = { window: best ? best.window : 0, marked: best ? [best.first, best.last] : null, from: null, by: "p", cursor: -1,
              threshold: made.threshold === null ? (made.spans.length ? Math.max(15, made.null - best.score + 2) : 15) : made.threshold };
    lanes();
  }

  // Softmax over the window's context tokens and [CLS], and each logit's place between the least and the greatest.
  function shares() {
    const one = here();
    if (!one.shares) {
      one.shares = ["start", "end"].map((side) => {
        const logits = value[`${side}Logits`].subarray(one.at, one.at + one.stop - one.first), none = one[`${side}_null`];
        const high = logits.reduce((a, b) => Math.max(a, b), none), low = logits.reduce((a, b) => Math.min(a, b), none);
        const total = logits.reduce((sum, logit) => sum + Math.exp(logit - high), Math.exp(none - high));
        const p = (logit) => Math.exp(logit - high) / total;
        return { p, place: (logit) => (high > low ? (logit - low) / (high - low) : 0) };
      });
    }
    return one.shares;
  }

  // Each candidate gets the highest line on which no earlier one lies.
  function lanes() {
    token.lanes = new Map();
    value.spans.forEach((span, k) => {
      let lane = 0;
      const taken = (i) => (token.lanes.get(i) || []).some((one) => one.lane === lane);
      for (let i = span.first; i <= span.last; i++) if (taken(i)) { lane++; i = span.first - 1; }
      for (let i = span.first; i <= span.last; i++) token.lanes.set(i, [...(token.lanes.get(i) || []), { lane, k }]);
      state.lanes = Math.max(state.lanes || 0, lane + 1);
    });
  }

  function layers(held) {
    const up = ({ lane }) => `${(state.lanes - 1 - lane) * LANE}px`;
    return held.map((one) => `linear-gradient(var(--pg-fill-2) 0 100%) 0 calc(100% - ${up(one)}) / 100% 2px no-repeat`).join(", ");
  }

  function dress(node, i) {
    const [s, e] = shares(), by = state.by === "p" ? "p" : "place";
    strips(node, s[by](startOf(i)), e[by](endOf(i)));
    const held = token.lanes.get(i);
    if (held) node.style.setProperty("--pg-lanes", layers(held));
    if (i === state.cursor) node.dataset.cursor = "";
    if (i === state.from) node.dataset.from = "";
    return node;
  }

  function fill(chunk) {
    const made = document.createDocumentFragment();
    let at = chunk.begin, mark = null;
    for (let i = chunk.from; i < chunk.to; i++) {
      const begin = Math.max(at, token.starts[i]), marked = state.marked && i >= state.marked[0] && i <= state.marked[1];
      if (begin > at) {
        const gap = make("span", "", value.context.slice(at, begin)), before = token.lanes.get(i - 1) || [];
        const both = (token.lanes.get(i) || []).filter(({ k }) => before.some((one) => one.k === k));
        if (both.length) { gap.className = "pg-strips-gap"; gap.style.setProperty("--pg-lanes", layers(both)); }
        (mark && marked ? mark : made).append(both.length ? gap : gap.textContent);
      }
      if (marked && !mark) made.append((mark = make("mark")));
      if (!marked) mark = null;
      const node = make("span", "", value.context.slice(begin, Math.max(begin, token.ends[i])));
      if (inside(i)) { node.className = "pg-strips"; dress(node, i); } else node.className = "pg-outside";
      node.dataset.i = i;
      (mark || made).append(node);
      at = Math.max(begin, token.ends[i]);
    }
    made.append(value.context.slice(at, chunk.end));
    chunk.node.replaceChildren(made);
    chunk.full = true;
  }

  function empty(chunk) {
    chunk.node.textContent = value.context.slice(chunk.begin, chunk.end);
    chunk.full = false;
  }

  // Tokens are nodes only near the part in view; the rest is plain text of the same size.
  function lay() {
    if (watcher) watcher.disconnect();
    watcher = new IntersectionObserver((seen) => seen.forEach((one) => {
      const chunk = chunks[+one.target.dataset.chunk];
      if (one.isIntersecting && !chunk.full) fill(chunk);
      else if (!one.isIntersecting && chunk.full) empty(chunk);
    }), { root: parts.context, rootMargin: "400px 0px" });
    chunks = [];
    for (let from = 0; from < token.count; from += CHUNK) {
      const to = Math.min(from + CHUNK, token.count), last = to === token.count;
      const end = last ? value.context.length : token.starts[to];
      const chunk = { from, to, begin: from ? token.starts[from] : 0, end, node: make("span") };
      chunk.node.dataset.chunk = chunks.push(chunk) - 1;
      empty(chunk);
    }
    parts.text.replaceChildren(...chunks.map((chunk) => chunk.node));
    chunks.forEach((chunk) => watcher.observe(chunk.node));
  }

  const nodeOf = (i) => {
    const chunk = chunks[Math.floor(i / CHUNK)];
    if (!chunk.full) fill(chunk);
    return chunk.node.querySelector(`[data-i="${i}"]`);
  };

  function again() {
    chunks.filter((chunk) => chunk.full).forEach(fill);
    none();
  }

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

  function tell(i) {
    const [s, e] = shares(), isNone = i < 0;
    if (!isNone && !inside(i)) {
      parts.detail.replaceChildren(...pairs([["token", textOf(i, i)], ["in this window", "not read"]]));
      return;
    }
    const a = isNone ? here().start_null : startOf(i), b = isNone ? here().end_null : endOf(i);
    const held = isNone ? [] : (token.lanes.get(i) || []).map(({ k }) => k + 1);
    const count = `(${countText(i + 1)} of ${countText(token.count)})`;
    parts.detail.replaceChildren(...pairs([
      ["token", isNone ? "[CLS], which stands for “no answer”" : `${isolated(textOf(i, i)) || "part of a character"} ${count}`],
      ["start logit", `${numberText(a)} · ${percentText(s.p(a))}`], ["end logit", `${numberText(b)} · ${percentText(e.p(b))}`],
      ...(held.length ? [["in span", held.join(", ")]] : []),
    ]));
  }

  function sum(first, last) {
    const a = startOf(first), b = endOf(last), score = a + b, best = value.spans[0];
    const said = `start ${numberText(a)} + end ${numberText(b)} = ${numberText(score)}`;
    if (last < first) return `An end before its start: ${said}, but the search never tries such a pair, however high its sum.`;
    if (last - first >= value.longest) {
      return `${last - first + 1} tokens: ${said}, but the search tries spans of at most ${value.longest} tokens.`;
    }
    const side = !(token.edges[first] & 1) ? "begins" : !(token.edges[last] & 2) ? "ends" : "";
    if (side && !value.spans.some((one) => one.first === first && one.last === last)) {
      return `${cited(textOf(first, last))} ${side} inside a word: ${said}, but the search tries only spans that begin and end where words do.`;
    }
    const less = best ? best.score - score : 0, T = value.temperature, over = T === 1 ? "" : ` / ${T}`;
    const times = `exp(−${numberText(less)}${over}) = ${Math.exp(-less / T).toPrecision(2)} times as likely`;
    const beside = less > 0.005 ? `${numberText(less)} less than the best span’s ${numberText(best.score)}, so ${times}` : "the best sum there is";
    const minus = `Minus “no answer” (${numberText(value.null)}): ${numberText(score - value.null)}.`;
    return `${cited(textOf(first, last))}: ${said}, ${beside}: ${percentText(chanceOf(score))}. ${minus}`;
  }

  function choose(first, last) {
    state.marked = [first, last];
    state.from = null;
    parts.own.textContent = sum(first, last);
    parts.weigh.disabled = last < first || last - first >= value.longest;
    [...parts.spans.querySelectorAll("tbody tr")].forEach((row, k) => {
      const one = value.spans[k];
      row.toggleAttribute("aria-current", false);
      if (one && one.first === first && one.last === last) row.setAttribute("aria-current", "true");
    });
    again();
  }

  function unmark(said) {
    state.marked = state.from = null;
    parts.own.textContent = said;
    parts.weigh.disabled = true;
    parts.spans.querySelectorAll("tr[aria-current]").forEach((row) => row.removeAttribute("aria-current"));
    again();
  }

  function pick(i) {
    if (!inside(i)) return;
    if (state.from === null || !inside(state.from)) {
      Object.assign(state, { from: i, marked: [i, i] });
      parts.own.textContent = `Your span starts at ${cited(textOf(i, i))} (start logit ${numberText(startOf(i))}). Now choose its last token.`;
      again();
    } else choose(state.from, i);
  }

  function move(i) {
    const before = state.cursor;
    state.cursor = Math.max(0, Math.min(token.count - 1, i));
    if (before >= 0) delete nodeOf(before).dataset.cursor;
    nodeOf(state.cursor).dataset.cursor = "";
    reveal(state.cursor);
    tell(state.cursor);
  }

  function goTo(window, span) {
    state.window = window;
    if (parts.map) paintMap();
    if (span) { choose(...span); reveal(span[0]); return; }
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

  function button(text, act, label) {
    const made = make("button", "pg-button", text);
    made.type = "button";
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  function spanTable() {
    const many = windows.length > 1, window = (n) => (many ? [String(n + 1)] : []);
    const rows = value.spans.map((span) => ({
      label: span.text, share: span.p, said: `${isolated(span.text)}, ${span.percent}, ${span.place}: mark it in the context`,
      pick: () => goTo(span.window, [span.first, span.last]),
      texts: [span.percent, numberText(span.start), numberText(span.end), numberText(span.score), numberText(span.score - value.null), ...window(span.window)],
    }));
    const least = windows.reduce((a, b) => (a.start_null + a.end_null <= b.start_null + b.end_null ? a : b));
    rows.push({ label: "no answer", share: value.no_answer.p, second: true,
                texts: [value.no_answer.percent, numberText(least.start_null), numberText(least.end_null), numberText(value.null), "0", ...window(windows.indexOf(least))] });
    const table = barTable("Best spans and “no answer”",
      ["Span", "", "Probability", "Start", "End", "Sum", "− no answer", ...(many ? ["Window"] : [])], rows);
    parts.spans = make("div", "pg-scroll");
    parts.spans.append(table);
    const part = make("div"), T = value.temperature, told = value.measured;
    const points = told ? numberText(100 * told.error, 1) : "", heat = T === 1 ? "" : `, divided by the temperature ${T},`;
    const error = !told ? "" : ` On ${told.test} it is ${points} points away, on average, from how often the answer is exactly right ` +
      "(expected calibration error).";
    const said = `Choose one to mark it. Spans of at most ${value.longest} tokens are tried that begin and end where words do. The sum of ` +
      `a span’s start and end logit is its score; a softmax over the scores of all of them and “no answer”${heat} makes it a probability.${error}`;
    part.append(make("h3", "", "Best spans"), make("p", "pg-small pg-soft", said), parts.spans);
    return part;
  }

  function windowPart() {
    const part = make("div", "pg-windows-part"), map = make("div", "pg-window-map"), said = make("p", "pg-small"), table = make("details");
    parts.map = map;
    map.setAttribute("aria-hidden", "true");
    windows.forEach((one, n) => {
      const node = make("span");
      node.style.left = `${(100 * one.first) / token.count}%`;
      node.style.width = `${(100 * (one.stop - one.first)) / token.count}%`;
      node.style.top = `${(n % 2) * 16}px`;
      shade(node, one.p);
      map.append(node);
    });
    map.addEventListener("click", (event) => {
      const n = [...map.children].indexOf(event.target);
      if (n >= 0) goTo(n);
    });
    const row = make("div", "pg-window-row");
    row.append(button("◀", () => goTo(Math.max(0, state.window - 1)), "Window before"), said,
               button("▶", () => goTo(Math.min(windows.length - 1, state.window + 1)), "Next window"));
    parts.windowSaid = said;
    said.setAttribute("aria-live", "polite");
    const order = windows.map((one, n) => n).sort((a, b) => windows[b].score - windows[a].score).slice(0, 20);
    table.append(make("summary", "", windows.length > 20 ? "The 20 windows with the best spans" : "Each window’s best span"), make("div", "pg-scroll"));
    table.lastChild.append(barTable("Choose a window to see its strips.", ["Window", "", "Probability", "Best span", "Sum", "No answer"], order.map((n) => ({
      label: `window ${n + 1}`, share: windows[n].p, pick: () => goTo(n, windows[n].best),
      texts: [windows[n].percent, cited(windows[n].text), numberText(windows[n].score), numberText(windows[n].start_null + windows[n].end_null)] }))));
    part.append(make("h3", "", `Read in ${windows.length} windows of ${value.max_tokens} tokens, neighbours sharing ${value.stride}`), map, row, table);
    return part;
  }

  function paintMap() {
    const won = value.spans.length ? value.spans[0].window : -1, one = here();
    [...parts.map.children].forEach((node, n) => {
      node.toggleAttribute("data-here", n === state.window);
      node.toggleAttribute("data-won", n === won);
    });
    const is = state.window === won ? "which won: it holds the best span" : `best span ${cited(one.text)}, sum ${numberText(one.score)}`;
    const tokens = `tokens ${countText(one.first + 1)}–${countText(one.stop)}`;
    parts.windowSaid.textContent = `Window ${state.window + 1} of ${windows.length}, ${tokens}, ${is}; its “no answer” ${numberText(one.start_null + one.end_null)}`;
  }

  function decide() {
    const best = value.spans[0], doubt = best ? value.null - best.score : Infinity, answers = best && !(doubt > state.threshold);
    parts.head.textContent = answers ? best.text : "No answer in this context";
    const before = state.answers, marked = state.marked;
    state.answers = parts.head.dataset.answered = Boolean(answers);
    if (!best) return;
    // A span of the reader's own stays marked; the page's own mark, and what it says of it, goes with the answer.
    const theirs = state.from !== null || (marked && (marked[0] !== best.first || marked[1] !== best.last));
    if (before !== undefined && before !== state.answers && !theirs) settle();
    const is = answers ? "not above" : "above", so = answers ? `the answer is ${cited(best.text)}` : "no answer";
    parts.decision.textContent = `“No answer” ${numberText(value.null)} − best span ${numberText(best.score)} = ${numberText(doubt)}, ${is} the threshold ${numberText(state.threshold)}: ${so}.`;
    const told = value.measured && value.measured.here, away = ([at]) => Math.abs(at - state.threshold);
    if (!told || !told.thresholds.length) return;
    const [at, score, answered, refused] = told.thresholds.reduce((a, b) => (away(a) <= away(b) ? a : b));
    parts.measured.textContent = `Measured near this threshold (at ${numberText(at)}) on ${told.test}: F1 ${numberText(score, 1)} on ${countText(told.rows)} ` +
      `that have an answer, ${percentText(answered, 0)} of them answered; ${percentText(refused, 0)} of those without one refused.`;
  }

  function thresholdPart() {
    const part = make("div", "pg-threshold"), slider = make("input"), ticks = make("div", "pg-ticks pg-small");
    const label = make("p", "pg-small", "No-answer threshold, in logits: drag it and see the answer go and come");
    const doubt = value.spans.length ? value.null - value.spans[0].score : 0;
    const low = Math.min(-15, Math.floor(doubt) - 2), high = Math.max(15, Math.ceil(doubt) + 2);
    Object.assign(slider, { type: "range", min: low, max: high, step: 0.05, value: state.threshold });
    slider.setAttribute("aria-label", "No-answer threshold");
    const tick = (at, text) => {
      const node = make("span", "", text), share = (at - low) / (high - low);
      node.style.left = `calc(8px + ${share} * (100% - 16px))`;
      node.dataset.side = share < 0.5 ? "start" : "end";
      ticks.append(node);
    };
    tick(doubt, `this text ${numberText(doubt)}`);
    const set = (at) => { state.threshold = at; slider.value = at; decide(); };
    slider.addEventListener("input", () => { state.threshold = +slider.value; decide(); });
    const row = make("div", "pg-window-row");
    if (value.threshold !== null) {
      tick(value.threshold, `the model’s ${numberText(value.threshold)}`);
      row.append(button(`The model’s own: ${numberText(value.threshold)}`, () => set(value.threshold)));
    }
    row.append(button("Always answer", () => set(high)));
    parts.decision = make("p", "pg-small");
    parts.decision.setAttribute("aria-live", "polite");
    parts.measured = make("p", "pg-small pg-soft");
    part.append(make("h3", "", "When does it say “no answer”?"), label, slider, ticks, row, parts.decision, parts.measured);
    const told = value.measured;
    if (told && value.threshold !== null) {
      const both = `F1 ${numberText(told.f1, 1)} with it, ${numberText(told.f1_always, 1)} without`, lost = told.f1_always - told.f1;
      const cost = lost > 0 ? `costs ${numberText(lost, 1)} points (${both}), the price of saying no` : `costs nothing (${both})`;
      const lengths = `The model has two thresholds: ${numberText(told.short_threshold)} for a context of up to ${told.short_tokens} tokens, ` +
        `${numberText(told.long_threshold)} for a longer one. This one has ${countText(token.count)}.`;
      part.append(make("p", "pg-small pg-soft", `${lengths} On ${told.test}, whose contexts are mostly long and whose questions all have an answer, saying no ${cost}.`),
                  make("p", "pg-small pg-soft", "On a long context, do not rely on its “no answer”: of SQuAD 2.0’s questions that only look as if the text " +
                    `answered them, it refuses ${percentText(told.adversarial, 0)}.`));
    } else part.append(make("p", "pg-small pg-soft", "This model was not trained to say “no answer” and has no threshold of its own: the one here is yours."));
    return part;
  }

  function contextPart() {
    const part = make("div", "pg-reading"), tools = make("div", "pg-window-row"), key = legend("share", "0 %", "100 %");
    key.querySelector(".pg-ramp").classList.add("pg-ramp-strip");
    const shadeBy = (by, text, low, high) => {
      const made = button(text, () => {
        [state.by, key.firstChild.textContent, key.lastChild.textContent] = [by, low, high];
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
    parts.context.style.setProperty("--pg-below", `${(state.lanes || 0) * LANE}px`);
    parts.none = make("button", "pg-strips pg-no-answer", "[CLS] no answer");
    parts.none.type = "button";
    ["mouseenter", "focus"].forEach((name) => parts.none.addEventListener(name, () => tell(-1)));
    parts.text = make("span", "pg-context-text");
    parts.context.append(parts.none, " ", parts.text);
    const at = (event) => { const node = event.target.closest("[data-i]"); return node ? +node.dataset.i : -1; };
    parts.context.addEventListener("mouseover", (event) => { if (at(event) >= 0) tell(at(event)); });
    parts.context.addEventListener("click", (event) => { if (at(event) >= 0) { state.cursor = at(event); pick(at(event)); tell(at(event)); } });
    parts.context.addEventListener("keydown", (event) => {
      if (event.target !== parts.context) return;
      const cursor = state.cursor < 0 ? (state.marked || [0])[0] - 1 : state.cursor;
      const to = { ArrowRight: cursor + 1, ArrowLeft: cursor - 1, Home: here().first, End: here().stop - 1 }[event.key];
      if (to !== undefined) { event.preventDefault(); move(to); }
      if ((event.key === "Enter" || event.key === " ") && state.cursor >= 0) { event.preventDefault(); pick(state.cursor); }
    });
    parts.detail = make("dl", "pg-figures pg-detail");
    parts.detail.setAttribute("aria-live", "polite");
    parts.own = make("p", "pg-small pg-own", ASK);
    parts.own.setAttribute("aria-live", "polite");
    parts.weigh = button("Which words of the question mattered for the marked span?",
                         () => trigger("weigh", { first: state.marked[0], last: state.marked[1] }));
    parts.weigh.disabled = !state.marked;
    part.append(tools, parts.detail, parts.context, parts.own, parts.weigh);
    return part;
  }

  function draw() {
    const made = props.value;
    box.hidden = !(made && made.context !== undefined);
    if (box.hidden) return;
    parts = {};
    open(made);
    parts.head = make("p", "pg-answer");
    parts.head.dir = "auto";
    const asked = make("p", "pg-small pg-soft pg-asked", made.question);
    asked.dir = "auto";
    box.replaceChildren(asked, parts.head, contextPart(), spanTable(), ...(windows.length > 1 ? [windowPart()] : []), thresholdPart(),
                        make("p", "pg-soft pg-small", `Model: ${made.model}`));
    lay();
    decide();
    if (parts.map) paintMap();
    settle();
  }
  draw();
  watch("value", draw);
}
