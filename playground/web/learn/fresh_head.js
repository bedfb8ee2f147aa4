// How many of the same sentences each head got right (views/learn/fresh_head.py's JSON), chance marked by words, not by colour alone.
import { make } from "../look.js";
import { barTable } from "../tables.js";

/** @param {Face<learn.FreshHeadView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-fresh_head");

  function draw() {
    const value = props.value;
    box.hidden = !value?.rows;
    if (!value?.rows) return;
    const rows = value.rows.map((row) => ({ label: row.label, share: row.share, texts: row.texts, second: row.trained, chosen: row.trained }));
    const caption = `${value.texts} sentences; 50 % is chance. A head that gives one label to all gets exactly that.`;
    const held = make("div", "pg-scroll");
    held.append(barTable(caption, ["head", "right", "right", "given its commoner label"], rows));
    box.replaceChildren(held, make("p", "pg-soft pg-small", `Body: ${value.body}`));
  }
  draw();
  watch("value", draw);
}
