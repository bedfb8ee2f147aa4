// A count of tokens against windows and prices. Knows views/tokens/budget.py's JSON.
import { countText } from "../digits.js";
import { bar, figuresOf, make } from "../look.js";

/** @param {Face<tokens.BudgetView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-budget");

  /** @param {{model: string, date: string, source: string}} row */
  function link(row) {
    const made = make("a", "", row.date);
    if (row.source.startsWith("https://")) made.href = row.source;
    made.target = "_blank";
    made.rel = "noopener noreferrer";
    made.setAttribute("aria-label", `Source for ${row.model}, ${row.date}`);
    return made;
  }

  /**
   * @param {string} label
   * @param {string[][]} names with the class of the column
   * @param {(string | HTMLElement)[][]} rows
   */
  function table(label, names, rows) {
    const outer = make("div", "pg-scroll"), grid = make("table", "pg-table"), head = make("tr"), top = make("thead"), body = make("tbody");
    outer.tabIndex = 0;
    outer.setAttribute("role", "region");
    outer.setAttribute("aria-label", label);
    for (const [name, kind] of names) {
      const cell = make("th", kind || "", name);
      cell.scope = "col";
      head.append(cell);
    }
    for (const cells of rows) {
      const line = make("tr");
      cells.forEach((held, i) => {
        const cell = make("td", names[i][1] || "");
        if (typeof held === "string") cell.textContent = held;
        else cell.append(held);
        line.append(cell);
      });
      body.append(line);
    }
    top.append(head);
    grid.append(top, body);
    outer.append(grid);
    return outer;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.prices;
    if (!value?.prices) return;
    const N = "pg-number";
    const meter = make("div", "pg-meter");
    meter.append(bar(value.meter.share, value.meter.share > 1), make("span", "", value.meter.text));
    box.replaceChildren(
      figuresOf(value.figures), meter, make("p", "pg-soft pg-small", value.caution),
      make("h3", "", "Against other models’ windows"),
      table("Context windows", [["Model"], ["From"], ["Window (tokens)", N], ["Filled", N], [""], ["Source"]],
        value.windows.map((row) => [row.model, row.organisation, countText(row.window), row.percent, bar(row.share, row.share > 1), link(row)])),
      make("h3", "", `What it would cost to read, and with an answer of ${value.written} tokens`),
      table("Prices", [["Model"], ["From"], ["Input, a million tokens", N], ["Output, a million", N], ["Reading this text", N], ["With the answer", N], ["Note", "pg-wrap"], ["Source"]],
        value.prices.map((row) => [row.model, row.organisation, row.input, row.output, row.reading, row.both, row.note, link(row)])),
    );
  }
  draw();
  watch("value", draw);
}
