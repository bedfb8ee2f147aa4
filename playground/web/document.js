// A translated text with its sentences to choose from; what lies between them is shown as it was. Knows views/document.py's JSON.
// Choosing a sentence triggers "pick". A sentence not done yet is in its own language, in italics.
const box = element.querySelector(".pg-document");

function sentence(part, chosen) {
  const node = make("span", "pg-document-sentence", part.text);
  node.dir = "auto";
  if (!part.done) {
    node.dataset.pending = "";
    return node;
  }
  node.lang = "fr";
  node.tabIndex = 0;
  node.setAttribute("role", "button");
  node.title = `Sentence ${part.sentence}, ${Math.round(100 * part.p)} % a token: “${part.source}”`;
  shade(node, part.p);
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

function draw() {
  const value = props.value;
  box.hidden = !(value && value.parts && !value.alone);
  if (box.hidden) return;
  const focused = box.contains(document.activeElement) && document.activeElement.title;
  const old = box.querySelector(".pg-document-text"), top = old ? old.scrollTop : 0;
  const text = make("div", "pg-document-text");
  text.append(...value.parts.map((part) => (part.sentence ? sentence(part, value.chosen) : document.createTextNode(part.text))));
  const button = make("button", "pg-button", "Copy the translation");
  button.type = "button";
  button.addEventListener("click", () => copy(value.parts.map((part) => part.text).join(""), button, text));
  const row = make("div", "pg-legend");
  row.append(legend("share", "unsure", "sure (probability a token)"), make("span", "pg-small", `${value.done} of ${value.total} sentences`), button);
  box.replaceChildren(make("h3", "", "The text in French"), text, row);
  text.scrollTop = top;
  if (focused) (text.querySelector("[aria-current]") || text).focus();
}
draw();
watch("value", draw);
