// Two texts side by side: what only one of them has is marked, bars under each, and what changed. Knows views/sentiment/twotexts.py's JSON.
import { figuresOf, make } from "../look.js";
import { barTable } from "../tables.js";

/** @param {Face<sentiment.TwoTextsView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-twotexts");

  /**
   * @param {sentiment.TextSide} one
   * @param {boolean} second
   */
  function side(one, second) {
    const card = make("section", "pg-twotexts-side");
    const said = make("p", "pg-said");
    said.dir = "auto";
    said.append(...one.parts.map((part) => (part.changed ? make(second ? "ins" : "del", "pg-changed", part.text) : document.createTextNode(part.text))));
    const rows = one.scores.map((score) => ({ label: score.label, share: score.p, second: score.colour, texts: [score.percent, score.logit] }));
    card.append(make("h3", "", one.title), said, barTable("What the model makes of it", ["label", "bar", "probability", "logit"], rows));
    return card;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.sides;
    if (!value?.sides) return;
    const both = make("div", "pg-twotexts-both");
    both.append(...value.sides.map((one, i) => side(one, i > 0)));
    const changes = value.changes.map((one) => figuresOf([[`${one.label}: logit`, one.logit], ["probability", one.chance]]));
    box.replaceChildren(both, ...changes);
  }
  draw();
  watch("value", draw);
}
