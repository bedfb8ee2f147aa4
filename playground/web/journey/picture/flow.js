// The left of the picture: a row for each token, its vector, and one block: attention as ribbons from row to row, then what is added.
import { isolated, quoted } from "../../bidi.js";
import { percentText } from "../../digits.js";
import { make } from "../../look.js";
import { band, colour, penOf, seen, svg } from "./draw.js";

const LEAST_ROW = 17, MOST_ROW = 58, FAINTEST = 0.004, TOLD = 0.035;

/** Which rows are drawn, and where. @param {number} size @param {number} height @param {number} top @param {number} chosen @param {number} start */
export function windowOf(size, height, top, chosen, start) {
  const fits = Math.max(3, Math.floor(height / LEAST_ROW)), count = Math.min(size, fits);
  const first = Math.max(0, Math.min(size - count, chosen < start ? chosen : chosen >= start + count ? chosen - count + 1 : start));
  const row = Math.min(MOST_ROW, height / count), begin = top + Math.max(0, (height - row * count) / 2);
  return { first, count, row, y: (/** @type {number} */ i) => begin + (i - first + 0.5) * row, inside: (/** @type {number} */ i) => i >= first && i < first + count };
}

export class Flow {
  /** @param {HTMLElement} box @param {any} tell `row(i)`, `token(i)`, `weight(query, key)`, `tip(event, text)` */
  constructor(box, tell) {
    Object.assign(this, { box, tell });
    this.start = 0;
    this.picture = /** @type {SVGSVGElement} */ (svg("svg", { class: "pg-j-svg", "aria-hidden": "true" }));
    this.strips = make("canvas", "pg-j-strips");
    this.tokens = make("div", "pg-j-tokens");
    this.tokens.setAttribute("role", "group");
    this.tokens.setAttribute("aria-label", "Tokens; arrow keys choose one, Enter opens it");
    this.map = make("button", "pg-j-map");
    this.map.type = "button";
    this.map.setAttribute("aria-label", "All tokens: the frame shows which are drawn; press to move it");
    this.map.append(make("span"));
    box.append(this.picture, this.strips, this.map, this.tokens);
    this.map.addEventListener("click", (/** @type {MouseEvent} */ event) => {
      const place = this.map.getBoundingClientRect();
      tell.row(Math.max(0, Math.min(this.journey.size - 1, Math.floor(((event.clientY - place.top) / place.height) * this.journey.size))));
    });
    box.addEventListener("wheel", (event) => {
      if (!this.journey || this.rows.count >= this.journey.size) return;
      event.preventDefault();
      this.start = Math.max(0, Math.min(this.journey.size - this.rows.count, this.rows.first + Math.sign(event.deltaY) * 2));
      this.draw(this.journey, this.view, this.place, true);
    }, { passive: false });
  }

  /** @param {import("./data.js").Journey} journey @param {any} view @param {{ width: number, top: number, height: number, narrow: boolean }} place @param {boolean} [scrolled] */
  draw(journey, view, place, scrolled = false) {
    Object.assign(this, { journey, view, place });
    const { width, top, height, narrow } = place;
    this.rows = windowOf(journey.size, height, top, scrolled ? this.start : view.row, this.start);
    if (scrolled) this.rows = windowOf(journey.size, height, top, this.start, this.start);
    this.start = this.rows.first;
    const mapped = this.rows.count < journey.size, left = mapped ? 16 : 0;
    const chip = narrow ? 92 : 138, strip = narrow ? 0 : 78;
    this.x = { token: left, chip, strip: left + chip + 12, stripWidth: strip, port: left + chip + (strip ? strip + 30 : 18), adds: width - (narrow ? 66 : 118), out: width };
    this.x.end = this.x.adds - 12;
    this.drawMap(mapped);
    this.drawTokens();
    this.drawStrips();
    this.drawPicture();
  }

  drawMap(mapped) {
    const { journey, rows, place } = this;
    this.map.hidden = !mapped;
    if (!mapped) return;
    Object.assign(this.map.style, { top: `${place.top}px`, height: `${place.height}px` });
    Object.assign(this.map.firstChild.style, { top: `${(100 * rows.first) / journey.size}%`, height: `${(100 * rows.count) / journey.size}%` });
  }

