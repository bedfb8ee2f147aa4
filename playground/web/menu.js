// A button that opens a short list of buttons below it. One is open at a time; Escape, a choice or a click elsewhere shuts it.
import { make } from "./look.js";

let open = null;

// {node, button, list}. `fill(list)`, where given, draws the list anew each time it opens.
export function menu(name, text, fill = null) {
  const node = make("div", "pg-menu"), button = make("button", "pg-menu-button", text), list = make("div", "pg-menu-list");
  button.type = "button";
  button.setAttribute("aria-label", name);
  button.setAttribute("aria-expanded", "false");
  button.title = name;
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", name);
  node.append(button, list);
  const shut = (back) => {
    delete node.dataset.open;
    button.setAttribute("aria-expanded", "false");
    if (open === shut) open = null;
    if (back) button.focus();
  };
  button.addEventListener("click", () => {
    if (open === shut) return shut(false);
    if (open) open(false);
    if (fill) fill(list);
    node.dataset.open = "";
    button.setAttribute("aria-expanded", "true");
    open = shut;
    list.querySelector("button")?.focus();
  });
  list.addEventListener("click", (event) => event.target.closest("button") && shut(false));
  node.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll("button")].filter((one) => one.getClientRects().length), at = items.indexOf(document.activeElement);
    if (event.key === "Escape" && open === shut) shut(true);
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && open === shut) items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  document.addEventListener("pointerdown", (event) => open === shut && !node.contains(event.target) && shut(false));
  return { node, button, list };
}
