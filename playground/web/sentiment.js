// One row a text: the text, its label, a bar with number for every label. Knows views/sentiment.py's JSON; text is textContent.
const box = element.querySelector(".pg-sentiment");

function scoreLine(score, second) {
  const line = make("div", "pg-score");
  line.append(make("span", "pg-label", score.label), bar(score.p, second), make("span", "pg-number", score.percent));
  line.append(make("span", "pg-number pg-soft", `logit ${score.logit}`));
  return line;
}

function row(one) {
  const item = make("li", "pg-card");
  const said = make("p", "pg-said", one.text);
  said.dir = "auto";
  item.append(said, ...one.scores.map((score, i) => scoreLine(score, i > 0)));
  item.append(make("p", "pg-soft pg-small", `${one.tokens} tokens`));
  return item;
}

function draw() {
  const value = props.value;
  box.hidden = !(value && value.rows && value.rows.length);
  if (box.hidden) return;
  const list = make("ol", "pg-cards");
  list.append(...value.rows.map(row));
  box.replaceChildren(list, make("p", "pg-soft pg-small", `Model: ${value.model}`));
}
draw();
watch("value", draw);
