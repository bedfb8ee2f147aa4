// A table of facts: {columns, rows, caption}; a cell is a text or {text, link}. Text is textContent; links open the source elsewhere.
const box = element.querySelector(".pg-facts");

function cellOf(tag, cell) {
  const node = make(tag), one = typeof cell === "string" ? { text: cell } : cell;
  if (one.link && one.link.startsWith("https://")) {
    const link = make("a", "", one.text);
    link.href = one.link;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    node.append(link);
  } else inline(node, one.text);
  return node;
}

function draw() {
  const value = props.value || {};
  box.hidden = !value.rows;
  if (box.hidden) return;
  const table = make("table", "pg-table"), head = make("tr"), top = make("thead"), body = make("tbody");
  for (const name of value.columns) {
    const cell = make("th", "", name);
    cell.scope = "col";
    head.append(cell);
  }
  for (const row of value.rows) {
    const line = make("tr");
    row.forEach((cell, i) => {
      const node = cellOf(i ? "td" : "th", cell);
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
  box.replaceChildren(make("p", "pg-small pg-soft", value.caption || ""), scroll);
}
draw();
watch("value", draw);
