// The translation, then the runners-up with how likely each was. Knows views/translation.py's JSON; text is textContent.
const box = element.querySelector(".pg-translation");

function make(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

function row(one) {
  const item = make("li", "pg-candidate");
  const said = make("span", "pg-said", one.text);
  const outer = make("div", "pg-bar");
  const inner = make("span");
  said.dir = "auto";
  said.lang = "fr";
  inner.style.width = `${one.p * 100}%`;
  outer.setAttribute("aria-hidden", "true");
  outer.append(inner);
  item.append(said, outer, make("span", "pg-number", one.percent), make("span", "pg-number pg-soft", one.score));
  return item;
}

function pair([name, value]) {
  const one = make("div");
  one.append(make("dt", "", name), make("dd", "", value));
  return one;
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
  const figures = make("dl", "pg-figures");
  figures.append(...value.figures.map(pair));
  const title = make("h3", "", "Candidates of the beam search: probability a token (geometric mean), and its logarithm");
  box.replaceChildren(best, title, list, figures);
}
draw();
watch("value", draw);
