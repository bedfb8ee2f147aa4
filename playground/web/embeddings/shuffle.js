// The same words in another order: each token shaded by the cosine of its last vector with itself. Knows views/embeddings/positions.py's JSON.
import { numberText } from "../digits.js";
import { isolated } from "../bidi.js";
import { chipRow, legend, make } from "../look.js";

/** @param {Face<embeddings.ShuffleView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-shuffle");

  /**
   * @param {string} title
   * @param {embeddings.MovedToken[]} tokens
   * @param {"kept" | "bare"} name
   */
  function row(title, tokens, name) {
    const made = make("section", "pg-shuffle-row");
    made.append(make("h3", "", title), chipRow(tokens.map((token) => ({
      text: `${isolated(token.text)} ${numberText(token[name])}`, signed: token[name], said: `${isolated(token.text)}, now at place ${token.to}: cosine ${numberText(token[name], 4)}`,
    })), { label: title }));
    return made;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.tokens;
    if (!value?.tokens) return;
    box.replaceChildren(make("p", "pg-mono", value.order), row("With positions", value.tokens, "kept"), row("Positions removed", value.tokens, "bare"),
      legend("signed", "−1, turned round", "1, the same vector as in the text’s own order"), make("p", "", value.sentence));
  }
  draw();
  watch("value", draw);
}
