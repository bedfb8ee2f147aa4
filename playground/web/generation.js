// The figures under a generated text, and prompt + output against the context window. Knows views/generation.py's JSON.
const box = element.querySelector(".pg-generation");
const figures = document.createElement("dl");
const meter = document.createElement("div");
const outer = document.createElement("div");
const inner = document.createElement("span");
const text = document.createElement("span");
figures.className = "pg-figures";
meter.className = "pg-meter";
outer.className = "pg-bar";
outer.setAttribute("aria-hidden", "true");
outer.append(inner);
meter.append(outer, text);
box.append(figures, meter);

function pair([name, value]) {
  const one = document.createElement("div");
  const term = document.createElement("dt");
  const said = document.createElement("dd");
  term.textContent = name;
  said.textContent = value;
  one.append(term, said);
  return one;
}

function draw() {
  const value = props.value;
  box.hidden = !(value && value.figures);
  if (box.hidden) return;
  figures.replaceChildren(...value.figures.map(pair));
  inner.style.width = `${Math.min(value.meter.share, 1) * 100}%`;
  text.textContent = value.meter.text;
}
draw();
watch("value", draw);
