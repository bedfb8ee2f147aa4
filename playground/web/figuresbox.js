// Names and values with their units. Knows only {figures: [[name, value], …]}.
const box = element.querySelector(".pg-figuresbox");

function draw() {
  const value = props.value;
  box.hidden = !(value && value.figures);
  if (!box.hidden) box.replaceChildren(figuresOf(value.figures));
}
draw();
watch("value", draw);
