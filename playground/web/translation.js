// The translation, then the runners-up with how likely each was. Knows views/translation.py's JSON; text is textContent.
const box = element.querySelector(".pg-translation");

function row(one) {
  const item = make("li", "pg-candidate");
  const said = make("span", "pg-said", one.text);
  said.dir = "auto";
  said.lang = "fr";
  item.append(said, bar(one.p), make("span", "pg-number", one.percent), make("span", "pg-number pg-soft", one.score));
  return item;
}

function draw() {
  const value = props.value;
  box.hidden = !(value && value.rows && value.rows.length);
  if (box.hidden) return;
  const best = make("p", "pg-best", value.rows[0].text);
  best.dir = "auto";
  best.lang = "fr";
  const list = make("ol", "pg-candidates");
  list.append(...value.rows.map(row));
  const figures = figuresOf(value.figures);
  const title = make("h3", "", "Candidates of the beam search: probability a token (geometric mean), and its logarithm");
  box.replaceChildren(best, title, list, figures);
}
draw();
watch("value", draw);
