// Embeddings: strips of what is added up, cosines at every stage, two words through the layers. Knows views/embeddings/embeddings.py's JSON.
// Nothing here asks the server; while the paths below are open, the word and stage in view are told (`picked`).
import { halfError, numberText } from "../digits.js";
import { isolated, quoted } from "../bidi.js";
import { heat, labelledHeat, stripLine, strongest, triangleAt } from "../heat.js";
import { chipRow, legend, make } from "../look.js";
import { barTable } from "../tables.js";
import { unpack } from "../wire.js";

/**
 * The token nearest to `one`, special ones included, and the mean over all pairs of others; cosine(i, j) is of two tokens.
 * @param {embeddings.TokenChip[]} tokens
 * @param {number} one
 * @param {(i: number, j: number) => number} cosine
 * @returns {[number, number]}
 */
export function closest(tokens, one, cosine) {
  let best = -1, sum = 0, count = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (i !== one && (best < 0 || cosine(one, i) > cosine(one, best))) best = i;
    for (let j = i + 1; j < tokens.length; j++) if (!tokens[i].special && !tokens[j].special) { sum += cosine(i, j); count++; }
  }
  return [best, count ? sum / count : 0];
}

/** @param {Face<embeddings.EmbeddingsView>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-embeddings");
  let one = 0, other = 1, stage = 0, shown = "sum", timer = 0;
  /** @type {embeddings.EmbeddingsView} */
  let value;
  /** @type {ReturnType<typeof opened>} */
  let data;

  /** @param {embeddings.EmbeddingsView} of */
  function opened(of) {
    const n = of.tokens.length, width = of.width;
    const arrays = unpack(of.arrays), parts = of.parts.map((part, i) => ({ ...part, numbers: arrays[`part${i}`] }));
    const row = (/** @type {typeof parts[number]} */ each, /** @type {number} */ i) => each.numbers.subarray((each.rows === 1 ? 0 : i) * width, ((each.rows === 1 ? 0 : i) + 1) * width);
    const sums = Array.from({ length: n }, (_, i) => {
      const sum = new Float32Array(width);
      for (const each of parts) for (const [k, x] of row(each, i).entries()) sum[k] += x;
      return sum;
    });
    const { normed } = arrays;
    /** @type {Record<string, (i: number) => import("../wire.js").Numbers>} */
    const named = Object.fromEntries(parts.map((each) => [each.name, (/** @type {number} */ i) => row(each, i)]));
    if (parts.length > 1) named.sum = (i) => sums[i];
    if (normed) named["after layer norm"] = (i) => normed.subarray(i * width, (i + 1) * width);
    return { n, width, named, cosines: arrays.cosines, size: (n * (n + 1)) / 2 };
  }

  /**
   * @param {number} at
   * @param {number} i
   * @param {number} j
   */
  function cosine(at, i, j) {
    return triangleAt(data.cosines.subarray(at * data.size, (at + 1) * data.size), data.n, i, j);
  }

  /** @param {number} i */
  function name(i) {
    return `${isolated(value.tokens[i].text)} (${i})`;
  }

  /**
   * @param {string} title
   * @param {string} sentence
   * @param {HTMLElement[]} nodes
   */
  function part(title, sentence, ...nodes) {
    const made = make("section", "pg-part");
    made.append(make("h3", "", title), make("p", "pg-soft pg-small", sentence), ...nodes);
    return made;
  }

  /**
   * @param {string} label
   * @param {number} chosen
   * @param {(i: number) => void} pick
   * @param {(i: number) => number} [signed]
   */
  function words(label, chosen, pick, signed) {
    const second = value.second;
    return chipRow(value.tokens.map((token, i) => ({
      text: token.text, special: token.special && !signed, newline: i + 1 === second, ...(signed ? { signed: signed(i) } : {}),
      said: signed ? `${name(i)}: cosine ${numberText(signed(i))}` : `${name(i)}`,
    })), { label, chosen, pick });
  }

  /**
   * @param {`.${string}`} selector
   * @param {() => void} work
   */
  function keep(selector, work) {
    work();
    const again = box.querySelector(selector);
    if (again) again.focus();
  }

  function tell() {
    if (!window.playgroundPaths) return;
    clearTimeout(timer);
    timer = setTimeout(() => trigger("picked", { token: one, stage }), 200);
  }

  /** @param {HTMLElement} out */
  function beginning(out) {
    const names = Object.keys(data.named), lengths = value.lengths;
    const length = (/** @type {string} */ label) => lengths[label][lengths[label].length > 1 ? one : 0];
    /** @type {[string, number[]][]} */
    const rows = names.map((label) => [label, Array.from(data.named[label](one))]);
    const most = strongest(rows.filter(([label]) => label !== "after layer norm").flatMap(([, numbers]) => numbers));
    const lines = rows.map(([label, numbers]) =>
      stripLine(label, numbers, label === "after layer norm" ? strongest(numbers) : most, `length ${numberText(length(label))}`, (said) => { out.textContent = said; }));
    if (!names.includes(shown)) shown = names[names.length > 1 ? names.length - (names.includes("after layer norm") ? 2 : 1) : 0];
    const buttons = make("div", "pg-buttons");
    buttons.append(make("span", "pg-soft pg-small", "All tokens, one row each:"), ...names.map((label) => {
      const button = make("button", "pg-button", label);
      button.type = "button";
      button.setAttribute("aria-pressed", String(label === shown));
      button.addEventListener("click", () => { shown = label; keep('.pg-buttons [aria-pressed="true"]', draw); });
      return button;
    }));
    const all = Array.from({ length: data.n }, (_, i) => Array.from(data.named[shown](i)));
    const top = strongest(all.flat());
    const map = heat({
      rows: data.n, columns: data.width, height: Math.max(6, Math.min(14, Math.floor(300 / data.n))), at: (r, c) => all[r][c] / top,
      label: `${shown}, ${data.n} tokens by ${data.width} numbers`,
      point: (r, c) => { out.textContent = `${shown} of ${name(r)}, number ${c}: ${numberText(all[r][c], 4, halfError(all[r][c]))}`; },
      pick: (r) => { one = r; keep(".pg-map canvas", draw); tell(); },
    });
    const holder = make("div", "pg-map");
    holder.append(map);
    const key = legend("numbers", `−${numberText(top)} or below`, `+${numberText(top)} or above (1 in 100 numbers)`);
    return part(`What ${quoted(value.tokens[one].text)} begins with`, value.parts_sentence, ...lines, buttons, holder, key);
  }

  /**
   * @param {HTMLElement} out
   * @param {() => void} redraw
   */
  function matrix(out, redraw) {
    const [best, mean] = closest(value.tokens, one, (i, j) => cosine(stage, i, j));
    const near = best < 0 ? "" : ` Nearest to ${name(one)} here is ${name(best)}: ${numberText(cosine(stage, one, best))}.`;
    const where = value.stages[stage];
    return part(`Cosines, ${where}`,
      `Each cell is the cosine of two tokens’ vectors, 1 in the same direction.${near} The mean over all pairs, special tokens left out, is ${numberText(mean)}; `
        + "where it is high, all vectors share a direction, and only differences from it tell.",
      words("Tokens, shaded by their cosine with the chosen one; choose one to compare", other, (i) => { other = i; keep('.pg-stage-part [aria-current="true"]', redraw); }, (i) => cosine(stage, one, i)),
      labelledHeat({
        names: value.tokens.map((token) => token.text), at: (r, c) => cosine(stage, r, c), label: `Cosines of ${data.n} tokens, ${where}`, marked: [[one, other]],
        width: Math.min(560, box.clientWidth ? box.clientWidth * 0.6 : 560),
        point: (r, c) => { out.textContent = `${name(r)} and ${name(c)}, ${where}: cosine ${numberText(cosine(stage, r, c), 3)}`; },
        pick: (r, c) => { one = r; other = c; keep(".pg-stage-part canvas", draw); tell(); },
      }),
      legend("numbers", "−1", "+1"));
  }

  function through() {
    const rows = value.stages.map((label, s) => {
      const found = cosine(s, one, other);
      return {
        label, share: found, second: found < 0, chosen: s === stage,
        texts: [numberText(found, 3), numberText(value.norms[s][one]), numberText(value.norms[s][other])],
      };
    });
    const holder = make("div", "pg-scroll");
    holder.tabIndex = 0;
    holder.append(barTable("", ["stage", "cosine", "", `length of ${name(one)}`, `length of ${name(other)}`], rows));
    return part(`${name(one)} and ${name(other)} from stage to stage`, value.pair_sentence, holder);
  }

  function draw() {
    box.hidden = !props.value?.tokens;
    if (!props.value?.tokens) return;
    const out = make("p", "pg-small pg-out", "Point at a picture, or focus it and use the arrow keys, to read its numbers.");
    out.setAttribute("aria-live", "polite");
    const range = make("label", "pg-range"), slider = make("input"), said = make("output", "", value.stages[stage]);
    Object.assign(slider, { type: "range", min: 0, max: value.stages.length - 1, value: stage });
    slider.setAttribute("aria-label", "Stage");
    range.append(make("span", "", "Stage"), slider, said);
    const lower = make("div", "pg-stage-part");
    const redraw = () => {
      said.textContent = value.stages[stage];
      slider.setAttribute("aria-valuetext", value.stages[stage]);
      lower.replaceChildren(matrix(out, redraw), through());
    };
    slider.addEventListener("input", () => { stage = +slider.value; redraw(); tell(); });
    box.replaceChildren(
      make("h3", "", "Choose a token"), words("Tokens", one, (i) => { one = i; keep('.pg-chip[aria-current="true"]', draw); tell(); }), out,
      beginning(out), range, lower);
    redraw();
  }

  function fresh() {
    if (props.value?.tokens) {
      value = props.value;
      data = opened(value);
      [one, other] = value.first;
      stage = Math.min(stage, value.stages.length - 1);
      tell();
    }
    draw();
  }
  window.addEventListener("playground-paths", tell);
  fresh();
  watch("value", fresh);
}