  drawTokens() {
    const { journey, rows, view, x } = this, { tokens } = journey, had = this.tokens.contains(document.activeElement);
    const small = rows.row < 24;
    const nodes = Array.from({ length: rows.count }, (_, k) => {
      const i = rows.first + k, node = make("button", "pg-j-token"), text = tokens.labels[i];
      node.type = "button";
      node.tabIndex = i === view.row ? 0 : -1;
      node.dataset.row = String(i);
      if (tokens.special[i]) node.dataset.special = "";
      if (view.cuts.hidden.includes(i)) node.dataset.cut = "";
      if (i === view.row) node.setAttribute("aria-current", "true");
      node.setAttribute("aria-label", `Token ${i}: ${isolated(text)}, id ${tokens.ids[i]}${view.cuts.hidden.includes(i) ? ", cut" : ""}`);
      node.title = `Token ${i}, id ${tokens.ids[i]}, piece ${isolated(tokens.pieces[i])}`;
      const chip = make("span", "pg-j-chip", seen(text));
      chip.dir = "auto";
      node.append(chip, make("span", "pg-j-id", String(tokens.ids[i])));
      Object.assign(node.style, { left: `${x.token}px`, width: `${x.chip}px`, top: `${rows.y(i) - Math.min(rows.row, 30) / 2}px`, height: `${Math.min(rows.row, 30)}px`, fontSize: small ? "12px" : "14px" });
      node.addEventListener("click", () => this.tell.token(i));
      return node;
    });
    this.tokens.replaceChildren(...nodes);
    if (had) this.focus();
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.tokens.querySelector("[aria-current]"))?.focus({ preventScroll: true });
  }

  // Each token's first vector: all its numbers side by side, a colour above 0 and another below, each row on its own scale.
  drawStrips() {
    const { journey, rows, x, place, box } = this;
    this.strips.hidden = !x.stripWidth;
    if (!x.stripWidth) return;
    const pen = penOf(this.strips, x.stripWidth, place.height + place.top), high = Math.max(6, Math.min(24, rows.row * 0.55));
    this.strips.style.left = `${x.strip}px`;
    const above = colour(box, "--j-above"), below = colour(box, "--j-below"), cells = Math.min(journey.width, Math.round(x.stripWidth / 2));
    for (let k = 0; k < rows.count; k++) {
      const i = rows.first + k, { numbers } = journey.vector(i), y = rows.y(i) - high / 2;
      const most = numbers.reduce((all, n) => Math.max(all, Math.abs(n)), 1e-9) * 0.6;
      for (let c = 0; c < cells; c++) {
        const number = numbers[Math.floor((c * journey.width) / cells)];
        pen.globalAlpha = Math.min(1, 0.08 + Math.abs(number) / most);
        pen.fillStyle = number < 0 ? below : above;
        pen.fillRect((c * x.stripWidth) / cells, y, x.stripWidth / cells, high);
      }
    }
  }

  // Ribbons of every row, the chosen one's bright; keys that are not drawn are one ribbon from the edge.
  drawPicture() {
    const { rows, view, x, place } = this, cut = view.cuts.blocks.some((/** @type {any} */ one) => one[1] === view.layer);
    const off = view.cuts.heads.some((/** @type {any} */ one) => one[1] === view.layer && one[2] === view.head);
    const lines = svg("g", { class: "pg-j-lines" }), faint = svg("g", { class: "pg-j-faint" }), bright = svg("g", { class: "pg-j-bright" }), texts = svg("g");
    this.picture.setAttribute("width", String(place.width));
    this.picture.setAttribute("height", String(place.top + place.height));
    this.picture.setAttribute("data-off", String(cut || off));
    for (let k = 0; k < rows.count; k++) {
      const i = rows.first + k, y = rows.y(i), own = i === view.row ? " pg-j-own" : "";
      lines.append(svg("path", { class: `pg-j-line${own}`, d: `M${x.token + x.chip + 4} ${y}H${x.port}M${x.end} ${y}H${x.adds - 3}M${place.width - 4} ${y}h4` }));
    }
    this.strongest = 0;
    for (let k = 0; k < rows.count; k++) if (rows.first + k !== view.row) this.drawRow(rows.first + k, faint, null);
    if (rows.inside(view.row)) this.drawRow(view.row, bright, texts);
    this.picture.replaceChildren(lines, faint, bright, this.drawAdds(), texts, ...this.edges());
  }

  /** @param {number} query @param {SVGElement} into @param {SVGElement | null} texts */
  drawRow(query, into, texts) {
    const { journey, rows, view, x } = this, weights = journey.row(view.layer, view.head, query);
    if (!weights) return;
    const thick = texts ? Math.min(rows.row * 0.92, 32) : Math.min(rows.row * 0.7, 20);
    let at = rows.y(query) - thick / 2, above = 0, below = 0;
    const draw = (/** @type {number} */ share, /** @type {number} */ from, /** @type {number} */ key) => {
      const high = share * thick, path = svg("path", { class: "pg-j-ribbon", d: band(x.port, from, Math.max(0.5, high), x.end, at + high / 2, Math.max(0.5, high)) });
      at += high;
      if (share < FAINTEST) return;
      if (key >= 0) {
        path.setAttribute("data-key", String(key));
        path.setAttribute("data-query", String(query));
        if (key === view.key && texts) path.setAttribute("data-chosen", "");
      }
      into.append(path);
      if (texts && share >= TOLD) texts.append(svg("text", { class: "pg-j-share", x: x.port + 5, y: from + 3.5, "font-size": rows.row < 22 ? 10 : 11.5 }, percentText(share, 0)));
    };
    for (let key = 0; key < rows.first; key++) above += weights[key];
    for (let key = rows.first + rows.count; key < journey.size; key++) below += weights[key];
    if (above > 0) draw(above, this.place.top - 9, -1);
    for (let k = 0; k < rows.count; k++) draw(weights[rows.first + k], rows.y(rows.first + k), rows.first + k);
    if (below > 0) draw(below, this.place.top + this.place.height + 9, -1);
  }

  // What the two halves add to each token, as a share of its vector after the block.
  drawAdds() {
    const { journey, rows, view, x, place } = this, group = svg("g", { class: "pg-j-adds" }), room = place.width - x.adds - (place.narrow ? 8 : 46);
    const high = Math.max(3, Math.min(8, rows.row * 0.24));
    for (let k = 0; k < rows.count; k++) {
      const i = rows.first + k, y = rows.y(i);
      for (const half of [0, 1]) {
        const share = journey.share(view.layer, half, i);
        group.append(svg("rect", { class: half ? "pg-j-ffn" : "pg-j-att", x: x.adds, y: y + (half ? 1 : -1 - high), height: high, rx: high / 2, width: Math.max(1, Math.min(1, share) * room), "data-row": i, "data-half": half }));
      }
      if (!place.narrow && (rows.row >= 24 || i === view.row)) {
        group.append(svg("text", { class: i === view.row ? "pg-j-sum pg-j-own" : "pg-j-sum", x: place.width - 6, y: y - 1.5, "text-anchor": "end" }, percentText(journey.share(view.layer, 0, i), 0)),
          svg("text", { class: i === view.row ? "pg-j-sum pg-j-own" : "pg-j-sum", x: place.width - 6, y: y + 9.5, "text-anchor": "end" }, percentText(journey.share(view.layer, 1, i), 0)));
      }
    }
    return group;
  }

  edges() {
    const { journey, rows, x, place } = this, after = journey.size - rows.first - rows.count, made = [];
    const said = (/** @type {number} */ n, /** @type {string} */ way) => `${way} ${n} ${way === "↑" ? "earlier" : "later"} token${n === 1 ? "" : "s"}`;
    if (rows.first) made.push(svg("text", { class: "pg-j-edge", x: x.token, y: place.top - 5 }, said(rows.first, "↑")));
    if (after) made.push(svg("text", { class: "pg-j-edge", x: x.token, y: place.top + place.height + 13 }, said(after, "↓")));
    return made;
  }

  /** Where the chosen row leaves the block. */
  exit() {
    return this.rows.inside(this.view.row) ? this.rows.y(this.view.row) : this.place.top + this.place.height / 2;
  }

  /** A ribbon's own words. @param {number} query @param {number} key */
  told(query, key) {
    const { journey, view } = this, weight = journey.row(view.layer, view.head, query)?.[key] ?? 0, { labels } = journey.tokens;
    return `${quoted(seen(labels[query]))} looks at ${quoted(seen(labels[key]))}: ${percentText(weight)}`;
  }
}
