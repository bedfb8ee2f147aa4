// Ids written by one tokenizer and read by another: what was meant, the id, what is read. Knows views/tokens/misreading.py's JSON.
import { countText } from "../digits.js";
import { make } from "../look.js";

/** @param {Face<tokens.MisreadingView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-misreading");

  function draw() {
    const value = props.value;
    box.hidden = !value?.columns;
    if (!value?.columns) return;
    const outer = make("div", "pg-scroll"), table = make("table", "pg-misread");
    outer.tabIndex = 0;
    outer.setAttribute("role", "region");
    outer.setAttribute("aria-label", "Token by token: meant, id, read");
    /** @type {[string, "meant" | "id" | "read"][]} */
    const names = [[`${value.writer} wrote`, "meant"], ["id", "id"], [`${value.reader} reads`, "read"]];
    const rows = names.map(([title, name]) => {
      const row = make("tr"), head = make("th", "pg-small pg-soft", title);
      head.scope = "row";
      row.append(head);
      for (const column of value.columns) {
        const cell = make("td", name === "id" ? "pg-number" : "");
        if (name === "id") cell.textContent = column.id;
        else {
          const chip = make("span", "pg-chip", column[name]);
          chip.dataset.colour = name === "read" && column.outside ? "special" : name === "meant" || column.same ? "0" : "5";
          if (name === "read" && !column.same) chip.title = column.outside ? "no such id" : "not what was meant";
          cell.append(chip);
        }
        row.append(cell);
      }
      return row;
    });
    table.append(...rows);
    outer.append(table);
    const texts = make("div", "pg-misread-texts");
    for (const [title, text] of [["What was written", value.meant], [`What a model with ${value.reader}’s vocabulary is given`, value.text]]) {
      const said = make("p", "pg-said", text || "nothing");
      said.dir = "auto";
      texts.append(make("h3", "", title), said);
    }
    box.replaceChildren(outer, texts);
    if (value.more) box.append(make("p", "pg-soft pg-small", `${countText(value.more)} more tokens are not drawn.`));
  }
  draw();
  watch("value", draw);
}
