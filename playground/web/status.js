// The header's dot: what the service does with its models, and with each when it is opened. Asks /playground/status every 2 s until all
// is settled, then every 15 s.
import { root } from "./ask.js";
import { percentText } from "./digits.js";
import { make } from "./look.js";
import { menu } from "./menu.js";

/** @param {Face<shared.StatusView>} face */
export default function ({ element, props }) {
  const box = element.querySelector(".pg-status");
  /** @type {Record<string, string>} */
  const words = { waiting: "waiting", downloading: "downloading", converting: "converting", loading: "loading", ready: "ready", failed: "failed" };
  const { node, button, list } = menu("Models", "");
  const said = make("span", "pg-status-said", "");
  button.append(make("span", "pg-dot", ""));
  said.setAttribute("role", "status");
  list.setAttribute("aria-label", "Models");
  box.append(node, said);

  /** @param {shared.ModelLine} line */
  function drawModel(line) {
    const item = make("span", "pg-model", "");
    item.dataset.state = line.state;
    const share = line.share === null ? "" : ` ${percentText(line.share, 0)}`;
    item.append(make("span", "pg-dot", ""), make("span", "pg-model-name", line.name), make("span", "pg-soft", words[line.state] + share));
    item.title = line.detail;
    if (line.state === "failed") item.append(make("span", "pg-why", line.detail));
    return item;
  }

  /**
   * The worst of all: failed, at work, waiting, ready.
   * @param {shared.ModelLine[]} models
   */
  function whole(models) {
    const some = (/** @type {string[]} */ ...states) => models.some((line) => states.includes(line.state));
    return some("failed") ? "failed" : some("downloading", "converting", "loading") ? "loading" : some("waiting") ? "waiting" : "ready";
  }

  /** @param {shared.StatusView | null} value */
  function draw(value) {
    if (!value?.models) return;
    const device = value.device ? `on ${value.device.toUpperCase()}` : "starting";
    const waiting = value.waiting ? `, ${value.waiting} waiting` : "";
    const text = JSON.stringify(value);
    if (box.dataset.shown === text) return;
    box.dataset.shown = text;
    box.dataset.state = whole(value.models);
    const ready = value.models.filter((line) => line.state === "ready").length;
    const short = ready === value.models.length ? "all models are ready" : `${ready} of ${value.models.length} models are ready`;
    if (said.textContent !== short) said.textContent = short;
    button.setAttribute("aria-label", `Models: ${short}`);
    button.title = `Models ${device}: ${short}${waiting}`;
    list.replaceChildren(make("span", "pg-soft", `Models ${device}${waiting}`), ...value.models.map(drawModel));
  }

  async function ask() {
    let pause = 15000;
    try {
      const answer = await fetch(`${root()}/playground/status`, { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const value = await answer.json();
        draw(value);
        if (!value.settled) pause = 2000;
      }
    } catch (error) {
      box.dataset.stale = String(error);
    }
    setTimeout(ask, pause);
  }
  draw(props.value);
  setTimeout(ask, 500);
}
