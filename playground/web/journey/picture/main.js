// The whole picture: tokens, vectors, one block, the lens, the next tokens. Asks for a text's journey once, then moves without the server.
import { stopped } from "../../ask.js";
import { quoted } from "../../bidi.js";
import { countText, numberText, percentText } from "../../digits.js";
import { make } from "../../look.js";
import { follow, Journey, sayingAfter, wordsOf } from "./data.js";
import { Drawer } from "./drawer.js";
import { band, seen, svg } from "./draw.js";
import { Flow } from "./flow.js";
import { Heads } from "./heads.js";
import { climb, Lens } from "./lens.js";
import { KNOBS, Next } from "./next.js";
import { Spine } from "./spine.js";

const PAUSE = 500, NARROW = 760, LEAST = 430;
const NO_CUTS = { hidden: [], heads: [], blocks: [] };
const copy = (/** @type {any} */ value) => JSON.parse(JSON.stringify(value));
const empty = (/** @type {any} */ cuts) => !cuts.hidden.length && !cuts.heads.length && !cuts.blocks.length;

export class Picture {
  /** @param {HTMLElement} box @param {{ write(text: string): void, tell(view: any): void }} page */
  constructor(box, page) {
    Object.assign(this, { box, page });
    this.view = { layer: 0, head: 0, row: 0, key: -1, knobs: { ...KNOBS }, cuts: copy(NO_CUTS) };
    /** @type {Journey | null} */ this.journey = null;
    /** @type {Journey | null} */ this.before = null; // without the cuts
    this.asked = { text: "", model: "" };
    this.chose = false; // whether somebody chose a block or a head
    this.last = true; // whether the row is that of the last token
    this.build();
    new ResizeObserver(() => this.schedule()).observe(box);
    window.addEventListener("resize", () => this.schedule());
    new MutationObserver(() => this.schedule()).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  }

  build() {
    const section = (/** @type {string} */ name, /** @type {string} */ title, /** @type {string} */ under) => {
      const made = make("section", `pg-j-part pg-j-${name}`), head = make("header", "pg-j-head");
      head.append(make("h3", "", title), make("span", "pg-j-under", under));
      made.append(head);
      made.setAttribute("aria-label", title);
      return made;
    };
    this.stage = make("div", "pg-j-stage");
    this.under = /** @type {SVGSVGElement} */ (svg("svg", { class: "pg-j-under-svg", "aria-hidden": "true" }));
    this.left = make("section", "pg-j-part pg-j-left");
    this.left.setAttribute("aria-label", "Tokens, vectors and one block");
    this.titles = make("div", "pg-j-titles");
    this.flowBox = make("div", "pg-j-flow");
    this.headBar = make("div", "pg-j-headbar");
    const spine = make("div", "pg-j-spine"), spineHead = make("div", "pg-j-head");
    this.spineTitle = make("h3");
    this.cutButtons = make("div", "pg-j-cuts");
    this.spineUnder = make("span", "pg-j-under");
    const spineNames = make("div", "pg-j-names");
    spineNames.append(this.spineTitle, this.spineUnder);
    spineHead.append(spineNames, this.cutButtons);
    const spineBox = make("div", "pg-j-spine-box");
    spine.append(spineHead, spineBox);
    this.left.append(this.titles, this.headBar, this.flowBox, spine);
    this.lensPart = section("lens", "It would say", "after each block");
    this.nextPart = section("next", "Next token", "");
    this.nextUnder = /** @type {HTMLElement} */ (this.nextPart.querySelector(".pg-j-under"));
    this.labelsBox = make("div", "pg-j-labels");
    this.stage.append(this.under, this.left, this.lensPart, this.nextPart);
    this.foot = make("div", "pg-j-foot");
    this.look = make("p", "pg-j-look");
    this.banner = make("div", "pg-j-banner");
    this.banner.hidden = true;
    this.foot.append(this.banner, this.look);
    this.note = make("p", "pg-j-note");
    this.note.setAttribute("role", "status");
    this.note.hidden = true;
    this.tipBox = make("div", "pg-j-tip");
    this.tipBox.hidden = true;
    this.tipBox.setAttribute("aria-hidden", "true");
    this.pulse = make("div", "pg-j-pulse");
    this.box.replaceChildren(this.note, this.stage, this.foot, this.tipBox);
    this.stage.append(this.pulse);
    const tip = (/** @type {any} */ event, /** @type {string} */ text) => this.tip(event, text);
    this.flow = new Flow(this.flowBox, { row: (/** @type {number} */ i) => this.row(i), token: (/** @type {number} */ i) => this.row(i, true), tip });
    this.heads = new Heads(this.headBar, { head: (/** @type {any} */ head) => this.choose({ head }), tip });
    this.spine = new Spine(spineBox, { layer: (/** @type {number} */ layer) => this.choose({ layer }), open: () => this.drawer.block(this), cut: () => this.cut("block"), tip });
    this.lens = new Lens(this.lensPart, { lens: (/** @type {number} */ row) => { if (row) this.choose({ layer: row - 1 }); this.drawer.lens(this, row); } });
    this.next = new Next(this.nextPart, { knobs: (/** @type {any} */ some) => { Object.assign(this.view.knobs, some); this.drawNext(); this.changed(); },
      take: (/** @type {number} */ id) => this.take(id), draw: () => this.drawOne(), on: () => this.writeOn() });
    this.nextPart.append(this.labelsBox);
    this.drawer = new Drawer(this.stage);
    for (const [what, text] of /** @type {[string, string][]} */ ([["block", "✂ block"], ["head", "✂ head"], ["token", "✂ token"]])) {
      const button = make("button", "pg-button pg-j-cut", text);
      button.type = "button";
      button.dataset.cut = what;
      button.addEventListener("click", () => this.cut(what));
      this.cutButtons.append(button);
    }
    this.listen();
  }

