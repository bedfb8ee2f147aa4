// The context with one span marked, and the best spans as a list; pointing at a span marks it. Knows views/answering.py's JSON.
const box = element.querySelector(".pg-answering");

function mark(context, pieces, span) {
  const before = make("span", "", pieces.slice(0, span ? span.first : pieces.length).join(""));
  const parts = [before];
  if (span) {
    parts.push(make("mark", "", pieces.slice(span.first, span.last).join("")), make("span", "", pieces.slice(span.last).join("")));
  }
  context.replaceChildren(...parts);
  if (span) context.scrollTop = Math.max(0, parts[1].offsetTop - context.clientHeight / 2);
}

function score(p, percent) {
  return [bar(p), make("span", "pg-number", percent)];
}

function choice(value, context, span, best) {
  const item = make("li");
  const button = make("button", "pg-span");
  button.type = "button";
  const said = make("span", "pg-said", span.text);
  said.dir = "auto";
  button.append(said, ...score(span.p, span.percent), make("span", "pg-soft pg-small pg-place", span.place));
  const show = () => mark(context, value.pieces, span);
  const back = () => mark(context, value.pieces, best);
  button.addEventListener("mouseenter", show);
  button.addEventListener("focus", show);
  button.addEventListener("click", show);
  button.addEventListener("mouseleave", back);
  button.addEventListener("blur", back);
  item.append(button);
  return item;
}

function draw() {
  const value = props.value;
  box.hidden = !(value && value.pieces);
  if (box.hidden) return;
  const best = value.answered ? value.spans[0] : null;
  const head = make("p", "pg-answer", best ? best.text : "No answer in this context");
  head.dir = "auto";
  head.dataset.answered = value.answered;
  const context = make("p", "pg-context");
  context.tabIndex = 0;
  context.setAttribute("role", "region");
  context.setAttribute("aria-label", "Context, with the chosen span marked");
  context.dir = "auto";
  const list = make("ol", "pg-spans");
  list.append(...value.spans.map((span) => choice(value, context, span, best)));
  const none = make("div", "pg-none");
  none.append(make("span", "", "no answer"), ...score(value.no_answer.p, value.no_answer.percent));
  box.replaceChildren(head, context, make("h3", "", "Best spans (point at one to see it in the context)"), list, none);
  box.append(make("p", "pg-soft pg-small", `Model: ${value.model}`));
  mark(context, value.pieces, best);
}
draw();
watch("value", draw);
