// Every token as a chip, with its details on hover, focus or tap. Chips are made only near the part in view, in chunks, so that
// hundreds of thousands of tokens stay usable. Knows the packed form of views/tokens/tokens.py; all text goes in as textContent.
import { countText } from "../digits.js";
import { directionOf, isolated } from "../bidi.js";
import { bar, make, pairs } from "../look.js";
import { unpack } from "../wire.js";

/** @param {Face<tokens.TokensView>} face */
export default function ({ element, props, watch, trigger }) {
  const CHUNK = 200;
  /** @type {Record<string, string>} */
  const NAMES = { part: "part of", made: "made of" };
  const CHIP_WIDTH = 46;
  const LINE = 26;
  const box = element.querySelector(".pg-tokens");
  /** @type {tokens.TokensView} */
  let view;
  /** @type {{rows: tokens.TokensView["rows"]} & Record<"index" | "starts" | "lengths" | "byteStarts" | "byteLengths", import("../wire.js").Numbers>} */
  let token;
  /** @type {IntersectionObserver | undefined} */
  let watcher;

  const figures = make("dl", "pg-figures");
  const detail = make("dl", "pg-figures pg-detail");
  const chips = make("div", "pg-chips");
  const meter = make("div", "pg-meter");
  const table = make("details", "pg-windows");
  chips.setAttribute("role", "listbox");
  chips.setAttribute("aria-label", "Tokens; move with the arrow keys");
  box.append(figures, detail, chips, meter, table);

  /**
   * @param {number} start
   * @param {number} length
   */
  function span(start, length) {
    return length > 0 ? `${countText(start)}–${countText(start + length)}` : `at ${countText(start)}`;
  }

  /**
   * @param {number} i
   * @returns {[string, string][]}
   */
  function describe(i) {
    const [id, , piece, bytes, surface, , kind] = token.rows[token.index[i]];
    /** @type {[string, string][]} */
    const list = [["token", countText(i + 1)], ["id", String(id)], ["piece", piece]];
    if (kind === "special") return [...list, ["kind", "special: not in your text"]];
    if (kind === "control") list.push(["kind", "control token, typed in your text"]);
    list.push([NAMES[kind] || "text", surface || "none: put in by the tokenizer"], ["bytes of the text", bytes || "none"]);
    list.push(["characters", span(token.starts[i], token.lengths[i])]);
    list.push(["bytes at", span(token.byteStarts[i], token.byteLengths[i])]);
    return list;
  }

  /** @param {number} i */
  function explain(i) {
    detail.replaceChildren(...pairs(describe(i)));
  }

  /** @param {number} i */
  function makeChip(i) {
    const [id, label, , , , , kind] = token.rows[token.index[i]];
    const chip = make("span", "pg-chip", label);
    chip.dataset.i = String(i);
    chip.dataset.colour = kind === "special" || kind === "control" ? "special" : String(i % 6);
    if (kind === "control") chip.dataset.control = "";
    chip.setAttribute("role", "option");
    chip.setAttribute("aria-label", `${isolated(label)}, id ${id}${kind === "control" ? ", control token" : ""}`);
    chip.tabIndex = i === 0 ? 0 : -1;
    return chip;
  }

  /** @param {HTMLElement} chunk */
  function fill(chunk) {
    const from = Number(chunk.dataset.from);
    const to = Math.min(from + CHUNK, token.index.length);
    const made = document.createDocumentFragment();
    for (let i = from; i < to; i++) {
      made.append(makeChip(i));
      for (let breaks = token.rows[token.index[i]][5]; breaks > 0; breaks--) made.append(make("br"));
    }
    chunk.append(made);
    chunk.style.minHeight = "";
    chunk.dataset.full = "1";
  }

  /** @param {HTMLElement} chunk */
  function empty(chunk) {
    if (chunk.contains(document.activeElement)) return;
    chunk.style.minHeight = `${chunk.offsetHeight}px`;
    chunk.replaceChildren();
    delete chunk.dataset.full;
  }

  function drawChips() {
    watcher?.disconnect();
    const total = token.index.length;
    const perLine = Math.max(3, Math.floor((chips.clientWidth || 600) / CHIP_WIDTH));
    const chunks = [];
    for (let from = 0; from < total; from += CHUNK) {
      const chunk = make("div", "pg-chunk");
      chunk.setAttribute("role", "presentation");
      chunk.dataset.from = String(from);
      chunk.style.minHeight = `${Math.ceil(Math.min(CHUNK, total - from) / perLine) * LINE}px`;
      chunks.push(chunk);
    }
    chips.dir = directionOf(Array.from(token.index.subarray(0, CHUNK), (row) => token.rows[row]).map(([, , , , surface, , kind]) => (kind ? "" : surface)));
    chips.replaceChildren(...chunks);
    chips.scrollTop = 0;
    if (chunks.length) fill(chunks[0]);
    const seen = new IntersectionObserver(
      (entries) => {
        for (const entry of entries) {
          const chunk = /** @type {HTMLElement} */ (entry.target), full = chunk.dataset.full === "1";
          if (entry.isIntersecting && !full) fill(chunk);
          if (!entry.isIntersecting && full && chunks.length > 8) empty(chunk);
        }
      },
      { root: chips, rootMargin: "300px 0px" },
    );
    chunks.forEach((chunk) => seen.observe(chunk));
    watcher = seen;
  }

  /** @param {shared.FilledWindow} row */
  function windowRow(row) {
    const line = make("tr");
    const source = make("a", "", row.date);
    if (row.source.startsWith("https://")) source.href = row.source;
    source.target = "_blank";
    source.rel = "noopener noreferrer";
    source.setAttribute("aria-label", `Source, ${row.date}`);
    const cells = [make("td", "", row.model), make("td", "", row.organisation), make("td", "pg-number", countText(row.window))];
    const share = make("td");
    share.append(bar(row.share, row.share > 1));
    cells.push(make("td", "pg-number", row.percent), share, make("td", "", row.tokenizer), make("td"));
    cells[cells.length - 1].append(source);
    line.append(...cells);
    return line;
  }

  function drawWindows() {
    const was = table.open;
    const grid = make("table", "pg-table");
    const head = make("tr");
    for (const name of ["Model", "From", "Window (tokens)", "This text fills", "", "Its tokenizer", "Source"]) {
      const cell = make("th", name.startsWith("Window") || name.startsWith("This") ? "pg-number" : "", name);
      cell.scope = "col";
      head.append(cell);
    }
    const top = make("thead");
    const body = make("tbody");
    const scroll = make("div", "pg-scroll");
    top.append(head);
    body.append(...view.windows.map(windowRow));
    grid.append(top, body);
    scroll.append(grid);
    scroll.tabIndex = 0;
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Context windows of other models");
    table.replaceChildren(make("summary", "", "The same count against other models’ windows"), make("p", "pg-soft", view.caution), scroll);
    table.open = was;
  }

  function draw() {
    box.hidden = !props.value?.rows;
    if (!props.value?.rows) return;
    view = props.value;
    const { index, starts, lengths, byte_starts: byteStarts, byte_lengths: byteLengths } = unpack(view.arrays);
    token = { rows: view.rows, index, starts, lengths, byteStarts, byteLengths };
    figures.replaceChildren(...pairs([...view.figures, ["tokenizer", `${view.tokenizer}, ${view.scheme}`]]));
    detail.replaceChildren(...pairs([["id, piece, bytes and place", "hover, tap or focus a token"]]));
    drawChips();
    meter.replaceChildren(bar(view.meter.share, view.meter.share > 1), make("span", "", view.meter.text));
    drawWindows();
  }

  /** @param {Event} event */
  function chipOf(event) {
    return event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(".pg-chip")) : null;
  }

  /** @param {number} to */
  function move(to) {
    const i = Math.max(0, Math.min(token.index.length - 1, to));
    const chunk = /** @type {HTMLElement} */ (chips.children[Math.floor(i / CHUNK)]);
    if (chunk.dataset.full !== "1") fill(chunk);
    const chip = /** @type {HTMLElement} */ (chunk.querySelector(`[data-i="${i}"]`));
    chips.querySelectorAll('.pg-chip[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
    chip.tabIndex = 0;
    chip.focus();
    chip.scrollIntoView({ block: "nearest" });
  }

  for (const name of ["mouseover", "focusin", "click"]) {
    chips.addEventListener(name, (event) => {
      const chip = chipOf(event);
      if (chip) explain(Number(chip.dataset.i));
    });
  }
  chips.addEventListener("keydown", (event) => {
    const chip = chipOf(event);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10, Home: -Infinity, End: Infinity }[event.key];
    if (!chip || step === undefined) return;
    event.preventDefault();
    move(Number(chip.dataset.i) + step);
  });
  draw();
  watch("value", draw);
  if (!props.value) trigger("ready");
}
