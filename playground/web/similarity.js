// Sentences by sentences, their cosines as shaded numbers. Knows views/similarity.py's JSON.
const box = element.querySelector(".pg-similarity");

function draw() {
  const value = props.value;
  box.hidden = !(value && value.texts);
  if (box.hidden) return;
  const table = make("table", "pg-similarity-table"), head = make("tr"), top = make("thead"), body = make("tbody");
  for (const name of ["sentence", ...value.texts.map((_, i) => String(i + 1))]) {
    const cell = make("th", "", name);
    cell.scope = "col";
    head.append(cell);
  }
  value.texts.forEach((text, i) => {
    const row = make("tr"), label = make("th", "", `${i + 1}. ${text}`);
    label.scope = "row";
    label.dir = "auto";
    row.append(label, ...value.cosines[i].map((cosine, j) => {
      const cell = make("td", "pg-number", signedText(cosine));
      shadeSigned(cell, cosine);
      cell.title = `${i + 1} and ${j + 1}: cosine ${signedText(cosine, 3)}`;
      return cell;
    }));
    body.append(row);
  });
  top.append(head);
  table.append(top, body);
  const outer = make("div", "pg-scroll");
  outer.tabIndex = 0;
  outer.append(table);
  box.replaceChildren(make("p", "", value.sentence), outer, legend("signed", "−1", "+1: the same direction"));
}
draw();
watch("value", draw);
