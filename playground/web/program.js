// The program behind a panel. Knows the JSON of program_view in views/places.py.
import { listing } from "./listing.js";

/** @param {Face<shared.ProgramView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-program");

  function draw() {
    const value = props.value;
    box.hidden = !value?.text;
    box.replaceChildren(...(value?.text ? [listing(value)] : []));
  }
  draw();
  watch("value", draw);
}
