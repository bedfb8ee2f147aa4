// The header line: the app's name, its one text with a menu of examples, and the model. Both are the open tab's own fields, which the
// strip (web/stage) knows; what is typed here is typed there. Knows no panel.
import { countText } from "./digits.js";
import { make } from "./look.js";
import { menu } from "./menu.js";
import { tablist } from "./tabs.js";

const LONG = 220; // px: the most the field grows to while one writes in it

export default function ({ element, props }) {
  const box = element.querySelector(".pg-header"), { title, names } = props.value;
  const one = make("div", "pg-one"), area = make("textarea", "pg-one-text"), hint = make("p", "pg-one-hint pg-small"), model = make("select", "pg-one-model");
  const chip = make("p", "pg-one-chip pg-small");
  area.rows = 1;
  area.spellcheck = false;
  area.setAttribute("aria-label", "Text");
  area.setAttribute("aria-describedby", "pg-one-hint");
  hint.id = "pg-one-hint";
  model.setAttribute("aria-label", "Model");
  chip.setAttribute("role", "status");
  const examples = menu("Examples", "Examples", (list) => {
    const own = [...document.querySelectorAll(`[id="${page().tab}-examples"] button`)];
    list.replaceChildren(...own.map((button) => {
      const item = make("button", "pg-button", button.textContent.trim());
      item.type = "button";
      item.addEventListener("click", () => button.click());
      return item;
    }));
  });
  const field = make("div", "pg-one-field"), held = make("div", "pg-one-held");
  held.append(area, hint);
  field.append(held);
  one.append(field, examples.node);
  box.append(make("h1", "pg-name", title), one, model, chip);

  const page = () => window.playgroundStage?.stage?.page;
  const room = () => page()?.room();

  // Types `text` into a field of the open tab, as a person would.
  function type(id, text) {
    const own = document.querySelector(`[id="${id}"] textarea, [id="${id}"] input`);
    if (!own || own.value === text) return;
    own.value = text;
    own.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function grow() {
    const more = area.value.trimEnd().split("\n").length - 1; // the field shows one while nobody writes in it
    held.dataset.more = more ? `+ ${countText(more, "line")}` : "";
    area.style.height = "";
    if (document.activeElement !== area) return;
    area.style.height = `${Math.min(LONG, Math.max(36, area.scrollHeight + 2))}px`;
  }

  function draw() {
    const here = room();
    if (!here) return;
    one.hidden = !here.text;
    if (here.text && document.activeElement !== area) {
      area.value = page().values.get(here.text) ?? "";
      grow();
    }
    document.getElementById(here.text)?.setAttribute("data-own", "");
    if (here.text) area.setAttribute("aria-label", document.querySelector(`[id="${here.text}"] label > span`)?.textContent.trim() || "Text");
    hint.textContent = (here.text && document.querySelector(`[id="${here.text}"] .info-text`)?.textContent.trim()) || "";
    examples.node.hidden = !document.querySelector(`[id="${here.id}-examples"] button`);
    drawModels(here);
    const said = window.playgroundStage.stage.arrival.chip;
    if (chip.textContent !== said) chip.textContent = said;
  }

  function drawModels(here) {
    const known = here.fields.find((input) => input.id === here.model);
    model.hidden = !known;
    if (!known) return;
    const now = page().values.get(here.model), all = known.options.includes(now) ? known.options : [...known.options, now];
    if (model.dataset.shown !== JSON.stringify(all)) {
      model.dataset.shown = JSON.stringify(all);
      model.replaceChildren(...all.map((slug) => Object.assign(make("option", "", names[slug] || slug), { value: slug })));
    }
    model.value = now;
  }

  area.addEventListener("focus", grow);
  area.addEventListener("blur", () => { grow(); area.scrollTop = 0; draw(); });
  area.addEventListener("input", () => { grow(); type(room().text, area.value); });
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") area.blur();
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    document.getElementById(`${room().id}-run`)?.click();
  });
  model.addEventListener("change", () => page().put(room(), { [room().model]: model.value }));
  document.addEventListener("pg-changed", draw);
  draw();
  const strip = document.querySelector("#page-tabs [role=tablist]");
  if (strip) tablist(strip);
}
