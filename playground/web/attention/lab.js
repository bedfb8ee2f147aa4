// Opens the attention lab (web/lab/main.js) on views/attention/lab.py's JSON: {runs, view}. Its own moves go into the value, for what asks later.
import { Lab } from "./lab/main.js";

export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-lab");
  const FILLED = ["attention-text", "attention-model", "attention-target", "attention-pair"]; // what the runs of a view fill in
  box.dataset.pgOwnLink = "lab";
  let shown = "";
  const lab = new Lab(box, {
    tell({ runs, ...view }) {
      if (!props.value || !props.value.runs) return;
      props.value = { ...props.value, runs, view };
      if (window.playgroundFollowing) trigger("moved", {});
      if (view.kind) box.dispatchEvent(new CustomEvent("pg-view", { bubbles: true, detail: { name: "lab", covers: FILLED, ...lab.shared() } }));
    },
  });
  // What a class or a scene shows: the same runs are in the page already, others are read by the server, which has them if it read them before.
  box.addEventListener("pg-show", ({ detail }) => {
    if (!lab.box.hidden && JSON.stringify(detail.runs) === JSON.stringify(lab.shared().view.runs)) lab.follow(detail.view || {});
    else trigger("linked", detail);
  });
  box.dataset.pgView = "lab";
  const draw = () => {
    const value = props.value || {};
    const key = JSON.stringify([value.runs, value.turn]);
    if (!value.runs || key === shown) return;
    shown = key;
    box.dataset.turn = value.turn || "";
    lab.say(value.said || "");
    lab.showRuns(value.runs, value.view || {});
  };
  draw();
  watch("value", draw);
  // A scene (web/scene.js) opens a text with a view of its own choice.
  box.addEventListener("playground-open", (event) => trigger("linked", event.detail));
  box.dataset.ready = "";
  const asked = new URL(performance.getEntriesByType("navigation")[0].name).searchParams.get("lab"); // the address changes as one works
  if (asked && !window.playgroundLinkRead) {
    window.playgroundLinkRead = true;
    try {
      trigger("linked", JSON.parse(asked));
    } catch {
      lab.box.hidden = false;
      lab.say("The link could not be read: it has been cut short. Read a text to begin.", true);
    }
  }
}
