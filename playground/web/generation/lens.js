// The logit lens: the text's tokens to choose from, then each layer's best next tokens. Knows views/generation/lens.py's JSON.
import { isolated, quoted } from "../bidi.js";
import { chipRow, legend, make, shade } from "../look.js";

/** @param {Face<generation.LensView>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-lens");

  /**
   * @param {generation.Guess} one
   * @param {number} i
   */
  function guess(one, i) {
    const chip = make("span", "pg-chip", one.text);
    shade(chip, one.p);
    chip.title = `${isolated(one.text)}: ${one.percent}`;
    const cell = make("td");
    cell.append(chip, make("span", "pg-small pg-soft", i === 0 ? ` ${one.percent}` : ""));
    return cell;
  }

  /** @param {generation.LensRow} row */
  function line(row) {
    const out = make("tr"), name = make("th", "", row.name);
    name.scope = "row";
    if (row.first) out.dataset.first = "";
    out.append(name, ...row.guesses.map(guess), make("td", "pg-number", row.rank));
    return out;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.rows;
    if (!value?.rows) return;
    const items = value.tokens.map((one) => ({ ...one, said: `after ${isolated(one.text)}` }));
    const tokens = chipRow(items, { label: "Tokens of the text; choose the one after which to look", chosen: value.position, pick: (i) => trigger("picked", { index: i }) });
    const table = make("table", "pg-lens-table"), top = make("thead"), head = make("tr"), body = make("tbody");
    const names = ["after", "likeliest next token", ...value.rows[0].guesses.slice(1).map((_, i) => `${i + 2}.`), `place of ${quoted(value.final)}`];
    for (const name of names) {
      const cell = make("th", "", name);
      cell.scope = "col";
      head.append(cell);
    }
    body.append(...[...value.rows].reverse().map(line));
    top.append(head);
    table.append(top, body);
    const outer = make("div", "pg-scroll");
    outer.tabIndex = 0;
    outer.setAttribute("role", "region");
    outer.setAttribute("aria-label", "The best next tokens after each layer");
    outer.append(table);
    box.replaceChildren(tokens, outer, legend("share", "unlikely", "likely"), make("p", "pg-soft pg-small", `Model: ${value.model}`));
  }
  draw();
  watch("value", draw);
}
