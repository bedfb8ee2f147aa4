// A translated text with its sentences to choose from; what lies between them is shown as it was. Knows views/translation/document.py's JSON.
// Choosing a sentence triggers "pick", once the run is over: a run that goes on would take its place. A sentence not done yet is in
// its own language, in italics.
import { percentText } from "../digits.js";
import { quoted } from "../bidi.js";
import { legend, make, shade } from "../look.js";

/** @typedef {translation.DocumentPart} Part */

/** @param {Face<translation.DocumentView>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-document");

  /**
   * @param {Part} part
   * @param {number} chosen
   * @param {boolean} whole
   */
  function sentence(part, chosen, whole) {
    const node = make("span", "pg-document-sentence", part.text);
    node.dir = "auto";
    if (!part.done) {
      node.dataset.pending = "";
      return node;
    }
    node.lang = "fr";
    node.title = `Sentence ${part.sentence}, ${percentText(part.p ?? 0, 0)} a token: ${quoted(part.source ?? "")}`;
    shade(node, part.p ?? 0);
    if (!whole) return node;
    node.dataset.choice = "";
    node.tabIndex = 0;
    node.setAttribute("role", "button");
    if (part.sentence === chosen) node.setAttribute("aria-current", "true");
    const pick = () => trigger("pick", { sentence: part.sentence });
    node.addEventListener("click", pick);
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      pick();
    });
    return node;
  }

  /**
   * @param {string} text
   * @param {HTMLElement} button
   * @param {HTMLElement} shown
   */
  function copy(text, button, shown) {
    const told = (/** @type {string} */ words) => { button.textContent = words; setTimeout(() => { button.textContent = "Copy the translation"; }, 2000); };
    const select = () => { getSelection()?.selectAllChildren(shown); told("Selected: press Ctrl+C"); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => told("Copied"), select);
    else select();
  }

  // Only what changed is drawn again: a text of hundreds of sentences grows batch by batch, and the page must stay quick to take a Stop.
  /** @type {(HTMLElement | Text)[]} */
  let nodes = [];
  /** @type {string[]} */
  let drawn = [];
  /** @type {HTMLElement | null} */
  let text = null;
  const count = make("span", "pg-small");

  /** @param {translation.DocumentView} value */
  function over(value) {
    return value.done === value.total || Boolean(value.stopped);
  }

  /**
   * @param {Part} part
   * @param {translation.DocumentView} value
   */
  function nodeOf(part, value) {
    return part.sentence ? sentence(part, value.chosen, over(value)) : document.createTextNode(part.text);
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.parts || value.alone;
    if (!value?.parts || value.alone) return;
    /** @type {Part[]} */
    const parts = JSON.parse(value.parts);
    const keys = parts.map((part) => JSON.stringify([part, part.sentence && part.sentence === value.chosen, over(value)]));
    if (!text || parts.length !== nodes.length) {
      text = make("div", "pg-document-text");
      nodes = parts.map((part) => nodeOf(part, value));
      text.append(...nodes);
      const button = make("button", "pg-button", "Copy the translation"), row = make("div", "pg-legend"), shown = text;
      button.type = "button";
      button.addEventListener("click", () => copy(shown.textContent ?? "", button, shown));
      row.append(legend("share", "unsure", "sure (probability a token)"), count, button);
      box.replaceChildren(make("h3", "", "The text in French"), text, row);
    } else {
      keys.forEach((key, i) => {
        if (key === drawn[i]) return;
        const made = nodeOf(parts[i], value), focused = document.activeElement === nodes[i];
        nodes[i].replaceWith(made);
        nodes[i] = made;
        if (focused && made instanceof HTMLElement) made.focus();
      });
    }
    drawn = keys;
    count.textContent = `${value.done} of ${value.total} sentences`;
  }
  draw();
  watch("value", draw);
}
