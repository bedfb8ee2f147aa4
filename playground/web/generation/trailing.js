// Says that a raw prompt ends in a space, before it is run, and offers it without. Knows {prompt, chat}.
import { make } from "../look.js";

/** @param {Face<{prompt: string, chat: boolean}>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-trailing"), said = make("span", "pg-small"), cut = make("button", "pg-button", "Take it away");
  cut.type = "button";
  cut.addEventListener("click", () => trigger("cut", {}));
  box.setAttribute("role", "status");
  box.append(said, " ", cut);

  function draw() {
    const { prompt = "", chat = true } = props.value ?? {}, spaces = /\S( +)$/.exec(prompt);
    box.hidden = chat || !spaces;
    if (chat || !spaces) return;
    const ends = spaces[1].length === 1 ? "a space" : `${spaces[1].length} spaces`;
    said.textContent = `The prompt ends in ${ends}. Most words bring their space along in their token (“␣blue”), so after a space that stands alone the model `
      + "goes on with what seldom needs one, such as digits. Without it, it can go on with a word.";
  }
  draw();
  watch("value", draw);
}
