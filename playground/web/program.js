// The program behind a panel. Knows views/code.py's JSON.
const box = element.querySelector(".pg-program");

function draw() {
  const value = props.value || {};
  box.hidden = !value.text;
  box.replaceChildren(...(box.hidden ? [] : [listing(value)]));
}
draw();
watch("value", draw);
