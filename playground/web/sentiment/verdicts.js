// Many texts at once: counts as bars, confusion as a shaded table, the errors worth reading. Knows views/sentiment/verdicts.py's JSON.
import { percentText } from "../digits.js";
import { figuresOf, make, shade } from "../look.js";
import { barTable } from "../tables.js";

/** @param {Face<sentiment.VerdictsView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-verdicts");

  /** @param {sentiment.Confusion} found */
  function confusion(found) {
    const part = make("section"), table = make("table", "pg-confusion"), top = make("thead"), head = make("tr"), body = make("tbody");
    table.setAttribute("aria-label", "Confusion matrix");
    for (const name of ["given", ...found.labels.map((label) => `said ${label}`)]) {
      const cell = make("th", "", name);
      cell.scope = "col";
      head.append(cell);
    }
    for (const row of found.rows) {
      const line = make("tr"), label = make("th", "", row.given);
      label.scope = "row";
      line.append(label, ...row.cells.map((one) => {
        const cell = make("td", "pg-number", `${one.number} (${percentText(one.share)})`);
        shade(cell, one.share);
        return cell;
      }));
      body.append(line);
    }
    top.append(head);
    table.append(top, body);
    const held = make("div", "pg-scroll");
    held.tabIndex = 0;
    held.append(table);
    part.append(make("p", "pg-small pg-soft", "Confusion matrix: rows are the file’s labels, columns the model’s. Shade and per cent are shares of a row."), held);
    return part;
  }

  /** @param {sentiment.LineErrors} group */
  function errorList(group) {
    const part = make("section"), list = make("ul", "pg-errors");
    list.append(...group.rows.map((row) => {
      const item = make("li");
      const text = make("span", "", row.text);
      text.dir = "auto";
      item.append(make("span", "pg-soft pg-small", `${row.row} · said ${row.said}, given ${row.given}`), text);
      return item;
    }));
    part.append(make("h3", "", group.title), list);
    return part;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.counts;
    if (!value?.counts) return;
    const counts = value.counts.map((one) => ({ label: one.label, share: one.share, second: one.colour, texts: [one.number, one.percent] }));
    const lists = make("div", "pg-error-lists");
    lists.append(...value.errors.map(errorList));
    box.replaceChildren(figuresOf(value.figures), barTable("Texts by the model’s label", ["label", "share", "texts", "per cent"], counts));
    if (value.confusion) box.append(confusion(value.confusion));
    box.append(lists, ...value.remarks.map((text) => make("p", "pg-small", text)));
  }
  draw();
  watch("value", draw);
}
