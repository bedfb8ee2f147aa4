// Sentences by sentences, their cosines as shaded numbers. Knows views/embeddings/similarity.py's JSON.
import { numberText } from "../digits.js";
import { legend, make } from "../look.js";
import { shadedTable } from "../tables.js";

/** @param {Face<embeddings.SimilarityView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-similarity");

  function draw() {
    const value = props.value;
    box.hidden = !value?.texts;
    if (!value?.texts) return;
    const columns = ["sentence", ...value.texts.map((_, i) => String(i + 1))];
    /** @type {[string, import("../tables.js").ShadedCell[]][]} */
    const rows = value.texts.map((text, i) => [`${i + 1}. ${text}`, value.cosines[i].map((cosine, j) => (
      { text: numberText(cosine), signed: cosine, title: `${i + 1} and ${j + 1}: cosine ${numberText(cosine, 3)}` }))]);
    box.replaceChildren(make("p", "", value.sentence), shadedTable("pg-similarity-table", columns, rows), legend("signed", "−1", "+1: the same direction"));
  }
  draw();
  watch("value", draw);
}
