// A failure that was provoked: what was run, what the library said, and what to do (views/learn/issues.py's JSON). Text is textContent.
import { make } from "../look.js";

/** @param {Face<learn.IssueView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-issue");

  function draw() {
    const value = props.value;
    box.hidden = !value?.said;
    if (!value?.said) return;
    const code = make("pre", "pg-issue-code pg-mono", value.code), said = make("p", "pg-issue-said pg-mono", value.said);
    code.tabIndex = 0;
    code.setAttribute("role", "region");
    code.setAttribute("aria-label", "What was run");
    const list = make("dl", "pg-issue-list");
    for (const [name, text] of value.rows) list.append(make("dt", "", name), make("dd", "", text));
    box.replaceChildren(code, said, list);
  }
  draw();
  watch("value", draw);
}
