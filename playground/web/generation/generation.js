// The figures under a generated text, and prompt + output against the context window. Knows views/generation/generation.py's JSON.
import { bar, figuresOf, make } from "../look.js";

export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-generation");

  function draw() {
    const value = props.value;
    box.hidden = !(value && value.figures);
    if (box.hidden) return;
    const meter = make("div", "pg-meter");
    meter.append(bar(value.meter.share, value.meter.share > 1), make("span", "", value.meter.text));
    box.replaceChildren(figuresOf(value.figures), meter);
  }
  draw();
  watch("value", draw);
}
