// Opens the attention lab (web/attention/lab/main.js) on views/attention/lab.py's JSON: {runs, view}. Its own moves go into the value,
// for what asks later, and are told to the page: {view: {runs, view}}, where a run holds only what the tab's inputs do not say.
import { Lab } from "./lab/main.js";
import { filledBy, runsOf, sameRuns } from "./lab/shared.js";

/** @param {{element: HTMLElement, props: any, watch: (name: string, run: () => void) => void, trigger: (name: string, data: any) => void}} component */
export default function ({ element, props, watch, trigger }) {
  const box = /** @type {HTMLElement} */ (element.querySelector(".pg-lab"));
  let shown = "";
  /** @type {{shown: () => void, failed: (why: string) => void} | null} */
  let waiting = null;
  const lab = new Lab(box, {
    tell({ runs, ...view }) {
      if (!props.value || !props.value.runs) return;
      props.value = { ...props.value, runs, view };
      if (window.playgroundFollowing) trigger("moved", {});
      if (view.kind) box.dispatchEvent(new CustomEvent("pg-view", { bubbles: true, detail: { name: "lab", of: lab.of(), ...filledBy(runs, view) } }));
    },
  });
  // Runs that are in the page already only turn to the view; others are read by the server, which has them if it read them before.
  box.addEventListener("pg-show", async (event) => {
    const { view: asked, values, shown: done, failed } = /** @type {CustomEvent<any>} */ (event).detail, runs = runsOf(asked.runs, values);
    const view = { pins: [], ...asked.view, options: { ...lab.first, ...asked.view?.options } };
    if (!runs[0].spec.text) return failed("There is no text to read. Put one in and read it.");
    if (!lab.box.hidden && sameRuns(runs, lab.state().runs)) {
      await lab.follow(view);
      return done();
    }
    waiting = { shown: done, failed };
    return trigger("linked", { runs, view });
  });
  box.dataset.pgView = "lab";
  const draw = async () => {
    const value = props.value || {};
    const key = JSON.stringify([value.runs, value.turn]);
    if (!value.runs || key === shown) return;
    shown = key;
    const one = waiting;
    waiting = null;
    box.dataset.turn = value.turn || "";
    lab.say(value.said || "");
    await lab.showRuns(value.runs, lab.active ? value.view || {} : { ...value.first, ...value.view });
    if (one) one.shown();
  };
  draw();
  watch("value", draw);
  box.dataset.ready = "";
}
