// How a text was cut: its stages as rows of chips, then one word stepped through by a slider, buttons or arrow keys.
// Knows views/tokens/segmentation.py's JSON. Everything is in the page: a move asks nobody.
import { countText, numberText } from "../digits.js";
import { directionOf, isolated, quoted } from "../bidi.js";
import { chipRow, make } from "../look.js";
import { barTable } from "../tables.js";

/** @param {Face<tokens.CuttingView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-cutting");
  const stages = make("div", "pg-cut-stages");
  const words = make("div", "pg-cut-words");
  const walk = make("section", "pg-cut-walk");
  box.append(stages, words, walk);
  /** @type {tokens.CuttingView} */
  let view;
  /** @type {tokens.CuttingView["words"][number]} */
  let word;
  let at = 0;

  const slider = make("input", "pg-cut-slider");
  slider.type = "range";
  slider.min = "0";
  slider.setAttribute("aria-label", "Step");
  const counter = make("span", "pg-number pg-soft");
  const told = make("p", "pg-cut-told");
  told.setAttribute("role", "status");
  told.setAttribute("aria-live", "polite");
  const algorithm = make("p", "pg-soft pg-small");
  const picture = make("div", "pg-cut-picture");
  picture.setAttribute("role", "group");

  /**
   * @param {string} text
   * @param {string} said
   * @param {() => void} act
   */
  function button(text, said, act) {
    const one = make("button", "pg-button", text);
    one.type = "button";
    one.setAttribute("aria-label", said);
    one.addEventListener("click", act);
    return one;
  }

  const controls = make("div", "pg-cut-controls");
  controls.append(
    button("⇤", "First step", () => go(0)), button("← Undo", "Undo one step", () => go(at - 1)), slider,
    button("Next →", "Next step", () => go(at + 1)), button("⇥", "Last step", () => go(word.steps)), counter,
  );
  const heading = make("h3", "", "");
  walk.append(heading, algorithm, controls, told, picture);

  /**
   * @param {string} text
   * @param {{special?: boolean, strong?: boolean, faint?: boolean}} [look]
   */
  function chip(text, { special, strong, faint } = {}) {
    const one = make("span", "pg-chip", text);
    one.dataset.colour = special ? "special" : strong ? "1" : "0";
    if (strong) one.dataset.strong = "";
    if (faint) one.dataset.faint = "";
    return one;
  }

  function drawStages() {
    const way = directionOf(view.stages[0].chips.map((one) => one.text)); // of the text, in all stages
    stages.replaceChildren(...view.stages.map((stage) => {
      const row = make("div", "pg-cut-stage");
      const name = make("h4", "", stage.name);
      const line = make("div", "pg-cut-line");
      line.dir = way;
      for (const item of stage.chips) {
        const one = chip(item.text, item);
        if (item.said) one.title = item.said;
        line.append(one);
      }
      if (!stage.chips.length) line.append(make("span", "pg-soft", "nothing"));
      row.append(name, line);
      if (stage.said) row.append(make("p", "pg-soft pg-small", stage.said));
      return row;
    }), make("p", "pg-small", view.agrees));
  }

  /** @param {number} chosen */
  function drawWords(chosen) {
    const items = view.words.map((one) => ({
      text: one.label || "∅", special: one.kind === "special",
      said: `${isolated(one.label)}: ${one.steps === 1 ? "1 step" : `${one.steps} steps`}`,
    }));
    words.replaceChildren(make("h3", "", "Choose a word to step through"),
      chipRow(items, { label: "Words of the text; Enter chooses one", pick: (i) => choose(i, true), chosen }));
  }

  /**
   * @param {number} i
   * @param {boolean} keep
   */
  function choose(i, keep) {
    word = view.words[i];
    drawWords(i);
    if (keep) words.querySelectorAll(".pg-chip-button")[i].focus();
    walk.hidden = !word;
    if (!word) return;
    heading.textContent = `${isolated(word.label)} · ${{ merge: "byte-level BPE", match: "WordPiece", lattice: "Unigram", special: "special token" }[word.kind]}`;
    algorithm.textContent = view.said[word.kind];
    slider.max = String(word.steps);
    go(word.kind === "merge" ? 0 : Math.min(1, word.steps));
  }

  /** @param {number} to */
  function go(to) {
    at = Math.max(0, Math.min(word.steps, to));
    slider.value = String(at);
    counter.textContent = `step ${at} of ${word.steps}`;
    slider.setAttribute("aria-valuetext", counter.textContent);
    if (word.kind === "merge") drawMerge(word);
    else if (word.kind === "match") drawMatch(word);
    else if (word.kind === "lattice") drawLattice(word);
    else tell("", chip(word.label, { special: true }));
  }

  /**
   * @param {string} sentence
   * @param {HTMLElement[]} nodes
   */
  function tell(sentence, ...nodes) {
    told.textContent = sentence;
    picture.replaceChildren(...nodes);
  }

  /** @param {HTMLElement[]} chips */
  function line(...chips) {
    const row = make("div", "pg-cut-line");
    row.dir = directionOf([word.label]);
    row.append(...chips);
    return row;
  }

  /**
   * The pieces after `steps` merges, and what the last of them joined.
   * @param {tokens.MergedWord} of
   * @param {number} steps
   */
  function replay(of, steps) {
    const pieces = [...of.symbols];
    let left = "", right = "";
    for (const merge of of.merges.slice(0, steps)) {
      [left, right] = [pieces[merge.at], pieces[merge.at + 1]];
      pieces.splice(merge.at, 2, merge.label);
    }
    return { pieces, left, right };
  }

  /** @param {tokens.MergedWord} of */
  function drawMerge(of) {
    const { pieces, left, right } = replay(of, at);
    const made = at ? of.merges[at - 1] : null;
    const rank = made ? countText(made.rank) : "";
    const lost = of.dropped.length ? ` ${of.dropped.join(" ")} has no piece in this vocabulary and is dropped.` : "";
    const sentence = made
      ? `${quoted(left)} + ${quoted(right)} → ${quoted(made.label)}: of all neighbours here their pair has the lowest merge rank, ${rank}.`
      : `${of.symbols.length} bytes to begin with.${lost}`;
    const end = at === of.steps ? ` No two neighbours are a learned pair: ${pieces.length === 1 ? "one piece" : `${pieces.length} pieces`}.` : "";
    const rows = of.merges.map((merge, i) => ({
      label: `${i + 1}. ${isolated(merge.label)}`, said: `Go to step ${i + 1}`, pick: () => go(i + 1), chosen: i === at - 1,
      share: Math.log(2 + merge.rank) / Math.log(60000), texts: [countText(merge.rank)],
    }));
    const table = rows.length ? barTable("Merges in order; the bar is the merge rank on a logarithmic scale", ["Merge", "", "Rank"], rows) : make("span");
    tell(sentence + end, line(...pieces.map((piece, i) => chip(piece, { strong: i === made?.at }))), table);
  }

  /**
   * Every candidate looked up, longest first: {start, end, hit}. The matches say where each search ended.
   * @param {tokens.MatchedWord} of
   */
  function candidates(of) {
    const list = [];
    for (const match of of.matches) {
      for (let end = of.letters.length; end >= match.end; end--) list.push({ start: match.start, end, hit: end === match.end });
    }
    if (of.failed >= 0 && !of.skipped) {
      for (let end = of.letters.length; end > of.failed; end--) list.push({ start: of.failed, end, hit: false });
    }
    return list;
  }

  /** @param {tokens.MatchedWord} of */
  function drawMatch(of) {
    const list = candidates(of);
    const now = list[at - 1];
    const text = (/** @type {number} */ from, /** @type {number} */ to) => (from ? "##" : "") + of.letters.slice(from, to).join("");
    const found = list.slice(0, at).filter((one) => one.hit).map((one) => chip(text(one.start, one.end)));
    if (!list.length) {
      tell(`A word of more than 100 letters is not looked up at all: ${of.unknown}.`, line(chip(of.unknown, { special: true })));
      return;
    }
    if (!now) { tell("The whole word is tried first.", line(...of.letters.map((letter) => chip(letter)))); return; }
    const lost = at === list.length && of.failed >= 0;
    const sentence = lost ? `Not even ${quoted(text(now.start, now.end))} is in the vocabulary, so the whole word becomes ${of.unknown}.`
      : `${quoted(text(now.start, now.end))} is ${now.hit ? "in the vocabulary: taken." : "not in the vocabulary: one letter less."}`;
    const letters = of.letters.map((letter, i) => chip(letter, { strong: i >= now.start && i < now.end, faint: i < now.start }));
    const taken = line(make("span", "pg-soft pg-small", "Taken so far: "), ...(lost ? [chip(of.unknown, { special: true })] : found));
    tell(sentence, line(...letters), taken);
  }

  /** @param {number} score */
  function number(score) {
    return numberText(score);
  }

  /**
   * Characters on top, every piece that fits as a bar under its characters; the grid packs them.
   * @param {tokens.LatticeWord} of
   */
  function drawLattice(of) {
    const size = of.letters.length, done = at > size;
    const outer = make("div", "pg-scroll"), grid = make("div", "pg-lattice");
    outer.tabIndex = 0;
    outer.setAttribute("role", "region");
    outer.setAttribute("aria-label", "Pieces that fit, under the characters they cover");
    grid.dir = directionOf([word.label]);
    grid.style.gridTemplateColumns = `repeat(${size}, minmax(44px, 1fr))`;
    of.letters.forEach((letter, i) => {
      const cell = make("span", "pg-lattice-letter pg-mono", letter);
      cell.style.gridColumn = `${i + 1}`;
      cell.style.gridRow = "1";
      grid.append(cell);
    });
    const order = [...of.arcs].sort((a, b) => Number(done && b.on) - Number(done && a.on) || a.start - b.start || b.end - a.end);
    for (const arc of order) {
      const one = make("span", "pg-chip pg-lattice-arc");
      one.style.gridColumn = `${arc.start + 1} / ${arc.end + 1}`;
      one.append(make("span", "", arc.label), make("span", "pg-small", arc.known ? number(arc.score) : "unknown"));
      one.dataset.colour = done && arc.on ? "1" : "0";
      if (done ? arc.on : arc.end === at) one.dataset.strong = "";
      else if (done || arc.end > at) one.dataset.faint = "";
      one.title = `${isolated(arc.label)}: score ${number(arc.score)}${done && arc.on ? ", on the best path" : ""}`;
      grid.append(one);
    }
    outer.append(grid);
    const taken = of.arcs.filter((arc) => arc.on);
    if (done) {
      const nodes = [line(...taken.map((arc) => chip(arc.label, { strong: true }))), outer];
      tell(`The best path, read back from the end: ${number(of.best[size])} in all. No other path scores more.`, ...nodes);
      return;
    }
    if (!at) { tell("Nothing is cut yet: the best way to the beginning costs 0.", outer); return; }
    const ways = of.arcs.filter((arc) => arc.end === at).map((arc) => ({ arc, sum: of.best[arc.start] + arc.score })).sort((a, b) => b.sum - a.sum);
    const worst = Math.min(...ways.map((way) => way.sum), -1);
    const rows = ways.map((way, i) => ({
      label: way.arc.label, share: way.sum / worst, second: i === 0, chosen: i === 0,
      texts: [number(way.arc.score), number(of.best[way.arc.start]), number(way.sum)],
    }));
    tell(`Best way to the place after ${quoted(of.letters[at - 1])}: end with ${quoted(ways[0].arc.label)}, ${number(of.best[at])} in all.`,
      barTable("Pieces that end here. A longer bar is a worse score; the best is marked.", ["Last piece", "", "Its score", "+ best before it", "= total"], rows), outer);
  }

  slider.addEventListener("input", () => go(+slider.value));

  function draw() {
    box.hidden = !props.value?.stages;
    if (!props.value?.stages) return;
    view = props.value;
    drawStages();
    words.hidden = !view.words.length;
    choose(view.chosen, false);
  }
  draw();
  watch("value", draw);
}
