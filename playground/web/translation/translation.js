// The translation, then all candidates with how likely each was and what differs. Knows views/translation/translation.py's JSON; text is textContent.
// Choosing a candidate triggers "choose", giving up a forced beginning "free".
import { isolated } from "../bidi.js";
import { bar, figuresOf, keepingFocus, make } from "../look.js";

/** @param {Face<translation.TranslationView>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-translation");

  /**
   * @template {HTMLElement} E
   * @param {E} node
   */
  function french(node) {
    node.dir = "auto";
    node.lang = "fr";
    return node;
  }

  /**
   * @param {translation.CandidateRow} one
   * @param {number} i
   */
  function row(one, i) {
    const item = make("li", "pg-candidate"), button = french(make("button", "pg-said pg-link-button"));
    button.type = "button";
    for (const [text, differs] of one.segments) button.append(differs ? make("mark", "", text) : text);
    button.setAttribute("aria-label", `${isolated(one.text)}, ${one.percent}: ${one.chosen ? "explained below" : "explain this one"}`);
    button.addEventListener("click", () => trigger("choose", { candidate: i }));
    if (one.chosen) item.setAttribute("aria-current", "true");
    const more = [one.score, one.total, one.tokens].map((text) => make("span", "pg-number pg-soft pg-candidate-more", text));
    item.append(button, bar(one.p), make("span", "pg-number", one.percent), ...more);
    return item;
  }

  function heads() {
    const item = make("li", "pg-candidate");
    item.dataset.head = "";
    item.setAttribute("aria-hidden", "true");
    item.append(make("span", "", "candidate"), make("span", "pg-bar-space pg-candidate-more"), make("span", "pg-number", "probability"),
      ...["mean log p", "sum log p", "length"].map((text) => make("span", "pg-number pg-candidate-more", text)));
    return item;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.rows?.length;
    if (!value?.rows?.length) return;
    const best = french(make("p", "pg-best", value.best || "(the model wrote nothing)"));
    const list = make("ol", "pg-candidates");
    list.append(...value.rows.map(row));
    /** @type {HTMLElement[]} */
    const parts = [best];
    if (value.title) parts.unshift(make("h3", "", value.title));
    if (value.forced) {
      const forced = make("p", "pg-small", `${value.forced} token${value.forced > 1 ? "s are" : " is"} forced at the beginning. `);
      const button = make("button", "pg-button", "Let the model begin freely");
      button.type = "button";
      button.addEventListener("click", () => trigger("free", {}));
      forced.append(button);
      parts.push(forced);
    }
    if (value.copied && value.copied.length) {
      const line = make("p", "pg-small pg-copied", "Went around the model: ");
      value.copied.forEach((one, i) => {
        line.append(i ? ", " : "", make("code", "", one.text));
        if (!one.same) line.append(" → ", french(make("code", "", one.french)));
      });
      line.append(". It read a mark in place of each.");
      parts.push(line);
    }
    const lead = make("p", "pg-small pg-soft", "Candidates of the beam search, ranked by the probability a token (the geometric mean), with the mean and the sum of log-probabilities and the "
      + "length with the end token. What differs from the explained one is marked; choose one to explain it.");
    const head = make("ol", "pg-candidates");
    head.append(heads());
    keepingFocus(box, () => box.replaceChildren(...parts, lead, head, list, figuresOf(value.figures)));
  }
  draw();
  watch("value", draw);
}
