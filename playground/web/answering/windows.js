// The windows that a long context is read in: a map of them, steps to the next, and each one's best span as a table.
// Knows views/answering/explained_answer.py's JSON.
import { countText, numberText } from "../digits.js";
import { make, shade } from "../look.js";
import { barTable } from "../tables.js";
import { cited } from "./logits.js";

/**
 * The part to put in the page, and `paint`, which says in it which window is in view. `goTo` is told which one was chosen, with its best
 * span where the span was meant.
 * @param {import("./logits.js").Logits} logits
 * @param {() => number} now the window in view
 * @param {(window: number, span?: number[]) => void} goTo
 */
export function windowPart({ value, windows, count }, now, goTo) {
  const part = make("div", "pg-windows-part"), map = make("div", "pg-window-map"), said = make("p", "pg-small"), table = make("details"), held = make("div", "pg-scroll");
  map.setAttribute("aria-hidden", "true");
  const nodes = windows.map((one, n) => {
    const node = make("span");
    node.style.left = `${(100 * one.first) / count}%`;
    node.style.width = `${(100 * (one.stop - one.first)) / count}%`;
    node.style.top = `${(n % 2) * 16}px`;
    shade(node, one.p);
    return node;
  });
  map.append(...nodes);
  map.addEventListener("click", ({ target }) => {
    const n = nodes.findIndex((one) => one === target);
    if (n >= 0) goTo(n);
  });
  const row = make("div", "pg-window-row"), step = (/** @type {string} */ text, /** @type {string} */ label, /** @type {number} */ by) => {
    const made = make("button", "pg-button", text);
    made.type = "button";
    made.setAttribute("aria-label", label);
    made.addEventListener("click", () => goTo(Math.max(0, Math.min(windows.length - 1, now() + by))));
    return made;
  };
  said.setAttribute("aria-live", "polite");
  row.append(step("◀", "Window before", -1), said, step("▶", "Next window", 1));
  const order = windows.map((_, n) => n).sort((a, b) => windows[b].score - windows[a].score).slice(0, 20);
  held.append(barTable("Choose a window to see its strips.", ["Window", "", "Probability", "Best span", "Sum", "No answer"], order.map((n) => ({
    label: `window ${n + 1}`, share: windows[n].p, pick: () => goTo(n, windows[n].best),
    texts: [windows[n].percent, cited(windows[n].text), numberText(windows[n].score), numberText(windows[n].start_null + windows[n].end_null)] }))));
  table.append(make("summary", "", windows.length > 20 ? "The 20 windows with the best spans" : "Each window’s best span"), held);
  part.append(make("h3", "", `Read in ${windows.length} windows of ${value.max_tokens} tokens, neighbours sharing ${value.stride}`), map, row, table);
  const won = value.spans.length ? value.spans[0].window : -1;
  const paint = () => {
    const at = now(), one = windows[at];
    nodes.forEach((node, n) => {
      node.toggleAttribute("data-here", n === at);
      node.toggleAttribute("data-won", n === won);
    });
    const is = at === won ? "which won: it holds the best span" : `best span ${cited(one.text)}, sum ${numberText(one.score)}`;
    const tokens = `tokens ${countText(one.first + 1)}–${countText(one.stop)}`;
    said.textContent = `Window ${at + 1} of ${windows.length}, ${tokens}, ${is}; its “no answer” ${numberText(one.start_null + one.end_null)}`;
  };
  return { part, paint };
}
