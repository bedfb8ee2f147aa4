// The journey tab: hands what stands in the fields to the picture (picture/main.js), which asks the server by itself. Value: {text, model, turn}.
import { Picture } from "./picture/main.js";

export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-journey");
  const picture = new Picture(box, {
    write(text) {
      window.playgroundJourney = text;
      trigger("write", {});
    },
    tell(view) {
      box.dispatchEvent(new CustomEvent("pg-view", { bubbles: true, detail: { name: "journey", view, fills: {} } }));
    },
  });
  box.dataset.pgView = "journey";
  box.addEventListener("pg-show", ({ detail: { view, values, shown, failed } }) => {
    picture.show(view, { text: values["journey-text"], model: values["journey-model"] }).then(shown, (error) => failed(error.message));
  });
  const hear = () => props.value && picture.heard({ turn: 0, ...props.value });
  hear();
  watch("value", hear);
  box.dataset.ready = "";
}