  listen() {
    this.flowBox.addEventListener("keydown", (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key], side = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!this.journey || (by === undefined && side === undefined && event.key !== "x")) return;
      event.preventDefault();
      if (by) this.row(Math.max(0, Math.min(this.journey.size - 1, this.view.row + by)));
      if (side) this.choose({ layer: Math.max(0, Math.min(this.journey.blocks - 1, this.view.layer + side)) });
      if (event.key === "x") this.cut("token");
      this.flow.focus();
    });
    this.flow.picture.addEventListener("pointermove", (event) => {
      const found = /** @type {SVGElement} */ (event.target);
      if (found.dataset.key) this.tip(event, this.flow.told(Number(found.dataset.query), Number(found.dataset.key)));
      else if (found.dataset.half) this.tip(event, this.halfTold(Number(found.dataset.row), Number(found.dataset.half)));
      else this.tip(null);
    });
    this.flow.picture.addEventListener("pointerleave", () => this.tip(null));
    this.flow.picture.addEventListener("click", (event) => {
      const found = /** @type {SVGElement} */ (event.target);
      if (!found.dataset.key) return;
      this.view.row = Number(found.dataset.query);
      this.view.key = Number(found.dataset.key);
      this.drawAll();
      this.drawer.weight(this);
    });
  }

  halfTold(row, half) {
    const { journey, view } = this;
    return `${half ? "Feed-forward" : "Attention"} adds a vector of length ${numberText(journey.adds(view.layer, half, row), 1)} to ${quoted(seen(journey.tokens.labels[row]))}, ${percentText(journey.share(view.layer, half, row), 0)} of ${numberText(journey.length(view.layer + 1, row), 1)} after the block`;
  }

  /** Words beside the pointer. @param {PointerEvent | null} event @param {string} [text] */
  tip(event, text) {
    this.tipBox.hidden = !event;
    if (!event) return;
    const place = this.box.getBoundingClientRect(), x = event.clientX - place.left;
    this.tipBox.textContent = text ?? "";
    this.tipBox.style.top = `${event.clientY - place.top + 14}px`;
    this.tipBox.style.left = `${Math.max(0, Math.min(place.width - 260, x + 10))}px`;
  }

  // --- asking

  /** What stands in the fields: at once where somebody pressed or nothing is drawn yet, else when nobody has typed for a moment.
   * @param {{ text: string, model: string, turn: number }} value */
  heard(value) {
    const same = value.text === this.asked.text && value.model === this.asked.model, pressed = value.turn && value.turn !== this.turn;
    this.turn = value.turn || this.turn;
    if (same && !pressed && !this.waiting) return;
    clearTimeout(this.waiting);
    this.waiting = 0;
    if (!this.journey || pressed || this.own === value.text) this.ask(value);
    else {
      this.asking?.abort();
      this.old(true);
      this.waiting = setTimeout(() => { this.waiting = 0; this.ask(value); }, PAUSE);
    }
  }

  /** @param {{ text: string, model: string }} value @param {boolean} [keep] whether the cuts stay */
  async ask({ text, model }, keep = false) {
    if (!keep) { this.view.cuts = copy(NO_CUTS); this.before = null; }
    this.asked = { text, model };
    this.asking?.abort();
    const own = (this.asking = new AbortController()), cuts = this.view.cuts, begun = performance.now();
    this.old(true);
    /** @type {Journey | null} */
    let made = null;
    const chosen = this.chose ? { layer: this.view.layer, head: this.view.head === "mean" ? 0 : this.view.head } : {};
    try {
      await follow({ text, model, changes: cuts, ...chosen }, (header, arrays) => {
        if (own.signal.aborted) return;
        if (header.progress) this.say(header.progress + (header.place ? `, place ${header.place} in the queue` : "") + "…");
        else if (!made) {
          made = new Journey(header, arrays);
          this.arrived(made, header, begun);
        } else {
          made.add(header.layer, arrays);
          if (header.layer === this.view.layer || made.whole) this.schedule();
        }
      }, own.signal);
      if (made) this.box.dataset.whole = "true";
    } catch (error) {
      if (stopped(error)) return;
      this.say(/** @type {Error} */ (error).message, true);
      this.stopWriting();
    } finally {
      if (this.asking === own) this.asking = null;
    }
    if (made && this.writing) setTimeout(() => this.drawOne(), 250);
  }

  arrived(made, header, begun) {
    const cut = !empty(this.view.cuts), grown = this.journey && made.size !== this.journey.size, other = this.journey && this.journey.header.model !== header.model;
    if (!cut) this.before = null;
    this.journey = made;
    if (!this.chose || other) Object.assign(this.view, { layer: header.layer, head: header.head });
    this.view.layer = Math.min(this.view.layer, made.blocks - 1);
    if (this.view.head !== "mean") this.view.head = Math.min(this.view.head, made.heads - 1);
    if (grown || other || this.last || this.view.row >= made.size) this.view.row = made.size - 1;
    this.last = this.view.row === made.size - 1;
    this.view.key = -1;
    this.saying = made.saying;
    this.box.dataset.whole = "false";
    this.say("");
    this.old(false);
    this.drawAll();
    this.box.dataset.drawn = String(Number(this.box.dataset.drawn || 0) + 1);
    this.box.dataset.took = String(Math.round(performance.now() - begun));
    this.beat();
    this.changed();
    if (this.view.row !== made.size - 1) this.askRow();
  }

  /** @param {boolean} on */
  old(on) {
    this.stage.dataset.old = String(on && Boolean(this.journey));
  }

  /** @param {string} text @param {boolean} [bad] */
  say(text, bad = false) {
    this.note.hidden = !text;
    this.note.textContent = text;
    this.note.dataset.tone = bad ? "bad" : "";
  }

  // One pulse from left to right for a new answer.
  beat() {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.pulse.getAnimations().forEach((one) => one.cancel());
    const wide = this.stage.clientWidth;
    this.pulse.animate([{ transform: "translateX(-160px)", opacity: 0.9 }, { transform: `translateX(${wide}px)`, opacity: 0.9 }], { duration: 290, easing: "ease-in-out" });
  }

  // --- moving

  /** @param {Partial<{ layer: number, head: number | "mean" }>} some */
  choose(some) {
    Object.assign(this.view, some, { key: -1 });
    this.chose = true;
    this.drawAll();
    this.changed();
    this.drawer.follow(this);
  }

  /** @param {number} row @param {boolean} [open] */
  row(row, open = false) {
    const again = row === this.view.row;
    Object.assign(this.view, { row, key: -1 });
    this.last = row === this.journey.size - 1;
    this.drawAll();
    this.changed();
    if (!again || (this.saying && this.saying.position !== row)) this.askRow();
    if (open) this.drawer.token(this);
    else this.drawer.follow(this);
  }

  // What would be said after another token: only a decoder says it, and only this asks the server again.
  async askRow() {
    this.rowAsking?.abort();
    const { journey, view } = this;
    if (!journey.saying) return;
    if (view.row === journey.size - 1) { this.saying = journey.saying; this.drawRight(); return; }
    const own = (this.rowAsking = new AbortController());
    try {
      const made = await sayingAfter({ ...this.asked, changes: view.cuts }, view.row, own.signal);
      if (this.journey !== journey || own.signal.aborted) return;
      this.saying = made;
      this.drawRight();
    } catch (error) {
      if (!stopped(error)) this.say(/** @type {Error} */ (error).message, true);
    }
  }

  /** @param {string} what */
  cut(what) {
    if (!this.journey || this.asking) return;
    const { view, journey } = this, { cuts } = view;
    const toggle = (/** @type {any[]} */ list, /** @type {any} */ one) => {
      const at = list.findIndex((other) => JSON.stringify(other) === JSON.stringify(one));
      if (at >= 0) list.splice(at, 1); else list.push(one);
    };
    if (empty(cuts)) this.before = journey;
    if (what === "block") toggle(cuts.blocks, [journey.kind, view.layer]);
    if (what === "head" && view.head !== "mean") toggle(cuts.heads, [journey.kind, view.layer, view.head]);
    if (what === "token") toggle(cuts.hidden, view.row);
    this.cutting();
  }

  /** @param {any} [cuts] */
  cutting(cuts) {
    if (cuts) this.view.cuts = cuts;
    this.chose = true;
    if (empty(this.view.cuts) && this.before) {
      const [made] = [this.before];
      this.before = null;
      this.journey = made;
      this.saying = made.saying;
      this.drawAll();
      this.beat();
      this.changed();
      if (this.view.row !== made.size - 1) this.askRow();
      return;
    }
    this.ask(this.asked, true);
  }

  // --- writing

  /** @param {number} id */
  async take(id) {
    if (this.asking) return;
    const { saying } = this;
    if (!saying.words.has(id)) {
      const told = await wordsOf(this.asked.model, [id]).catch(() => null);
      if (!told) return;
      saying.words.set(id, told.labels[0]);
      if (told.special[0]) saying.special.add(id);
    }
    const word = saying.word(id);
    if (saying.special.has(id)) { this.stopWriting(); this.say(`${word} is the model’s sign for the end: the text is over here.`); return; }
    if (/^⟨[0-9A-F ]+⟩$/.test(word)) { this.stopWriting(); this.say(`${word} is a part of a character and cannot be written alone. Take another token.`, true); return; }
    const kept = this.journey.tokens.labels.slice(0, this.view.row + 1).join("");
    const text = this.last || this.journey.header.cut ? this.asked.text + word : kept + word;
    this.last = true;
    this.own = text;
    this.page.write(text);
  }

  drawOne() {
    if (!this.saying || this.asking) return;
    this.take(this.next.drawn(this.saying, this.view.knobs, Math.random()));
  }

  writeOn() {
    if (this.writing) return this.stopWriting();
    this.writing = true;
    this.next.on.textContent = "Stop";
    this.drawOne();
  }

  stopWriting() {
    this.writing = false;
    this.next.on.textContent = "Write on";
  }

  // --- drawing

  schedule() {
    if (this.due) return;
    this.due = requestAnimationFrame(() => { this.due = 0; this.drawAll(); });
  }

  changed() {
    const view = this.shared();
    if (!this.told && !Object.keys(view).length) return;
    this.told = true;
    this.page.tell(view);
  }

  /** The view for links, scenes and classes: what differs from how it opens. */
  shared() {
    const { layer, head, row, knobs, cuts } = this.view, knobsOf = Object.entries(KNOBS).filter(([key, first]) => knobs[key] !== first);
    return {
      ...(this.chose ? { layer, head } : {}), ...(this.journey && row !== this.journey.size - 1 ? { row } : {}),
      ...(knobsOf.length ? { knobs: Object.fromEntries(knobsOf.map(([key]) => [key, knobs[key]])) } : {}), ...(empty(cuts) ? {} : { cuts: copy(cuts) }),
    };
  }

  /** A view from a link, a scene or a class, for this text and model; what it does not name is as it opens. Throws an Error with a sentence.
   * @param {any} view @param {{ text: string, model: string }} of */
  async show(view, of) {
    const whole = (/** @type {any} */ one) => Number.isInteger(one) && one >= 0, cuts = { ...copy(NO_CUTS), ...(view.cuts ?? {}) };
    clearTimeout(this.waiting);
    this.waiting = 0;
    this.chose = whole(view.layer);
    if (this.chose) Object.assign(this.view, { layer: view.layer, head: whole(view.head) || view.head === "mean" ? view.head : 0 });
    this.last = !whole(view.row);
    if (!this.last) this.view.row = view.row;
    for (const [key, first] of Object.entries(KNOBS)) this.view.knobs[key] = typeof view.knobs?.[key] === "number" && Number.isFinite(view.knobs[key]) ? view.knobs[key] : first;
    if (!this.journey || this.asking || !empty(this.view.cuts) || of.text !== this.asked.text || of.model !== this.asked.model) await this.ask(of);
    const { journey } = this;
    if (!journey || this.note.dataset.tone === "bad") throw new Error(this.note.textContent || "Another text was asked for meanwhile.");
    if (!this.chose) Object.assign(this.view, { layer: journey.header.layer, head: journey.header.head });
    this.view.layer = Math.min(this.view.layer, journey.blocks - 1);
    this.view.row = this.last ? journey.size - 1 : Math.min(this.view.row, journey.size - 1);
    this.last = this.view.row === journey.size - 1;
    if (!empty(cuts)) {
      this.before = journey;
      this.view.cuts = cuts;
      await this.ask(of, true);
    } else {
      this.drawAll();
      await this.askRow();
    }
    this.changed();
  }

  drawAll() {
    const { journey, view, box } = this;
    if (!journey || !box.clientWidth) return;
    const narrow = box.clientWidth < NARROW, top = Math.min(170, box.getBoundingClientRect().top + window.scrollY);
    this.stage.dataset.narrow = String(narrow);
    this.high = narrow ? 0 : Math.max(LEAST, window.innerHeight - top - 58);
    this.stage.style.height = narrow ? "" : `${this.high}px`;
    const rowsHigh = narrow ? Math.min(360, Math.max(150, journey.size * 26)) : Math.max(150, this.high - 58 - 118 - 14), width = this.left.clientWidth;
    this.flowBox.style.height = `${rowsHigh}px`;
    this.heads.draw(journey, view);
    this.flow.draw(journey, view, { width, top: 14, height: rowsHigh - 30, narrow });
    this.headBar.style.paddingInlineStart = narrow ? "0" : `${this.flow.x.port - 4}px`;
    this.drawTitles(width, narrow);
    this.spine.draw(journey, view, width - 2, narrow ? 70 : 84);
    this.drawCuts();
    this.drawRight();
  }

  drawTitles(width, narrow) {
    const { x } = this.flow, { journey, view } = this;
    const title = (/** @type {number} */ left, /** @type {string} */ text, /** @type {string} */ under) => {
      const made = make("div", "pg-j-title");
      made.append(make("h3", "", text), make("span", "pg-j-under", under));
      made.style.left = `${left}px`;
      return made;
    };
    const key = (/** @type {string} */ text, /** @type {string} */ of) => make("span", `pg-j-key pg-j-key-${of}`, text);
    const head = view.head === "mean" ? "mean of all heads" : `head ${view.head}`;
    const added = title(x.adds, narrow ? "" : "Adds", "");
    if (!narrow) added.append(key("attention", "att"), key("f-f", "ffn"));
    const parts = [title(x.token, "Tokens", narrow ? "" : `${journey.size}`)];
    if (x.stripWidth) parts.push(title(x.strip, "Vectors", `${journey.width}`));
    parts.push(title(x.port, `Block ${view.layer}`, narrow ? head : `of 0–${journey.blocks - 1} · attention, ${head}`), added);
    this.titles.replaceChildren(...parts);
    void width;
  }

  drawCuts() {
    const { view, journey } = this, word = quoted(seen(journey.tokens.labels[view.row]));
    const has = (/** @type {any[]} */ list, /** @type {any} */ one) => list.some((other) => JSON.stringify(other) === JSON.stringify(one));
    this.spineTitle.textContent = `What each block adds to ${word}`;
    this.spineUnder.replaceChildren(make("span", "pg-j-key pg-j-key-att", "attention ↑"), " ", make("span", "pg-j-key pg-j-key-ffn", "feed-forward ↓"), ` of its vector; the tallest is ${percentText(this.spine.most, 0)}`);
    const states = {
      block: [`block ${view.layer}`, has(view.cuts.blocks, [journey.kind, view.layer]), false], head: [`head ${view.head}`, has(view.cuts.heads, [journey.kind, view.layer, view.head]), view.head === "mean"],
      token: [word, view.cuts.hidden.includes(view.row), journey.size < 2],
    };
    for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (this.cutButtons.querySelectorAll("[data-cut]"))) {
      const [name, on, off] = states[button.dataset.cut];
      button.textContent = `✂ ${name}`;
      button.setAttribute("aria-pressed", String(on));
      button.setAttribute("aria-label", on ? `Put ${name} back` : `Cut ${name}`);
      button.disabled = Boolean(off);
    }
  }

  drawRight() {
    const { journey, saying, view } = this;
    if (!journey) return;
    const narrow = this.stage.dataset.narrow === "true";
    this.lensPart.hidden = !saying;
    for (const part of [...this.nextPart.children].slice(1)) /** @type {HTMLElement} */ (part).hidden = (part === this.labelsBox) === Boolean(saying);
    if (saying) {
      this.lens.draw(saying, view, narrow ? saying.rows * 17 : this.high - 46);
      this.drawNext();
    } else this.drawLabels();
    this.drawFoot();
  }

  drawNext() {
    const { saying, view, journey } = this;
    if (!saying) return;
    const before = this.before && this.last ? this.before.saying : null;
    this.nextUnder.textContent = `after ${quoted(seen(journey.tokens.labels[saying.position]))}`;
    this.next.draw(saying, before, view, this.stage.dataset.narrow === "true" ? 260 : this.high);
    this.drawUnder();
  }

  // From the chosen row to the lens, and from there to each next token, as thick as it is likely.
  drawUnder() {
    const nodes = [], place = this.stage.getBoundingClientRect();
    if (this.stage.dataset.narrow !== "true" && this.saying) {
      const left = this.left.getBoundingClientRect(), lens = this.lensPart.getBoundingClientRect(), x0 = left.right - place.left, y0 = this.flowBox.getBoundingClientRect().top - place.top + this.flow.exit();
      const x1 = lens.left - place.left, x2 = lens.right - place.left, y1 = lens.top - place.top + this.lens.middle(this.view.layer + 1), y2 = lens.top - place.top + this.lens.middle(this.saying.rows - 1);
      nodes.push(svg("path", { class: "pg-j-stream", d: band(x0, y0, 4, x1, y1, 9) }));
      let at = y2 - 9;
      for (const { node, share } of this.next.shares) {
        const bar = /** @type {HTMLElement} */ (node.querySelector(".pg-j-next-word")).getBoundingClientRect(), high = Math.max(0.6, share * 18);
        if (share) nodes.push(svg("path", { class: "pg-j-fan", d: band(x2, at + high / 2, high, bar.left - place.left - 6, bar.top - place.top + bar.height / 2, Math.max(1, Math.min(20, share * 20))) }));
        at += high;
      }
    }
    this.under.setAttribute("width", String(place.width));
    this.under.setAttribute("height", String(place.height));
    this.under.replaceChildren(...nodes);
  }

  drawLabels() {
    const { journey } = this, before = this.before ? new Map(this.before.labels) : null;
    this.nextUnder.textContent = "";
    /** @type {HTMLElement} */ (this.nextPart.querySelector("h3")).textContent = "It says";
    this.labelsBox.replaceChildren(...[...journey.labels].sort((a, b) => b[1] - a[1]).map(([name, share]) => {
      const row = make("div", "pg-j-next-row"), bar = make("span", "pg-j-next-bar");
      row.style.setProperty("--share", share.toFixed(4));
      row.dataset.label = name;
      bar.append(make("span", "pg-j-next-fill"));
      if (before) { row.style.setProperty("--was", (before.get(name) ?? 0).toFixed(4)); bar.append(make("span", "pg-j-next-was")); }
      row.append(make("span", "pg-j-next-word", name), bar, make("span", "pg-j-next-share", percentText(share)));
      return row;
    }));
    this.under.replaceChildren();
  }

  // What is cut and what it did, or what there is to see.
  drawFoot() {
    const { view, saying, journey } = this, { cuts } = view, off = !empty(cuts);
    this.banner.hidden = !off;
    if (off) this.drawBanner();
    const told = [];
    if (journey.header.cut) told.push(`The text has ${countText(journey.size + journey.header.cut)} tokens: ${journey.masked ? "the last" : "the first"} ${journey.size} are read and shown.`);
    if (saying && !off) told.push(climb(saying));
    if (saying) /** @type {HTMLElement} */ (this.nextPart.querySelector("h3")).textContent = "Next token";
    this.look.textContent = told.join(" ");
    this.look.hidden = !told.length;
  }

  drawBanner() {
    const { view, journey, before } = this, { cuts } = view, names = [...cuts.blocks.map(([, layer]) => `block ${layer}`), ...cuts.heads.map(([, layer, head]) => `head ${head} of block ${layer}`), ...cuts.hidden.map((i) => quoted(seen(journey.tokens.labels[i] ?? "?")))];
    const undo = make("button", "pg-button", "Undo"), said = make("strong", "", `✂ ${names.join(", ")} cut: `);
    undo.type = "button";
    undo.addEventListener("click", () => this.cutting(copy(NO_CUTS)));
    this.banner.replaceChildren(said, make("span", "", this.fell(before, journey)), undo);
  }

  /** Paris 77.3 % → 63.4 %. @param {Journey | null} before @param {Journey} after */
  fell(before, after) {
    if (!before) return "";
    if (before.saying && after.saying) {
      const [was] = before.saying.guesses(before.saying.rows - 1, 1), [now] = after.saying.guesses(after.saying.rows - 1, 1);
      const share = Math.exp(after.saying.logits[was.id] - this.next.normaliser(after.saying));
      const instead = now.id === was.id ? "" : `; now ${quoted(seen(now.text))} is first with ${percentText(now.share)}`;
      return `${quoted(seen(was.text))} ${percentText(was.share)} → ${percentText(share)}${instead}`;
    }
    const [name, share] = [...before.labels].sort((a, b) => b[1] - a[1])[0] ?? ["", 0];
    return name ? `${name} ${percentText(share)} → ${percentText(new Map(after.labels).get(name) ?? 0)}` : "";
  }
}
