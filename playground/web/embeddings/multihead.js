// The lesson's attention beside torch's and the model's own: outputs in three columns, and its weights. Knows views/embeddings/multihead.py's JSON.
import { halfError, numberText } from "../digits.js";
import { labelledHeat, longest } from "../heat.js";
import { legend, make } from "../look.js";
import { unpack } from "../wire.js";

/** @param {Face<embeddings.MultiHeadView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-multihead");
  let head = 0;

  /** @param {embeddings.MultiHeadView} value */
  function outputs(value) {
    const table = make("table", "pg-table"), top = make("tr"), thead = make("thead"), body = make("tbody");
    for (const name of ["token", "MultiHeadAttention (above)", "torch.nn.MultiheadAttention", "the model’s own layer"]) {
      const cell = make("th", "", name);
      cell.scope = "col";
      top.append(cell);
    }
    for (const row of value.rows) {
      const line = make("tr");
      line.append(make("td", "pg-mono", row.label), ...[row.ours, row.torch, row.own].map((numbers) => make("td", "pg-mono", numbers)));
      body.append(line);
    }
    thead.append(top);
    table.append(thead, body);
    const outer = make("div", "pg-scroll");
    outer.tabIndex = 0;
    outer.append(table);
    return outer;
  }

  /**
   * @param {embeddings.MultiHeadView} value
   * @param {HTMLElement} out
   */
  function weights(value, out) {
    const n = value.names.length, all = unpack(value.arrays).weights, at = (/** @type {number} */ r, /** @type {number} */ c) => all[(head * n + r) * n + c];
    const most = longest(all.subarray(head * n * n, (head + 1) * n * n));
    const picture = labelledHeat({
      names: value.names, at: (r, c) => at(r, c) / most, share: true, label: `Weights of head ${head}`, width: Math.min(420, (box.clientWidth || 420) * 0.6),
      point: (r, c) => { out.textContent = `Head ${head}: ${value.names[r]} (${r}) looks at ${value.names[c]} (${c}) with weight ${numberText(at(r, c), 3, halfError(at(r, c)))}`; },
    });
    return [picture, legend("share", "weight 0", numberText(most))];
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.rows;
    if (!value?.rows) return;
    head = Math.min(head, value.heads - 1);
    const out = make("p", "pg-small pg-out", "Each row is a token that looks, and sums to 1. Point at a cell, or focus the picture and use the arrow keys.");
    out.setAttribute("aria-live", "polite");
    const label = make("label", "pg-range"), slider = make("input"), said = make("output", "", String(head)), held = make("div");
    Object.assign(slider, { type: "range", min: 0, max: value.heads - 1, value: head });
    const redraw = () => { said.textContent = String(head); held.replaceChildren(...weights(value, out)); };
    slider.addEventListener("input", () => { head = +slider.value; redraw(); });
    label.append(make("span", "", "Head"), slider, said);
    box.replaceChildren(make("p", "pg-mono pg-small", value.formula), make("p", "", value.sentence), outputs(value), make("h3", "", "The weights it worked out"), label, out, held);
    redraw();
  }
  draw();
  watch("value", draw);
}
