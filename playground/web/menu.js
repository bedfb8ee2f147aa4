// A button that opens a short list of buttons below it. One is open at a time; Escape, a choice or a click elsewhere shuts it.
import { make } from "./look.js";

/** @type {((back: boolean) => void) | null} */
let open = null;

/**
 * {node, button, list}. `fill(list)`, where given, draws the list anew each time it opens.
 * @param {string} name
 * @param {string} text
 * @param {((list: HTMLElement) => void) | null} [fill]
 */
export function menu(name, text, fill = null) {
  const node = make("div", "pg-menu"), button = make("button", "pg-menu-button", text), list = make("div", "pg-menu-list");
  button.type = "button";
  button.setAttribute("aria-label", name);
  button.setAttribute("aria-expanded", "false");
  button.title = name;
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", name);
  node.append(button, list);
  const shut = (/** @type {boolean} */ back) => {
    delete node.dataset.open;
    button.setAttribute("aria-expanded", "false");
    if (open === shut) open = null;
    if (back) button.focus();
  };
  button.addEventListener("click", () => {
    if (open === shut) { shut(false); return; }
    open?.(false);
    if (fill) fill(list);
    node.dataset.open = "";
    button.setAttribute("aria-expanded", "true");
    open = shut;
    list.querySelector("button")?.focus();
  });
  list.addEventListener("click", ({ target }) => { if (target instanceof Element && target.closest("button")) shut(false); });
  node.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll("button")].filter((one) => one.getClientRects().length), at = items.findIndex((one) => one === document.activeElement);
    if (event.key === "Escape" && open === shut) shut(true);
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && open === shut) items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", ({ target }) => { if (open === shut && !(target instanceof Node && node.contains(target))) shut(false); });
  return { node, button, list };
}
