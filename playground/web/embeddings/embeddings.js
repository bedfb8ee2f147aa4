// Embeddings: strips of what is added up, cosines at every stage, two words through the layers. Knows views/embeddings/embeddings.py's JSON.
// Nothing here asks the server; while the paths below are open, the word and stage in view are told (`picked`).
import { halfError, numberText } from "../digits.js";
import { isolated, quoted } from "../bidi.js";
import { heat, labelledHeat, stripLine, strongest, triangleAt } from "../heat.js";
import { chipRow, legend, make } from "../look.js";
import { barTable } from "../tables.js";
import { unpack } from "../wire.js";

// The token nearest to `one`, special ones included, and the mean over all pairs of others; cosine(i, j) is of two tokens.
export function closest(tokens, one, cosine) {
  let best = -1, sum = 0, count = 0;
  for (let i = 0; i < tokens.length; i++) {
    if (i !== one && (best < 0 || cosine(one, i) > cosine(one, best))) best = i;
    for (let j = i + 1; j < tokens.length; j++) if (!tokens[i].special && !tokens[j].special) { sum += cosine(i, j); count++; }
  }
  return [best, count ? sum / count : 0];
}

export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-embeddings");
  let one = 0, other = 1, stage = 0, shown = "sum", data = null, timer = 0;

  function opened(value) {
    const n = value.tokens.length, width = value.width;
    const arrays = unpack(value.arrays), parts = value.parts.map((part, i) => ({ ...part, numbers: arrays[`part${i}`] }));
    const row = (part, i) => part.numbers.subarray((part.rows === 1 ? 0 : i) * width, ((part.rows === 1 ? 0 : i) + 1) * width);
    const sums = Array.from({ length: n }, (_, i) => {
      const sum = new Float32Array(width);
      for (const part of parts) row(part, i).forEach((x, k) => { sum[k] += x; });
      return sum;
    });
    const { normed } = arrays;
    const named = { ...Object.fromEntries(parts.map((part) => [part.name, (i) => row(part, i)])) };
    if (parts.length > 1) named.sum = (i) => sums[i];
    if (normed) named["after layer norm"] = (i) => normed.subarray(i * width, (i + 1) * width);
    return { n, width, named, cosines: arrays.cosines, size: (n * (n + 1)) / 2 };
  }

  function cosine(at, i, j) {
    return triangleAt(data.cosines.subarray(at * data.size, (at + 1) * data.size), data.n, i, j);
  }

  function name(i) {
    return `${isolated(props.value.tokens[i].text)} (${i})`;
  }

  function part(title, sentence, ...nodes) {
    const made = make("section", "pg-part");
    made.append(make("h3", "", title), make("p", "pg-soft pg-small", sentence), ...nodes);
    return made;
  }

  function words(label, chosen, pick, signed) {
    const second = props.value.second;
    return chipRow(props.value.tokens.map((token, i) => ({
      text: token.text, special: token.special && !signed, newline: i + 1 === second, ...(signed ? { signed: signed(i) } : {}),
      said: signed ? `${name(i)}: cosine ${numberText(signed(i))}` : `${name(i)}`,
    })), { label, chosen, pick });
  }

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

  function beginning(out) {
    const names = Object.keys(data.named), lengths = props.value.lengths;
    const length = (label) => lengths[label][lengths[label].length > 1 ? one : 0];
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
    return part(`What ${quoted(props.value.tokens[one].text)} begins with`, props.value.parts_sentence, ...lines, buttons, holder, key);
  }

  function matrix(out, redraw) {
    const [best, mean] = closest(props.value.tokens, one, (i, j) => cosine(stage, i, j));
    const near = best < 0 ? "" : ` Nearest to ${name(one)} here is ${name(best)}: ${numberText(cosine(stage, one, best))}.`;
    const where = props.value.stages[stage];
    return part(`Cosines, ${where}`,
      `Each cell is the cosine of two tokens’ vectors, 1 in the same direction.${near} The mean over all pairs, special tokens left out, is ${numberText(mean)}; `
        + "where it is high, all vectors share a direction, and only differences from it tell.",
      words("Tokens, shaded by their cosine with the chosen one; choose one to compare", other, (i) => { other = i; keep('.pg-stage-part [aria-current="true"]', redraw); }, (i) => cosine(stage, one, i)),
      labelledHeat({
        names: props.value.tokens.map((token) => token.text), at: (r, c) => cosine(stage, r, c), label: `Cosines of ${data.n} tokens, ${where}`, marked: [[one, other]],
        width: Math.min(560, box.clientWidth ? box.clientWidth * 0.6 : 560),
        point: (r, c) => { out.textContent = `${name(r)} and ${name(c)}, ${where}: cosine ${numberText(cosine(stage, r, c), 3)}`; },
        pick: (r, c) => { one = r; other = c; keep(".pg-stage-part canvas", draw); tell(); },
      }),
      legend("numbers", "−1", "+1"));
  }

  function through() {
    const rows = props.value.stages.map((label, s) => {
      const found = cosine(s, one, other);
      return {
        label, share: found, second: found < 0, chosen: s === stage,
        texts: [numberText(found, 3), numberText(props.value.norms[s][one]), numberText(props.value.norms[s][other])],
      };
    });
    const holder = make("div", "pg-scroll");
    holder.tabIndex = 0;
    holder.append(barTable("", ["stage", "cosine", "", `length of ${name(one)}`, `length of ${name(other)}`], rows));
    return part(`${name(one)} and ${name(other)} from stage to stage`, props.value.pair_sentence, holder);
  }

  function draw() {
    const value = props.value;
    box.hidden = !(value && value.tokens);
    if (box.hidden) return;
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
      make("h3", "", "Choose a token"), words("Tokens", one, (i) => { one = i; keep('[aria-current="true"]', draw); tell(); }), out,
      beginning(out), range, lower);
    redraw();
  }

  function fresh() {
    if (props.value && props.value.tokens) {
      data = opened(props.value);
      [one, other] = props.value.first;
      stage = Math.min(stage, props.value.stages.length - 1);
      tell();
    }
    draw();
  }
  window.addEventListener("playground-paths", tell);
  fresh();
  watch("value", fresh);
}
