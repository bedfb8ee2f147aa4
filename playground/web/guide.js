// The strip above the tabs while somebody follows a lesson: what to look for, the way back, the next step. It hears "pg-guide" from
// whoever opens a state (stage/main.js).
import { make } from "./look.js";
import { openState } from "./opening.js";
import { fullStop } from "./prose.js";

/** @param {{element: HTMLElement}} component */
export default function ({ element }) {
  const box = /** @type {HTMLElement} */ (element.querySelector(".pg-guide"));
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "From the lesson");
  box.hidden = true;

  /** @param {string} text @param {() => void} act */
  function button(text, act) {
    const made = /** @type {HTMLButtonElement} */ (make("button", "pg-button", text));
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  /** @param {import("./opening.js").Guide & {tab: string, trouble: string}} told */
  function draw({ title = "", look = "", back = null, more = false, tab, trouble }) {
    box.hidden = !title && !look;
    box.replaceChildren();
    if (box.hidden) return;
    const said = make("p", "pg-guide-said"), row = make("div", "pg-guide-row");
    said.append(make("strong", "", title ? `${fullStop(title)} ` : ""), look ? `Look: ${look}` : "");
    if (trouble) said.append(make("span", "pg-guide-trouble", ` ${trouble}`));
    said.setAttribute("role", "status");
    if (back && (tab !== "learn" || !back.views)) row.append(button("Back to Learn", () => openState(back, {})));
    if (more) row.append(button("Next step", () => window.dispatchEvent(new CustomEvent("playground-next"))));
    row.append(button("Close", () => { box.hidden = true; }));
    box.append(said, row);
  }
  document.addEventListener("pg-guide", (event) => draw(/** @type {CustomEvent<any>} */ (event).detail));
}
