// Which words speak for the label: shaded words or tokens of either method; a click takes a word out. Knows views/sentiment/attribution.py's JSON.
import { chipRow, figuresOf, legend, make } from "../look.js";
import { barTable } from "../tables.js";

/** @param {Face<sentiment.AttributionView>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-attribution");
  const LAST = "This word stays: without it nothing is left to classify.";
  let method = 0, unit = "word", removed = new Set();
  /** @type {string | undefined} */
  let run;

  /**
   * @template T
   * @param {[string, T][]} options
   * @param {T} chosen
   * @param {(value: T) => void} pick
   * @param {string} label
   */
  function choice(options, chosen, pick, label) {
    const row = make("div", "pg-choice");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", label);
    row.append(make("span", "pg-soft pg-small", label), ...options.map(([name, value]) => {
      const button = make("button", "pg-button", name);
      button.type = "button";
      button.setAttribute("aria-pressed", String(value === chosen));
      button.addEventListener("click", () => pick(value));
      return button;
    }));
    return row;
  }

  // Redraws and puts the focus back on the button of the same name.
  function redraw() {
    const name = document.activeElement && box.contains(document.activeElement) ? document.activeElement.textContent : null;
    draw();
    const again = name && [...box.querySelectorAll(".pg-choice .pg-button")].find((one) => one.textContent === name);
    if (again) again.focus();
  }

  /**
   * @param {HTMLElement} row
   * @param {sentiment.Unit[]} items
   */
  function mark(row, items) {
    row.querySelectorAll(".pg-chip-button").forEach((chip, i) => {
      const out = removed.has(items[i].word);
      chip.toggleAttribute("data-out", out);
      chip.setAttribute("aria-pressed", String(out));
    });
  }

  function tell() {
    trigger("taken", { text: props.value?.text, model: props.value?.model, removed: [...removed].sort((a, b) => a - b) });
  }

  /**
   * @param {sentiment.Unit[]} items
   * @param {string} label
   */
  function shaded(items, label) {
    const out = make("p", "pg-small pg-attribution-said", "Point at a word, or focus it and use ← →, to read its number. Click takes it out or brings it back.");
    out.setAttribute("aria-live", "polite");
    const row = chipRow(items, {
      label: `The text, shaded by how much each ${unit} speaks for ${label}`,
      point: (i) => { out.textContent = items[i].said; },
      pick: (i) => {
        const word = items[i].word;
        if (word < 0) return;
        if (!removed.has(word) && items.every((one) => one.word < 0 || one.word === word || removed.has(one.word))) {
          out.textContent = removed.size ? `${LAST} Bring another back first.` : LAST;
          return;
        }
        if (!removed.delete(word)) removed.add(word);
        mark(row, items);
        undo.disabled = !removed.size;
        tell();
      },
    });
    const chips = row.querySelectorAll(".pg-chip-button");
    items.forEach((item, i) => chips[i].toggleAttribute("data-joined", Boolean(item.joined)));
    const undo = make("button", "pg-button", "Bring all words back");
    undo.type = "button";
    undo.disabled = !removed.size;
    undo.addEventListener("click", () => { removed.clear(); mark(row, items); undo.disabled = true; tell(); });
    mark(row, items);
    return [row, out, undo];
  }

  /**
   * @param {sentiment.AttributionView} value
   * @param {sentiment.Agreement} agreement
   */
  function rows(value, agreement) {
    const name = value.methods[method].name, colours = value.colours;
    const made = agreement.rows.map((row) => ({
      label: row.word, share: Math.abs(row.shares[method]), texts: row.scores,
      second: colours[row.shares[method] > 0 ? "for" : "against"] === "orange",
    })).sort((a, b) => b.share - a.share);
    return barTable(`The strongest words. Bars are shares of the largest score by ${name}: ${colours.for} speaks for ${value.label}, ${colours.against} against it. Numbers are log-odds.`,
      ["word", "share of the largest", "occlusion", "integrated gradients"], made);
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.methods?.length;
    if (!value?.methods?.length) return;
    if (value.run !== run) { run = value.run; removed = new Set(); }
    method = Math.min(method, value.methods.length - 1);
    const shown = value.methods[method];
    const units = Object.keys(shown.units);
    if (!units.includes(unit)) unit = units[0];
    const tools = make("div", "pg-attribution-tools");
    tools.append(
      choice(value.methods.map((one, i) => [one.name, i]), method, (i) => { method = i; redraw(); }, "Method"),
      choice(units.map((one) => [`${one}s`, one]), unit, (one) => { unit = one; redraw(); }, "Unit"),
    );
    const [row, out, undo] = shaded(shown.units[unit], value.label);
    const foot = make("div", "pg-attribution-tools");
    foot.append(legend("signed", shown.ends[unit][0], shown.ends[unit][1]), undo);
    box.replaceChildren(tools, row, out, foot, figuresOf(shown.figures[unit]), make("p", "pg-small", shown.sentence[unit]));
    if (value.agreement) box.append(make("p", "pg-small", value.agreement.sentence), rows(value, value.agreement));
  }
  draw();
  watch("value", draw);
}
