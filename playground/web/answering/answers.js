// Several answers as a table; choosing a row shows that one below. Knows views/answering/answering.py's JSON.
import { keepingFocus } from "../look.js";
import { barTable } from "../tables.js";

/** @param {Face<answering.AnswersView>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-answers");

  function draw() {
    const value = props.value;
    box.hidden = !value?.rows || value.asked <= 1;
    if (!value?.rows || value.asked <= 1) return;
    const rows = value.rows.map((row, i) => ({
      label: row.question, share: row.p, second: !row.answered, chosen: i === value.chosen,
      said: `${row.question}: ${row.answer}, ${row.percent}. Show how it came about`,
      texts: [row.percent, row.answer], pick: () => trigger("chosen", { place: i }),
    }));
    const left = value.asked - value.rows.length;
    const said = left ? `${value.rows.length} of ${value.asked} questions answered so far.` : "Choose a question to see below how its answer came about.";
    keepingFocus(box, () => box.replaceChildren(barTable(said, ["Question", "", "Probability", "Answer"], rows)));
  }
  draw();
  watch("value", draw);
}
