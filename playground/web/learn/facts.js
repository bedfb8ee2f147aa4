// A table of facts (views/facts.py's JSON).
import { factsTable } from "./table.js";

export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-facts");

  function draw() {
    const value = props.value || {};
    box.hidden = !value.rows;
    if (!box.hidden) box.replaceChildren(...factsTable(value));
  }
  draw();
  watch("value", draw);
}
