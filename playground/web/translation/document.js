// A translated text with its sentences to choose from; what lies between them is shown as it was. Knows views/translation/document.py's JSON.
// Choosing a sentence triggers "pick", once the run is over: a run that goes on would take its place. A sentence not done yet is in
// its own language, in italics.
import { percentText } from "../digits.js";
import { quoted } from "../bidi.js";
import { legend, make, shade } from "../look.js";

export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-document");

  function sentence(part, chosen, over) {
    const node = make("span", "pg-document-sentence", part.text);
    node.dir = "auto";
    if (!part.done) {
      node.dataset.pending = "";
      return node;
    }
    node.lang = "fr";
    node.title = `Sentence ${part.sentence}, ${percentText(part.p, 0)} a token: ${quoted(part.source)}`;
    shade(node, part.p);
    if (!over) return node;
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

  function copy(text, button, shown) {
    const told = (words) => { button.textContent = words; setTimeout(() => { button.textContent = "Copy the translation"; }, 2000); };
    const select = () => { getSelection().selectAllChildren(shown); told("Selected: press Ctrl+C"); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => told("Copied"), select);
    else select();
  }

  // Only what changed is drawn again: a text of hundreds of sentences grows batch by batch, and the page must stay quick to take a Stop.
  let nodes = [], drawn = [], text = null, count = null;

  function over(value) {
    return value.done === value.total || Boolean(value.stopped);
  }

  function nodeOf(part, value) {
    return part.sentence ? sentence(part, value.chosen, over(value)) : document.createTextNode(part.text);
  }

  function draw() {
    const value = props.value;
    box.hidden = !(value && value.parts && !value.alone);
    if (box.hidden) return;
    const parts = JSON.parse(value.parts), keys = parts.map((part) => JSON.stringify([part, part.sentence && part.sentence === value.chosen, over(value)]));
    if (!text || parts.length !== nodes.length) {
      text = make("div", "pg-document-text");
      nodes = parts.map((part) => nodeOf(part, value));
      text.append(...nodes);
      count = make("span", "pg-small");
      const button = make("button", "pg-button", "Copy the translation"), row = make("div", "pg-legend"), shown = text;
      button.type = "button";
      button.addEventListener("click", () => copy(shown.textContent, button, shown));
      row.append(legend("share", "unsure", "sure (probability a token)"), count, button);
      box.replaceChildren(make("h3", "", "The text in French"), text, row);
    } else {
      keys.forEach((key, i) => {
        if (key === drawn[i]) return;
        const made = nodeOf(parts[i], value), focused = document.activeElement === nodes[i];
        nodes[i].replaceWith(made);
        nodes[i] = made;
        if (focused) made.focus();
      });
    }
    drawn = keys;
    count.textContent = `${value.done} of ${value.total} sentences`;
  }
  draw();
  watch("value", draw);
}
