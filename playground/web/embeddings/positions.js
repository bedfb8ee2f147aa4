// Positions: the table as a heat map and its cosines, T5's bias, or two vectors that turn. Knows views/embeddings/positions.py's JSON.
import { halfError, numberText } from "../digits.js";
import { quoted } from "../bidi.js";
import { heat, labelledHeat, longest, strongest, triangleAt } from "../heat.js";
import { legend, make } from "../look.js";
import { unpack } from "../wire.js";

/** @typedef {embeddings.Size} Size */

/** @param {Face<embeddings.PositionsView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-positions");
  const SVG = "http://www.w3.org/2000/svg";
  const DIALS = 8;
  let places = { query: 0, key: 0 };

  /**
   * @param {string} tag
   * @param {Record<string, string | number>} attributes
   */
  function shape(tag, attributes) {
    const node = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
    return node;
  }

  /**
   * A line over `numbers`, with a mark at one of them; low and high are written beside it.
   * @param {number[]} numbers
   * @param {string} label
   * @param {number} [mark]
   */
  function line(numbers, label, mark) {
    const low = Math.min(...numbers, 0), high = Math.max(...numbers), wide = 600, tall = 120;
    const x = (/** @type {number} */ i) => 40 + (i * (wide - 50)) / Math.max(1, numbers.length - 1), y = (/** @type {number} */ n) => 8 + ((high - n) * (tall - 30)) / (high - low || 1);
    const svg = shape("svg", { viewBox: `0 0 ${wide} ${tall}`, role: "img", "aria-label": label, class: "pg-curve" });
    svg.append(shape("line", { x1: 40, x2: wide - 10, y1: y(0), y2: y(0), class: "pg-curve-zero" }));
    svg.append(shape("polyline", { points: numbers.map((n, i) => `${x(i)},${y(n)}`).join(" "), class: "pg-curve-line" }));
    if (mark !== undefined && mark >= 0 && mark < numbers.length) svg.append(shape("circle", { cx: x(mark), cy: y(numbers[mark]), r: 5, class: "pg-curve-mark" }));
    /** @type {(text: string, at: number, down: number, anchor: string) => void} */
    const write = (text, at, down, anchor) => {
      const node = shape("text", { x: at, y: down, "text-anchor": anchor });
      node.textContent = text;
      svg.append(node);
    };
    write(numberText(high), 36, y(high) + 5, "end");
    if (low < 0) write(numberText(low), 36, y(low) + 4, "end");
    write("distance 0", 40, tall - 2, "start");
    write(String(numbers.length - 1), wide - 10, tall - 2, "end");
    return svg;
  }

  /**
   * A number that came as float16.
   * @param {number} number
   */
  function shown(number) {
    return numberText(number, 4, halfError(number));
  }

  /**
   * @param {number[]} vector
   * @param {number[]} frequencies
   * @param {number} place
   * @returns {number[]}
   */
  function turned(vector, frequencies, place) {
    const half = vector.length / 2, made = new Array(vector.length);
    frequencies.forEach((speed, i) => {
      const cos = Math.cos(place * speed), sin = Math.sin(place * speed);
      made[i] = vector[i] * cos - vector[i + half] * sin;
      made[i + half] = vector[i + half] * cos + vector[i] * sin;
    });
    return made;
  }

  /**
   * @param {number} pair
   * @param {[number, number]} query
   * @param {[number, number]} key
   * @param {number} speed
   */
  function dial(pair, query, key, speed) {
    const svg = shape("svg", { viewBox: "-50 -50 100 100", class: "pg-dial", role: "img" });
    svg.append(shape("circle", { cx: 0, cy: 0, r: 46, class: "pg-dial-face" }));
    const hand = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ name) => {
      const size = Math.hypot(x, y) || 1;
      svg.append(shape("line", { x1: 0, y1: 0, x2: (42 * x) / size, y2: (-42 * y) / size, class: name }));
    };
    hand(...query, "pg-dial-query");
    hand(...key, "pg-dial-key");
    const angle = (/** @type {[number, number]} */ v) => numberText((Math.atan2(v[1], v[0]) * 180) / Math.PI, 0);
    svg.setAttribute("aria-label", `pair ${pair}: query at ${angle(query)}°, key at ${angle(key)}°`);
    const outer = make("figure", "pg-dial-box");
    outer.append(svg, make("figcaption", "pg-small pg-soft", `pair ${pair}: ${speed >= 0.01 ? numberText(speed) : speed.toExponential(0)} rad`));
    return outer;
  }

  /** @param {embeddings.RotaryView} value */
  function rotary(value) {
    const score = make("p", "pg-out"), dials = make("div", "pg-dials"), held = make("div");
    score.setAttribute("aria-live", "polite");
    /** @type {["query", "key"]} */
    const names = ["query", "key"];
    /** @type {Record<string, {slider: HTMLInputElement, said: HTMLOutputElement}>} */
    const sliders = {};
    const half = value.query.length / 2;
    const redraw = () => {
      const q = turned(value.query, value.frequencies, places.query), k = turned(value.key, value.frequencies, places.key);
      const dot = q.reduce((sum, n, i) => sum + n * k[i], 0) * value.scale, distance = places.query - places.key;
      score.textContent = `Query ${quoted(value.query_label)} at place ${places.query}, key ${quoted(value.key_label)} at place ${places.key}: distance ${numberText(distance, 0)}, scaled score q·k ${numberText(dot, 4)}.`;
      const dialled = [...new Set(Array.from({ length: DIALS }, (_, i) => Math.round((i * (half - 1)) / (DIALS - 1))))];
      dials.replaceChildren(...dialled.map((i) => dial(i, [q[i], q[i + half]], [k[i], k[i + half]], value.frequencies[i])));
      held.replaceChildren(line(value.curve, "The scaled score by distance, query after key", distance));
      for (const name of names) { sliders[name].slider.value = sliders[name].said.textContent = String(places[name]); }
    };
    const controls = names.map((name) => {
      const label = make("label", "pg-range"), slider = make("input"), said = make("output");
      Object.assign(slider, { type: "range", min: 0, max: 255, value: places[name] });
      slider.addEventListener("input", () => { places[name] = +slider.value; redraw(); });
      sliders[name] = { slider, said };
      label.append(make("span", "", `Place of the ${name}`), slider, said);
      return label;
    });
    const both = make("div", "pg-buttons");
    for (const by of [-10, 10]) {
      const button = make("button", "pg-button", `Move both by ${numberText(by, 0)}`);
      button.type = "button";
      button.addEventListener("click", () => {
        const step = Math.max(-Math.min(places.query, places.key), Math.min(by, 255 - Math.max(places.query, places.key)));
        places = { query: places.query + step, key: places.key + step };
        redraw();
      });
      both.append(button);
    }
    redraw();
    const key = make("p", "pg-small pg-legend");
    key.append(make("span", "pg-dial-sample", ""), make("span", "", "query"), make("span", "pg-dial-sample pg-dial-second", ""), make("span", "", "key; each dial is one pair of numbers, hands show their angles"));
    return [...controls, both, score, key, dials, make("h3", "", "The score by distance (query after key)"), held];
  }

  /**
   * @param {Size} size
   * @param {string} arrays
   * @param {number[]} byDistance
   * @param {HTMLElement} out
   */
  function table({ rows, width }, arrays, byDistance, out) {
    const { table: numbers, cosines } = unpack(arrays), most = strongest(numbers);
    const map = heat({
      rows, columns: width, height: 5, at: (r, c) => numbers[r * width + c] / most, label: `The vectors of places 0 to ${rows - 1}, ${width} numbers each`,
      point: (r, c) => { out.textContent = `Place ${r}, number ${c}: ${shown(numbers[r * width + c])}`; },
    });
    const alike = labelledHeat({
      names: Array.from({ length: rows }, (_, i) => (i % 8 ? "" : String(i))), at: (r, c) => triangleAt(cosines, rows, r, c), width: Math.min(448, (box.clientWidth || 448) * 0.8),
      label: `Cosines of the vectors of places 0 to ${rows - 1}`,
      point: (r, c) => { out.textContent = `Places ${r} and ${c}: cosine ${numberText(triangleAt(cosines, rows, r, c), 3)}`; },
    });
    return [map, legend("numbers", `−${numberText(most)} or below`, `+${numberText(most)} or above (1 in 100 numbers); one row a place, 0 on top`), make("h3", "", "Cosine of each place with each other"), alike, legend("numbers", "−1", "+1"),
      make("h3", "", "The mean of these cosines by distance"), line(byDistance, "Mean cosine of two places by their distance")];
  }

  /**
   * @param {Size} size
   * @param {string} arrays
   * @param {HTMLElement} out
   */
  function bias({ rows, width }, arrays, out) {
    const numbers = unpack(arrays).bias, most = longest(numbers), middle = (width - 1) / 2;
    const map = heat({
      rows, columns: width, at: (r, c) => numbers[r * width + c] / most, label: `The bias of ${rows} heads by distance`,
      point: (r, c) => { out.textContent = `Head ${r}, key ${numberText(c - middle, 0)} places from the query: ${shown(numbers[r * width + c])}`; },
    });
    return [make("p", "pg-small pg-soft", "One row a head; the middle column is the token itself, left of it what came before."), map, legend("numbers", `−${numberText(most, 1)}`, `+${numberText(most, 1)}`)];
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.title;
    if (!value?.title) return;
    const out = make("p", "pg-small pg-out", "Point at a picture, or focus it and use the arrow keys, to read its numbers.");
    out.setAttribute("aria-live", "polite");
    if (value.rotary) places = { query: value.rotary.query_place, key: value.rotary.key_place };
    const { table: size, bias: heads, arrays = "", by_distance: byDistance = [] } = value;
    const nodes = value.rotary ? rotary(value.rotary) : [out, ...(size ? table(size, arrays, byDistance, out) : heads ? bias(heads, arrays, out) : [])];
    box.replaceChildren(make("h3", "", value.title), make("p", "pg-mono pg-small", value.formula), make("p", "pg-small pg-soft", value.sentence), ...nodes);
  }
  draw();
  watch("value", draw);
}
