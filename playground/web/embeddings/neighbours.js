// The nearest entries of the token table as bars. Knows views/embeddings/embeddings.py's JSON.
import { numberText } from "../digits.js";
import { make } from "../look.js";
import { barTable } from "../tables.js";

/** @param {Face<embeddings.NeighboursView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-neighbours");

  function draw() {
    const value = props.value;
    box.hidden = !value?.rows;
    if (!value?.rows) return;
    const rows = value.rows.map((row) => ({ label: row.label, share: row.cosine, second: row.cosine < 0, texts: [numberText(row.cosine, 3), String(row.id)] }));
    box.replaceChildren(make("h3", "", value.title), barTable("", ["entry", "cosine", "", "id"], rows), make("p", "pg-small pg-soft", value.sentence));
  }
  draw();
  watch("value", draw);
}
