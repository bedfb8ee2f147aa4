// A table of facts, for facts.js and lesson.js: {columns, rows, caption}; a cell is a text or {text, link}. Links open elsewhere.
import { make } from "../look.js";
import { inline } from "../prose.js";

/**
 * @param {string} text
 * @param {string} address
 */
export function outward(text, address) {
  if (!address.startsWith("https://")) return make("span", "", text);
  const link = make("a", "", text);
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  return link;
}

/**
 * @param {"td" | "th"} tag
 * @param {string | learn.Source} cell
 */
export function factsCell(tag, cell) {
  const node = make(tag);
  if (typeof cell === "string") inline(node, cell);
  else node.append(outward(cell.text, cell.link));
  return node;
}

/** @param {learn.FactsTable} value */
export function factsTable(value) {
  const table = make("table", "pg-table"), head = make("tr"), top = make("thead"), body = make("tbody");
  for (const name of value.columns) {
    const cell = make("th", "", name);
    cell.scope = "col";
    head.append(cell);
  }
  for (const row of value.rows) {
    const line = make("tr");
    row.forEach((cell, i) => {
      const node = factsCell(i ? "td" : "th", cell);
      if (!i) node.scope = "row";
      line.append(node);
    });
    body.append(line);
  }
  top.append(head);
  table.append(top, body);
  const scroll = make("div", "pg-scroll");
  scroll.tabIndex = 0;
  scroll.setAttribute("role", "region");
  scroll.setAttribute("aria-label", value.caption || "Table");
  scroll.append(table);
  return [make("p", "pg-small pg-soft", value.caption || ""), scroll];
}
