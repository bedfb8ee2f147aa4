// Models side by side: what each token may see, what each is for, and where its parameters are. Knows views/embeddings/anatomy.py's JSON.
import { bar, figuresOf, make } from "../look.js";

/** @param {Face<embeddings.AnatomyView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-anatomy");

  /**
   * Rows look at columns; a filled cell may be seen.
   * @param {embeddings.MaskView} one
   * @param {string[]} words
   */
  function mask(one, words) {
    const outer = make("figure", "pg-mask"), grid = make("div", "pg-mask-grid");
    const n = Math.max(3, words.length);
    grid.style.gridTemplateColumns = `repeat(${n}, 16px)`;
    grid.setAttribute("role", "img");
    grid.setAttribute("aria-label", one.kind === "full" ? `${one.name}: every token sees every token` : `${one.name}: every token sees itself and those before it`);
    for (let r = 0; r < n; r++) {
      for (let c = 0; c < n; c++) {
        const cell = make("span");
        if (one.kind === "full" || c <= r) cell.dataset.seen = "";
        cell.title = `${words[r] || r} ${one.kind === "full" || c <= r ? "sees" : "does not see"} ${words[c] || c}`;
        grid.append(cell);
      }
    }
    outer.append(grid, make("figcaption", "pg-small", one.name));
    return outer;
  }

  /** @param {embeddings.ComponentView} part */
  function boxed(part) {
    const made = make("div", "pg-anatomy-box"), top = make("div", "pg-anatomy-top");
    top.append(make("strong", "", part.name), make("span", "pg-number", part.parameters));
    made.append(top, bar(part.share), make("p", "pg-small pg-soft", [part.times, part.detail].filter(Boolean).join(": ")));
    return made;
  }

  /** @param {string} text */
  function arrow(text) {
    return make("p", "pg-anatomy-arrow", text ? `↓ ${text}` : "↓");
  }

  /**
   * From the token ids down to the result: boxes with parameters, blocks in a frame with what one does.
   * @param {embeddings.ModelColumn} one
   */
  function diagram(one) {
    const flow = make("div", "pg-anatomy-flow");
    const shared = one.components.filter((part) => !part.stack && part.name === "token embeddings"), rest = one.components.filter((part) => !part.stack && part.name !== "token embeddings");
    flow.append(make("p", "pg-anatomy-arrow", "token ids"), arrow(""), ...shared.map(boxed));
    for (const [stack, lines] of Object.entries(one.wiring)) {
      const parts = one.components.filter((part) => part.stack === stack), before = parts.filter((part) => /embeddings/.test(part.name)), after = parts.filter((part) => part.name === "final norm");
      const inside = parts.filter((part) => !before.includes(part) && !after.includes(part));
      flow.append(arrow(Object.keys(one.wiring).length > 1 ? `into the ${stack}` : ""), ...before.flatMap((part) => [boxed(part), arrow("")]));
      const frame = make("div", "pg-anatomy-frame"), times = Math.max(1, ...inside.map((part) => parseInt(part.times, 10) || 1));
      frame.append(make("p", "pg-anatomy-stack", `${times} ${stack} block${times > 1 ? "s" : ""}, each:`), ...lines.map((line) => make("p", "pg-mono pg-small", line)), ...inside.map(boxed));
      flow.append(frame, ...after.flatMap((part) => [arrow(""), boxed(part)]));
    }
    flow.append(...rest.filter((part) => !part.aside).flatMap((part) => [arrow(""), boxed(part)]), arrow(one.head));
    for (const part of rest.filter((each) => each.aside)) flow.append(make("p", "pg-small pg-soft", part.aside), boxed(part));
    return flow;
  }

  /**
   * @param {embeddings.ModelColumn} one
   * @param {string[]} words
   */
  function column(one, words) {
    const made = make("section", "pg-anatomy-column"), masks = make("div", "pg-masks");
    masks.append(...one.masks.map((each) => mask(each, words)));
    const flow = diagram(one);
    made.append(make("h3", "", `${one.name}: ${one.family}`), make("p", "pg-small", one.sees), masks, make("p", "pg-small", one.uses), figuresOf(one.facts), flow,
      make("p", "pg-anatomy-total", `Together ${one.total}`));
    if (one.tied) made.append(make("p", "pg-small pg-soft", one.tied));
    return made;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.columns;
    if (!value?.columns) return;
    const columns = make("div", "pg-anatomy-columns");
    columns.append(...value.columns.map((one) => column(one, value.words)));
    box.replaceChildren(make("p", "", value.sentence), columns);
  }
  draw();
  watch("value", draw);
}
