// Opens the strip above the tabs (web/stage/main.js) on what panels/stage.py tells of the page. "fill" puts what it gives into the page.
const root = (window.gradio_config && window.gradio_config.root) || "";
const box = element.querySelector(".pg-stage");
const early = { list: [] };
// Until the strip's code is here, what the page says is kept for it.
window.playgroundStage = {
  heard: (values) => early.list.push((page) => page.heard(values)),
  ended: (run, values) => early.list.push((page) => page.finished(run, values)),
  moved: () => {},
  filling: () => early.next,
};
import(`${root}/playground/web/stage/main.js`).then(({ Stage }) => {
  const fill = (list) => { early.next = list; trigger("fill", {}); };
  const stage = new Stage(box, props.value.rooms, { make, fill, root });
  early.list.forEach((tell) => tell(stage.page));
  window.playgroundStage = {
    heard: (values) => stage.page.heard(values),
    ended: (run, values) => { stage.page.finished(run, values); },
    moved: () => stage.moved(),
    filling: () => early.next,
    stage,
  };
  stage.begin();
}, () => { box.textContent = "The code for links and classes could not be loaded. Reload the page."; });
