// Cross-attention between the words of a sentence and of its translation, and the alternatives of each token written. Pointing, layers
// and heads ask nothing of the server: all weights are in the value (views/translation/forced_decoding.py). Choosing an alternative triggers "force".
import { numberText, percentText } from "../digits.js";
import { isolated, quoted } from "../bidi.js";
import { chipRow, keepingFocus, legend, make, shade } from "../look.js";
import { barTable } from "../tables.js";
import { unpack } from "../wire.js";

/** @param {Face<translation.AlignmentView>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-alignment");
  const FEW = 10, WIDE = 40, DRAWN = 0.2, SVG = "http://www.w3.org/2000/svg";
  /** @typedef {"read" | "written"} Which */
  /** @type {number | "all"} */
  let layer = 0;
  /** @type {number | "mean"} */
  let head = "mean";
  /** @type {[Which, number] | null} */
  let pinned = null;
  /** @type {import("../wire.js").Numbers} */
  let weights;
  let token = 0, all = false, seen = false, model = "";

  /**
   * The weights of written words to read words: to a word the sum to its pieces, from a word the mean from its pieces.
   * @param {translation.AlignmentView} value
   * @returns {number[][]} (written words, read words)
   */
  function wordWeights(value) {
    const { layers, heads, written, read, written_words: own, read_words: other } = value;
    const rows = value.written_labels.length, columns = value.read_labels.length;
    const sum = Array.from({ length: rows }, () => new Float64Array(columns)), sizes = /** @type {number[]} */ (new Array(rows).fill(0));
    own.forEach((word) => { sizes[word] += 1; });
    const some = layer === "all" ? [...Array(layers).keys()] : [layer], those = head === "mean" ? [...Array(heads).keys()] : [head];
    for (const l of some) for (const h of those) {
      for (let t = 0; t < written; t += 1) {
        const at = ((l * heads + h) * written + t) * read;
        for (let s = 0; s < read; s += 1) sum[own[t]][other[s]] += weights[at + s];
      }
    }
    return sum.map((row, i) => Array.from(row, (one) => one / (some.length * those.length * sizes[i])));
  }

  /**
   * @param {number[]} shares
   * @param {string[]} labels
   */
  function strongest(shares, labels) {
    return [...shares].map((share, i) => /** @type {[number, number]} */ ([share, i])).sort((a, b) => b[0] - a[0]).filter(([share]) => share >= 0.05).slice(0, 4)
      .map(([share, i]) => `${isolated(labels[i])} ${percentText(share, 0)}`).join(", ") || "nothing in particular: no word gets 5 %";
  }

  /**
   * @template T
   * @param {string} label
   * @param {[T, string][]} options
   * @param {T} chosen
   * @param {(value: T) => void} change
   */
  function choice(label, options, chosen, change) {
    const outer = make("label", "", label), select = make("select");
    for (const [value, text] of options) {
      const option = make("option", "", text);
      option.value = String(value);
      option.selected = value === chosen;
      select.append(option);
    }
    select.addEventListener("change", () => change(options[select.selectedIndex][0]));
    outer.append(select);
    return outer;
  }

  /**
   * @param {string} title
   * @param {Element} row
   */
  function side(title, row) {
    const line = make("div", "pg-alignment-side");
    line.append(make("span", "pg-soft", title), row);
    return line;
  }

  /** @param {HTMLElement} row */
  function clear(row) {
    row.querySelectorAll(".pg-chip").forEach((chip) => { shade(chip, 0); chip.removeAttribute("aria-current"); });
  }

  /**
   * @param {translation.AlignmentView} value
   * @param {number[][]} map
   * @param {(i: number) => void} point
   */
  function grid(value, map, point) {
    const table = make("table", "pg-alignment-grid"), top = make("thead"), first = make("tr"), body = make("tbody");
    table.setAttribute("aria-hidden", "true"); // the two rows of words above say the same to a screen reader
    first.append(make("th"), ...value.read_labels.map((text) => make("th", "", text)));
    top.append(first);
    value.written_labels.forEach((text, i) => {
      const line = make("tr");
      line.append(make("th", "", text), ...[...map[i]].map((share, j) => {
        const cell = make("td");
        cell.title = `${isolated(text)} ← ${isolated(value.read_labels[j])}: ${percentText(share, 0)}`;
        shade(cell, share);
        return cell;
      }));
      line.addEventListener("mouseenter", () => point(i));
      body.append(line);
    });
    table.append(top, body);
    return table;
  }

  /**
   * @param {translation.AlignmentView} value
   * @returns {HTMLElement}
   */
  function alignmentPart(value) {
    const part = make("section"), map = wordWeights(value), said = make("p", "pg-alignment-said");
    said.setAttribute("role", "status");
    const show = (/** @type {Which} */ which, /** @type {number} */ i) => {
      for (const row of [english, french]) clear(row);
      lines.mark(which, i);
      const shares = which === "written" ? map[i] : map.map((row) => row[i]);
      const [from, to] = which === "written" ? [french, english] : [english, french];
      from.querySelectorAll(".pg-chip")[i].setAttribute("aria-current", "true");
      to.querySelectorAll(".pg-chip").forEach((chip, j) => shade(chip, shares[j]));
      const [mine, others] = which === "written" ? [value.written_labels, value.read_labels] : [value.read_labels, value.written_labels];
      said.textContent = which === "written" ? `${quoted(mine[i])} was written looking at: ${strongest(shares, others)}.` : `${quoted(mine[i])} was looked at by: ${strongest(shares, others)}.`;
    };
    const rest = () => {
      if (pinned) { show(...pinned); return; }
      for (const row of [english, french]) clear(row);
      lines.mark("read", null);
      said.textContent = "Point at a word, or move to it with Tab and the arrow keys. A click keeps it.";
    };
    const words = (/** @type {Which} */ which, /** @type {string[]} */ labels, /** @type {string} */ label) => chipRow(labels.map((text) => ({ text, p: 0 })), {
      label, point: (i) => show(which, i), leave: rest,
      pick: (i) => { pinned = pinned && pinned[0] === which && pinned[1] === i ? null : [which, i]; rest(); },
    });
    const english = words("read", value.read_labels, "English words"), french = words("written", value.written_labels, "French words");
    french.lang = "fr";
    const lines = linesBetween(english, french, map, value);
    const redraw = () => { const made = alignmentPart(value); part.replaceWith(made); return made; };
    /** @type {[number | "all", string][]} */
    const layers = [...Array(value.layers).keys()].map((l) => [l, l === value.layer ? `${l} (default)` : String(l)]);
    if (value.layers > 1) layers.push(["all", "mean of all layers"]);
    /** @type {[number | "mean", string][]} */
    const heads = [["mean", `mean of its ${value.heads} heads`], ...[...Array(value.heads).keys()].map((h) => /** @type {[number, string]} */ ([h, String(h)]))];
    const changed = (/** @type {number} */ which) => redraw().querySelectorAll("select")[which].focus();
    const controls = make("div", "pg-alignment-choice");
    controls.append(
      choice("Layer", layers, layer, (chosen) => { layer = chosen; changed(0); }),
      choice("Head", heads, head, (chosen) => { head = chosen; changed(1); }),
      make("span", "pg-soft", `Default: layer ${value.layer}, mean of its heads (${value.why}).`),
    );
    part.append(
      make("h3", "", "Which English words each French word was written from"),
      make("p", "pg-alignment-order", orderSentence(value, map)),
      side("English", english), side("", lines.node), side("French", french), said, controls,
      make("p", "pg-small pg-soft", "Cross-attention in the step that writes a word’s pieces, added up over the English word’s pieces. A line joins a French word with each "
        + `English word that gets ${percentText(DRAWN, 0)} or more of it; the thicker, the more. It is where the model looks, not a proof of why.`));
    if (value.written_labels.length <= WIDE && value.read_labels.length <= WIDE) {
      const details = make("details"), outer = make("div", "pg-scroll");
      details.open = seen;
      details.addEventListener("toggle", () => { seen = details.open; });
      outer.append(grid(value, map, (i) => show("written", i)));
      details.append(make("summary", "pg-small", "All words at once, as a grid: rows are French, columns English"), outer);
      part.append(details);
    }
    const lab = make("a", "pg-small", "Open this pair in the attention lab");
    lab.href = labAddress(value);
    part.append(lab);
    rest();
    return part;
  }

  /**
   * A line from each French word to the English words it looked at, while both rows are one line high.
   * @param {HTMLElement} english
   * @param {HTMLElement} french
   * @param {number[][]} map
   * @param {translation.AlignmentView} value
   */
  function linesBetween(english, french, map, value) {
    const node = document.createElementNS(SVG, "svg");
    /** @type {{path: SVGElement, i: number, j: number}[]} */
    const found = [];
    node.setAttribute("class", "pg-alignment-lines");
    node.setAttribute("aria-hidden", "true");
    map.forEach((row, i) => [...row].forEach((share, j) => {
      if (share < DRAWN || value.written_special[i] || value.read_special[j]) return;
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("stroke-width", String(1 + 5 * share));
      path.style.opacity = String(0.25 + 0.75 * share);
      node.append(path);
      found.push({ path, i, j });
    }));
    const chipsOf = (/** @type {HTMLElement} */ row) => /** @type {HTMLElement[]} */ ([...row.querySelectorAll(".pg-chip")]);
    const flat = (/** @type {HTMLElement[]} */ chips) => chips.every((chip) => Math.abs(chip.offsetTop - chips[0].offsetTop) < 4);
    const place = () => {
      const above = chipsOf(english), below = chipsOf(french), left = node.getBoundingClientRect().left;
      node.style.display = flat(above) && flat(below) ? "" : "none";
      const middle = (/** @type {HTMLElement} */ chip) => chip.getBoundingClientRect().left + chip.offsetWidth / 2 - left;
      for (const { path, i, j } of found) {
        const from = middle(above[j]), to = middle(below[i]);
        path.setAttribute("d", `M${from} 0C${from} 28 ${to} 28 ${to} 56`);
      }
    };
    new ResizeObserver(place).observe(english);
    const mark = (/** @type {Which} */ which, /** @type {number | null} */ at) => {
      for (const { path, i, j } of found) path.toggleAttribute("data-pale", at !== null && at !== (which === "written" ? i : j));
    };
    return { node, mark };
  }

  /**
   * Two neighbouring French words that look most at English words in the other order; marks and ⟨end⟩ are passed over. Of this layer and head.
   * @param {translation.AlignmentView} value
   * @param {number[][]} map
   */
  function orderSentence(value, map) {
    const places = (/** @type {string[]} */ labels, /** @type {boolean[]} */ special) => labels.map((_, i) => i).filter((i) => !special[i] && /[\p{L}\p{N}]/u.test(labels[i]));
    const written = places(value.written_labels, value.written_special), read = places(value.read_labels, value.read_special);
    const most = written.map((i) => read.reduce((best, j) => (map[i][j] > map[i][best] ? j : best), read[0]));
    const turn = most.findIndex((j, i) => i && j < most[i - 1]);
    if (turn < 1) return "Each word here looks most at an English word that stands no earlier than the one before it does: the order stays.";
    const [before, after] = [turn - 1, turn].map((i) => [value.written_labels[written[i]], value.read_labels[most[i]]]);
    return `Here the order changes: ${quoted(before[0])} looks most at ${quoted(before[1])}, and ${quoted(after[0])} after it at ${quoted(after[1])}, which stands earlier.`;
  }

  /** @param {translation.AlignmentView} value */
  function labAddress(value) {
    const url = new URL(location.pathname, location.origin), view = { pane: 0, kind: "cross", layer: layer === "all" ? value.layer : layer, head, query: null, pins: [] };
    url.searchParams.set("tab", "attention");
    url.searchParams.set("lab", JSON.stringify({ runs: [{ name: value.lab.model, spec: value.lab }], view }));
    return url.href;
  }

  /**
   * `again` draws the table anew in its place.
   * @param {translation.AlignmentView} value
   * @param {() => void} again
   */
  function alternativesOf(value, again) {
    const i = token, shown = all ? value.alternatives[i].length : Math.min(FEW, value.alternatives[i].length);
    const rows = value.alternatives[i].slice(0, shown).map((text, j) => {
      const id = value.alternative_ids[i][j], logit = value.alternative_logits[i][j], p = Math.exp(logit - value.log_totals[i]);
      const own = id === value.ids[i];
      return {
        label: own ? `${isolated(text)} (written)` : text, share: p, chosen: own, texts: [percentText(p), numberText(logit)],
        said: `Write ${quoted(text)} here instead and let the model go on: ${percentText(p)}`,
        pick: own ? undefined : () => trigger("force", { place: i, id }),
      };
    });
    const part = make("div"), held = make("div", "pg-alignment-table");
    const { text, rank, logit } = value.tokens[i];
    const own = rank >= value.alternatives[i].length ? ` ${quoted(text)} itself is number ${rank + 1}, logit ${numberText(logit)}.` : "";
    held.append(barTable(`What could stand in place of ${quoted(text)} (token ${i + 1} of ${value.written}). Choose one: what stands before it is kept, and the model goes on from there.${own}`,
      ["token", "", "probability", "logit"], rows));
    part.append(held);
    if (value.alternatives[i].length > FEW) {
      const more = make("button", "pg-button", all ? "Show fewer" : `Show all ${value.alternatives[i].length}`);
      more.type = "button";
      more.addEventListener("click", () => { all = !all; again(); });
      part.append(more);
    }
    return part;
  }

  /** @param {translation.AlignmentView} value */
  function tokensPart(value) {
    const part = make("section");
    let kept = -1; // a click keeps a token, so that the pointer may cross others on its way to the table
    const again = () => keepingFocus(held, () => held.replaceChildren(alternativesOf(value, again)));
    const held = make("div");
    held.append(alternativesOf(value, again));
    const show = (/** @type {number} */ i) => {
      if (i === token) return;
      token = i;
      again();
      row.querySelectorAll(".pg-chip").forEach((chip, j) => (j === i ? chip.setAttribute("aria-current", "true") : chip.removeAttribute("aria-current")));
    };
    const items = value.tokens.map(({ text, p, said }) => ({ text, p, said }));
    const row = chipRow(items, { label: "French tokens by probability", chosen: token, point: show, pick: (i) => { kept = kept === i ? -1 : i; show(i); }, leave: () => { if (kept >= 0) show(kept); } });
    row.lang = "fr";
    value.tokens.forEach((one, i) => { if (one.forced) /** @type {HTMLElement} */ (row.children[i]).dataset.forced = ""; });
    part.append(make("h3", "", "How likely each token was, and what else it could have been"),
      make("p", "pg-small pg-soft", "Each token’s probability given the English and the French before it. Pale ones were unsure: point at one to see its alternatives; a click keeps it. Dashed ones were forced."),
      legend("share", "0 %", "100 % probability"), row, held);
    return part;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.arrays;
    if (!value?.arrays) return;
    weights = unpack(value.arrays).weights;
    if (model !== value.lab.model) { // a layer and a head mean something in one model only
      model = value.lab.model;
      layer = value.layer;
      head = "mean";
    }
    pinned = null;
    all = false;
    const free = value.tokens.map((one, i) => [one.forced || one.text === "⟨end⟩" ? 2 : one.p, i]);
    token = free.length ? free.reduce((least, one) => (one[0] < least[0] ? one : least))[1] : 0;
    keepingFocus(box, () => box.replaceChildren(alignmentPart(value), tokensPart(value)));
  }
  draw();
  watch("value", draw);
}
