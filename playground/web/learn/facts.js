// A table of facts (views/facts.py's JSON).
import { factsTable } from "./table.js";

/** @param {Face<learn.FactsTable>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-facts");

  function draw() {
    const value = props.value;
    box.hidden = !value?.rows;
    if (value?.rows) box.replaceChildren(...factsTable(value));
  }
  draw();
  watch("value", draw);
}
