// Tables of bars and of shaded numbers. Text goes in as textContent. Knows no component.
import { bar, make, shade, shadeSigned } from "./look.js";

/**
 * @typedef {object} BarRow
 * @property {string} label
 * @property {number} share
 * @property {string[]} texts
 * @property {string | boolean} [second]
 * @property {boolean} [chosen]
 * @property {() => void} [pick]
 * @property {string} [said]
 */

/** @typedef {{text: string, title?: string} & ({share: number, signed?: undefined} | {signed: number})} ShadedCell */
/**
 * Rows of [label, share 0…1, texts…] as a table of bars; row.pick makes the label a button, row.chosen marks it, row.second colours it (as bar does).
 * @param {string} caption
 * @param {string[]} columns
 * @param {BarRow[]} rows
 */
export function barTable(caption, columns, rows) {
  const table = make("table", "pg-bars"), head = make("tr"), top = make("thead"), body = make("tbody");
  table.append(make("caption", "pg-small pg-soft", caption));
  for (const name of columns) {
    const cell = make("th", "", name);
    cell.scope = "col";
    head.append(cell);
  }
  for (const row of rows) {
    const line = make("tr"), label = make("th", "pg-mono"), held = make("td", "pg-bars-bar");
    label.scope = "row";
    if (row.pick) {
      const button = make("button", "pg-link-button", row.label);
      button.type = "button";
      if (row.said) { button.title = row.said; button.setAttribute("aria-label", row.said); }
      button.addEventListener("click", row.pick);
      label.append(button);
    } else label.textContent = row.label;
    held.append(bar(row.share, row.second));
    line.append(label, held, ...row.texts.map((text) => make("td", "pg-number", text)));
    if (row.chosen) line.setAttribute("aria-current", "true");
    body.append(line);
  }
  top.append(head);
  table.append(top, body);
  return table;
}

/**
 * A table of shaded numbers that scrolls sideways: columns of text, and rows of [label, cells]; a cell is {text, share or signed, title}.
 * @param {string} name
 * @param {string[]} columns
 * @param {[string, ShadedCell[]][]} rows
 * @param {number} [chosen]
 */
export function shadedTable(name, columns, rows, chosen = -1) {
  const table = make("table", name), head = make("tr"), top = make("thead"), body = make("tbody"), outer = make("div", "pg-scroll");
  head.append(...columns.map((text, i) => {
    const cell = make("th", i ? "pg-mono" : "", text);
    cell.scope = "col";
    if (i === chosen) cell.setAttribute("aria-current", "true");
    return cell;
  }));
  for (const [text, cells] of rows) {
    const row = make("tr"), label = make("th", "", text);
    label.scope = "row";
    label.dir = "auto";
    row.append(label, ...cells.map((one) => {
      const cell = make("td", "pg-number", one.text);
      if (one.signed === undefined) shade(cell, one.share); else shadeSigned(cell, one.signed);
      if (one.title) cell.title = one.title;
      return cell;
    }));
    body.append(row);
  }
  top.append(head);
  table.append(top, body);
  outer.tabIndex = 0;
  outer.append(table);
  return outer;
}
