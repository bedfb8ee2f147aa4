// Names and values with their units, and texts of which the part that is not alike is marked. Knows {figures: [[name, value], …],
// texts: [{name, same, rest}, …]}.
import { figuresOf, make } from "../look.js";

/** @param {Face<generation.FiguresView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-figuresbox");

  function draw() {
    const value = props.value;
    box.hidden = !value?.figures;
    if (!value?.figures) return;
    const texts = (value.texts || []).map(({ name, same, rest }) => {
      const said = make("p", "pg-said pg-small");
      said.dir = "auto";
      said.append(make("strong", "", `${name}: `), same, ...(rest ? [make("mark", "", rest)] : []));
      return said;
    });
    box.replaceChildren(figuresOf(value.figures), ...texts);
  }
  draw();
  watch("value", draw);
}
