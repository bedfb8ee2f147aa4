// One block, opened: the way of a token's vector through it, its neurons, and all blocks. Knows views/embeddings/block.py's JSON.
// Choosing a token or a layer asks for another block (`picked`).
import { halfError, numberText } from "../digits.js";
import { isolated } from "../bidi.js";
import { heat, longest, stripLine, strongest } from "../heat.js";
import { bar, chipRow, legend, make } from "../look.js";
import { shadedTable } from "../tables.js";
import { unpack } from "../wire.js";

/** @param {Face<embeddings.BlockView>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-block");

  /** @param {{token?: number, layer?: number}} change */
  function ask(change) {
    trigger("picked", { token: props.value?.token, layer: props.value?.layer, ...change });
  }

  /**
   * @param {string} title
   * @param {string} sentence
   * @param {HTMLElement[]} nodes
   */
  function part(title, sentence, ...nodes) {
    const made = make("section", "pg-part");
    made.append(make("h3", "", title), make("p", "pg-soft pg-small", sentence), ...nodes);
    return made;
  }

  /** @param {embeddings.BlockView} value */
  function controls(value) {
    const label = make("label", "pg-range"), slider = make("input"), said = make("output", "", String(value.layer));
    Object.assign(slider, { type: "range", min: 0, max: value.layers - 1, value: value.layer });
    slider.addEventListener("input", () => { said.textContent = slider.value; });
    slider.addEventListener("change", () => ask({ layer: +slider.value }));
    label.append(make("span", "", "Block"), slider, said);
    const chips = chipRow(value.tokens.map((token, i) => ({ text: token.text, special: token.special, said: `${isolated(token.text)} (${i})` })),
      { label: "Tokens", chosen: value.token, pick: (i) => ask({ token: i }) });
    return [make("p", "pg-soft pg-small", "Choose a token and a block."), chips, label];
  }

  /**
   * @param {embeddings.BlockView} value
   * @param {HTMLElement} out
   */
  function way(value, out) {
    const vectors = rowsOf(value, "stages", value.stages.length), scales = vectors.map(strongest);
    const lines = value.stages.map((stage, i) => {
      const figure = `length ${numberText(stage.length)}, ±${numberText(scales[i])}`;
      const row = stripLine(stage.name, vectors[i], scales[i], figure, (said) => { out.textContent = said; });
      row.dataset.kind = stage.kind;
      /** @type {HTMLElement} */ (row.firstChild).title = stage.name;
      return row;
    });
    return part("The way through the block", value.stages_sentence, make("p", "pg-mono pg-small", value.norm_formula), ...lines,
      legend("numbers", "− the number at the strip’s end, or below", "+ that number, or above"),
      make("p", "pg-soft pg-small", "Each strip has its own scale, or a large one would leave the others blank. Of 100 numbers, 1 lies beyond it."));
  }

  /**
   * The rows of one of the view's arrays.
   * @param {embeddings.BlockView} value
   * @param {"stages" | "along"} name
   * @param {number} count
   */
  function rowsOf(value, name, count) {
    const numbers = unpack(value.arrays)[name], size = numbers.length / count;
    return Array.from({ length: count }, (_, i) => Array.from(numbers.subarray(i * size, (i + 1) * size)));
  }

  /** @param {embeddings.BlockView} value */
  function lengths(value) {
    /** @type {[string, import("../tables.js").ShadedCell[]][]} */
    const rows = value.stages.map((stage) => {
      const most = Math.max(...stage.norms);
      return [stage.name, stage.norms.map((norm) => ({ text: numberText(norm, norm < 100 ? 1 : 0), share: most ? norm / most : 0 }))];
    });
    const table = shadedTable("pg-block-lengths", ["", ...value.tokens.map((token) => token.text)], rows, value.token + 1);
    return part("The same for every token: lengths", value.lengths_sentence, table);
  }

  /**
   * @param {embeddings.BlockView} value
   * @param {HTMLElement} out
   */
  function neurons(value, out) {
    const most = Math.max(...value.neurons.map((one) => one.added), 1e-9);
    const table = make("table", "pg-bars pg-block-neurons"), head = make("tr"), top = make("thead"), body = make("tbody");
    for (const name of ["neuron", "adds (length)", "", "activation", "along the text", "points to"]) {
      const cell = make("th", "", name);
      cell.scope = "col";
      head.append(cell);
    }
    const along = rowsOf(value, "along", value.neurons.length);
    for (const [i, one] of value.neurons.entries()) {
      const row = make("tr"), label = make("th", "pg-mono", String(one.number)), held = make("td", "pg-bars-bar"), cell = make("td", "pg-block-along");
      const numbers = along[i], peak = longest(numbers) || 1;
      label.scope = "row";
      held.append(bar(one.added / most));
      cell.append(heat({
        rows: 1, columns: numbers.length, at: (_, c) => numbers[c] / peak, label: `Neuron ${one.number} along the text`,
        point: (_, c) => { out.textContent = `Neuron ${one.number} at ${isolated(value.tokens[c].text)} (${c}): ${numberText(numbers[c], 3, halfError(numbers[c]))}`; },
      }));
      row.append(label, held, make("td", "pg-number", numberText(one.added)), make("td", "pg-number", numberText(one.activation)), cell, make("td", "pg-mono", one.promotes.join(" · ")));
      body.append(row);
    }
    top.append(head);
    table.append(top, body);
    const outer = make("div", "pg-scroll");
    outer.append(table);
    return part("The neurons of the feed-forward", value.neurons_sentence, make("p", "pg-mono pg-small", value.formula), outer);
  }

  /** @param {embeddings.BlockView} value */
  function flow(value) {
    const most = Math.max(...value.flow.flat());
    const table = make("table", "pg-bars pg-block-flow"), head = make("tr"), top = make("thead"), body = make("tbody");
    for (const name of ["block", ...value.sublayers.flatMap((sublayer) => [`${sublayer} adds`, ""]), "stream after it"]) {
      const cell = make("th", "", name);
      cell.scope = "col";
      head.append(cell);
    }
    value.flow.forEach((numbers, i) => {
      const row = make("tr"), label = make("th"), button = make("button", "pg-link-button", `block ${i}`);
      button.type = "button";
      button.addEventListener("click", () => ask({ layer: i }));
      label.scope = "row";
      label.append(button);
      row.append(label, ...numbers.flatMap((number, k) => {
        const held = make("td", "pg-bars-bar");
        held.append(bar(number / most, k > 0));
        return [held, make("td", "pg-number", numberText(number))];
      }), make("td", "pg-number", numberText(value.stream[i + 1])));
      if (i === value.layer) row.setAttribute("aria-current", "true");
      body.append(row);
    });
    top.append(head);
    table.append(top, body);
    const outer = make("div", "pg-scroll");
    outer.append(table);
    return part("What every block adds to this token", value.flow_sentence, outer);
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.stages;
    if (!value?.stages) return;
    const had = document.activeElement, kind = had && box.contains(had) ? (had.matches("input[type=range]") ? "range" : had.matches(".pg-chip") ? "chip" : had.matches(".pg-link-button") ? "link" : "") : "";
    const out = make("p", "pg-small pg-out", "Point at a strip, or focus it and use the arrow keys, to read its numbers.");
    out.setAttribute("aria-live", "polite");
    box.replaceChildren(make("h3", "", value.title), ...controls(value), out, way(value, out), lengths(value), ...(value.neurons.length ? [neurons(value, out)] : []), flow(value));
    const again = /** @type {Record<string, string>} */ ({ range: ".pg-range input", chip: '.pg-chip[aria-current="true"]', link: 'tr[aria-current="true"] .pg-link-button' })[kind];
    if (again) /** @type {HTMLElement | null} */ (box.querySelector(again))?.focus({ preventScroll: true });
  }
  draw();
  watch("value", draw);
}
