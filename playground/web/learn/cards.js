// Things to try, each with buttons that open a panel (views/learn/lessons.py's JSON): the gallery and the exercises.
import { make } from "../look.js";
import { inline, prose } from "../prose.js";
import { listing } from "../listing.js";
import { openState } from "../opening.js";

/** @param {Face<learn.CardsView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-cards");

  /**
   * @param {learn.CardView} card
   * @param {learn.SeeView} one
   */
  function seeButton(card, one) {
    const button = make("button", "pg-button pg-see", one.label);
    button.type = "button";
    if (one.scene.look) button.title = one.scene.look;
    const part = props.value?.back ?? "", back = { version: 1, tab: "learn", open: [part], at: part };
    button.addEventListener("click", () => openState(one.scene.state, { look: one.scene.look, title: card.title, back }));
    return button;
  }

  function draw() {
    const list = make("ul", "pg-cards-list");
    for (const card of props.value?.cards ?? []) {
      const item = make("li", "pg-cards-card"), row = make("div", "pg-cards-row");
      item.append(make("h3", "", card.title), prose(card.text));
      if (card.steps.length) {
        const steps = make("ol");
        steps.append(...card.steps.map((text) => inline(make("li"), text)));
        item.append(steps);
      }
      if (card.program) {
        item.dataset.wide = "";
        item.append(listing(card.program));
      }
      row.append(...card.see.map((one) => seeButton(card, one)));
      item.append(row);
      if (card.found) {
        const more = make("details"), head = make("summary", "", "What you should find");
        more.append(head, prose(card.found), ...(card.solution ? [listing(card.solution)] : []));
        item.append(more);
      }
      list.append(item);
    }
    box.replaceChildren(list);
  }
  draw();
  watch("value", draw);
}
