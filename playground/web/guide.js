// The strip above the tabs while somebody follows a lesson: what to look for, the way back, the next step.
import { make } from "./look.js";
import { fullStop } from "./prose.js";

export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-guide");
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", "From the lesson");

  function button(text, act) {
    const made = make("button", "pg-button", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function draw() {
    const value = props.value || {};
    box.hidden = !value.scene || value.scene.tab === "learn";
    box.replaceChildren();
    if (box.hidden) return;
    const said = make("p", "pg-guide-said");
    said.append(make("strong", "", value.title ? `${fullStop(value.title)} ` : ""), value.scene.look ? `Look: ${value.scene.look}` : "");
    said.setAttribute("role", "status");
    const row = make("div", "pg-guide-row");
    if (value.back) {
      row.append(button("Back to Learn", () => trigger("scene", { scene: { tab: "learn", run: false, at: value.back }, title: "", back: "" })));
    }
    if (value.more) row.append(button("Next step", () => window.dispatchEvent(new CustomEvent("playground-next"))));
    row.append(button("Close", () => { box.hidden = true; }));
    box.append(said, row);
  }
  draw();
  watch("value", draw);
}
