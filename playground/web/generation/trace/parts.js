// What the parts of the written text's picture are made with. Knows no branch.
import { make } from "../../look.js";

/** @param {HTMLElement} node @param {string} text */
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {string} name @param {string} said @param {() => void} act */
export function tool(name, said, act) {
  const button = /** @type {HTMLButtonElement} */ (make("button", "pg-button", name));
  button.type = "button";
  if (said) button.title = said;
  button.addEventListener("click", act);
  return button;
}

/**
 * The texts of tokens by id, from lines of id, whether it is a control token, and text, with tabs between (views/generation/trace.py).
 * @typedef {Map<number, {text: string, special: boolean}>} Words
 */
/** @param {Words} words @param {string} lines */
export function learn(words, lines) {
  for (const line of lines.split("\n")) {
    const [id, special, text] = line.split("\t");
    if (text !== undefined) words.set(Number(id), { text, special: special === "1" });
  }
}

/** @param {Words} words @param {number} id */
export function wordOf(words, id) {
  return words.get(id) || { text: `#${id}`, special: false };
}
