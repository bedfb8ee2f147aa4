// Three ways to write, side by side, and the beam search as a tree: a column a step, a line to what each candidate follows.
// Knows views/generation/strategies.py's JSON.
import { numberText, percentText } from "../digits.js";
import { isolated, quoted } from "../bidi.js";
import { chipRow, figuresOf, legend, make, shade } from "../look.js";

/** @param {Face<generation.WaysView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-ways");
  const WIDE = 132, GAP = 30, HIGH = 26, TOP = 22, SPACE = "http://www.w3.org/2000/svg";
  let at = 0;

  /**
   * @param {generation.Way} way
   * @param {boolean} best
   */
  function column(way, best) {
    const part = make("section", "pg-card pg-way");
    const head = make("h3", "", way.name);
    if (best) head.append(make("span", "pg-soft pg-small", " · best mean ln p a token"));
    const row = chipRow(way.tokens.map((token) => ({ ...token, said: `${isolated(token.text)}: ${percentText(token.p)}` })), { label: `Tokens of ${way.name}` });
    part.append(head, make("p", "pg-soft pg-small", way.said), row, figuresOf([["mean ln p a token", way.mean], ["perplexity", way.perplexity], ["sum of ln p", way.total], ["tokens", `${way.tokens.length}`]]));
    return part;
  }

  /**
   * @param {generation.TreeView["nodes"]} nodes
   * @param {number} i
   * @returns {Set<number>}
   */
  function ancestors(nodes, i) {
    const found = new Set();
    for (; i >= 0; i = nodes[i][1]) found.add(i);
    return found;
  }

  /**
   * @param {generation.TreeView["nodes"]} nodes
   * @param {number} i
   */
  function told(nodes, i) {
    const [step, , text, own, total, rank, fate] = nodes[i];
    const path = [...ancestors(nodes, i)].reverse().map((n) => nodes[n][2]).join("");
    const said = /** @type {Record<string, string>} */ ({ kept: "kept: this beam lives on", ended: "an answer ends here", pruned: "pruned" })[fate];
    return `Step ${step}, rank ${rank} of its step: ${quoted(text)}, ln p ${numberText(own)} (${percentText(Math.exp(own))}), sum so far ${numberText(total)}; ${said}. Path: ${isolated(path)}`;
  }

  /** @param {generation.TreeView} tree */
  function picture(tree) {
    const nodes = tree.nodes, best = new Set(tree.finished.length ? tree.finished[0].nodes : []);
    const rows = Math.max(...nodes.map((n) => n[5])), wide = tree.steps * (WIDE + GAP), high = TOP + rows * (HIGH + 6);
    const scene = make("div", "pg-beam-scene"), scroll = make("div", "pg-scroll pg-beam"), out = make("p", "pg-small pg-beam-out", "Point at a candidate, or Tab to the tree and use the arrow keys.");
    out.setAttribute("aria-live", "polite");
    scene.style.width = `${wide}px`;
    scene.style.height = `${high}px`;
    const lines = document.createElementNS(SPACE, "svg");
    lines.setAttribute("width", String(wide));
    lines.setAttribute("height", String(high));
    lines.setAttribute("aria-hidden", "true");
    scene.append(lines);
    for (let s = 1; s <= tree.steps; s++) {
      const title = make("span", "pg-soft pg-small pg-beam-step", `step ${s}`);
      title.style.left = `${(s - 1) * (WIDE + GAP)}px`;
      scene.append(title);
    }
    /** @typedef {generation.TreeView["nodes"][number]} Node */
    const x = (/** @type {Node} */ n) => (n[0] - 1) * (WIDE + GAP), y = (/** @type {Node} */ n) => TOP + (n[5] - 1) * (HIGH + 6);
    const drawn = nodes.map((n, i) => {
      const button = make("button", "pg-beam-node");
      button.type = "button";
      button.dataset.fate = n[6];
      if (best.has(i)) button.dataset.best = "";
      button.tabIndex = i === at ? 0 : -1;
      button.setAttribute("aria-label", told(nodes, i));
      button.style.left = `${x(n)}px`;
      button.style.top = `${y(n)}px`;
      shade(button, Math.exp(n[3]));
      button.append(make("span", "pg-beam-word", n[2]), make("span", "pg-number", `${n[6] === "ended" ? "■ " : ""}${numberText(n[4])}`));
      if (n[1] >= 0) {
        const from = nodes[n[1]], path = document.createElementNS(SPACE, "path"), a = x(from) + WIDE, b = y(from) + HIGH / 2, c = x(n), d = y(n) + HIGH / 2;
        path.setAttribute("d", `M${a} ${b} C${a + GAP / 2} ${b} ${c - GAP / 2} ${d} ${c} ${d}`);
        path.dataset.fate = n[6];
        path.dataset.to = String(i);
        if (best.has(i)) path.dataset.best = "";
        lines.append(path);
      }
      return button;
    });
    const point = (/** @type {number} */ i) => {
      const path = ancestors(nodes, i);
      out.textContent = told(nodes, i);
      drawn.forEach((button, j) => button.toggleAttribute("data-path", path.has(j)));
      lines.querySelectorAll("path").forEach((one) => one.toggleAttribute("data-path", path.has(Number(one.dataset.to))));
    };
    const move = (/** @type {number} */ i) => {
      if (drawn[at]) drawn[at].tabIndex = -1;
      at = i;
      drawn[i].tabIndex = 0;
      drawn[i].focus();
    };
    drawn.forEach((button, i) => {
      button.addEventListener("mouseenter", () => point(i));
      button.addEventListener("focus", () => point(i));
      button.addEventListener("keydown", (event) => {
        const n = nodes[i], inStep = (/** @type {number} */ rank) => nodes.findIndex((o) => o[0] === n[0] && o[5] === rank);
        /** @type {Record<string, number>} */
        const ways = { ArrowLeft: n[1], ArrowRight: nodes.findIndex((o) => o[1] === i), ArrowUp: inStep(n[5] - 1), ArrowDown: inStep(n[5] + 1) };
        const to = ways[event.key];
        if (to === undefined) return;
        event.preventDefault();
        if (to >= 0) move(to);
      });
    });
    scene.append(...drawn);
    scroll.append(scene);
    return [scroll, out];
  }

  /** @param {generation.TreeView} tree */
  function answers(tree) {
    const list = make("ol", "pg-small");
    for (const one of tree.finished) {
      const item = make("li");
      item.append(make("span", "pg-said", one.text), make("span", "pg-soft", ` · sum ${one.total}, per token ${one.score}, ${one.tokens} tokens`));
      list.append(item);
    }
    return list;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.ways?.length;
    if (!value?.ways?.length) return;
    const best = value.ways.reduce((one, way) => (way.value > one.value ? way : one)), columns = make("div", "pg-ways-columns");
    columns.append(...value.ways.map((way) => column(way, value.ways.length === 3 && way.mean === best.mean)));
    /** @type {HTMLElement[]} */
    const parts = [legend("share", "unlikely for the model", "likely"), columns];
    if (value.tree && value.tree.nodes.length) {
      at = Math.min(at, value.tree.nodes.length - 1);
      const key = make("p", "pg-small pg-soft", "Each box is a candidate, with the sum of ln p from the start; a step’s best stands on top. Pale and crossed out: pruned. ■: an answer ends. Framed: the way to the best answer, which is the best by ln p per token, not by its sum.");
      parts.push(make("h3", "", `The search with ${value.tree.beams} beams`), key, ...picture(value.tree));
      if (value.tree.finished.length) parts.push(make("h3", "", "Its answers, by ln p per token"), answers(value.tree));
    }
    const scrolled = element.querySelectorAll(".pg-beam")[0]?.scrollLeft ?? 0;
    box.replaceChildren(...parts);
    const tree = box.querySelector(".pg-beam");
    if (tree) tree.scrollLeft = value.tree?.finished.length ? scrolled : tree.scrollWidth;
  }
  draw();
  watch("value", draw);
}
