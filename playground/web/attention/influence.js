// Two bars a token: the attention weight, and gradient × input. Knows views/attention/influence.py's JSON; text is textContent.
import { numberText } from "../digits.js";
import { bar, make } from "../look.js";

/** @param {Face<attention.InfluenceView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-influence");

  function draw() {
    const value = props.value;
    box.hidden = !value?.rows;
    if (!value?.rows) return;
    const table = make("table", "pg-influence-table"), head = make("tr"), body = make("tbody"), top = make("thead");
    for (const name of ["token", "attention weight", "", value.signed ? "gradient × input (brown: below 0)" : "gradient × input (length)", ""]) {
      const cell = make("th", "", name);
      cell.scope = "col";
      head.append(cell);
    }
    for (const row of value.rows) {
      const line = make("tr"), label = make("th", "pg-mono", row.label), first = make("td"), second = make("td");
      label.scope = "row";
      first.append(bar(row.weight_share));
      second.append(bar(row.score_share, row.score < 0));
      line.append(label, first, make("td", "pg-number", numberText(row.weight, 4)), second, make("td", "pg-number", numberText(row.score, 4)));
      body.append(line);
    }
    top.append(head);
    table.append(top, body);
    const outer = make("div", "pg-scroll");
    outer.append(table);
    box.replaceChildren(make("p", "pg-influence-title", value.title), outer, make("p", "", value.sentence));
  }
  draw();
  watch("value", draw);
}
