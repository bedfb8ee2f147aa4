// Opens the strip above the tabs (web/stage/main.js) on what panels/stage.py tells of the page. "fill" puts what it gives into the page.
import { make } from "./look.js";
import { Stage } from "./stage/main.js";

export default function ({ element, props, trigger }) {
  const root = (window.gradio_config && window.gradio_config.root) || "";
  let next = null;
  const fill = (list) => { next = list; trigger("fill", {}); };
  const stage = new Stage(element.querySelector(".pg-stage"), props.value.rooms, { make, fill, root });
  const hear = {
    heard: (values) => stage.page.heard(values),
    ended: (values, run) => stage.page.finished(run, values),
    over: (what, bad) => stage.page.end(what, bad),
    open: (state, guide) => stage.openState(state, guide),
    moved: () => stage.moved(),
  };
  const take = ([what, ...said]) => hear[what](...said);
  // What the page said before this code was here waits in a list; from now on it is heard at once.
  (window.playgroundSaid || []).filter(([what]) => what !== "moved").forEach(take);
  window.playgroundSaid = { push: take };
  window.playgroundStage = { filling: () => next, stage };
  stage.begin();
}
