// What a tab shows when somebody comes to it: the app's text goes along, its picture is asked for, one that is of other words is marked as
// old, and drawn anew where that is quick when one rests in typing. Knows rooms as panels/stage.py tells them, no panel.
const REST = 500; // ms after the last key; where the last answer took longer, as long as it took
const LONGEST = 2000; // characters of a text that goes along
/** @typedef {import("./state.js").Room} Room */
/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export class Arrival {
  /**
   * `follows()` is true while somebody else leads this page.
   * @param {import("./page.js").Page} page
   * @param {{follows: () => boolean}} how
   */
  constructor(page, { follows }) {
    this.page = page;
    this.follows = follows;
    this.ready = false;
    this.here = this.coming = this.chip = "";
    this.waiting = 0;
    /** What goes along, and what the open tab began with. @type {{text?: any, model?: any}} */
    this.carried = {};
    /** @type {{text?: any, model?: any}} */
    this.found = {};
    /** @type {Set<string>} */
    this.came = new Set();
    /** Milliseconds of the last answer, and when the run that goes on began. @type {Map<string, number>} */
    this.took = new Map();
    /** @type {Map<string, number>} */
    this.begun = new Map();
    document.addEventListener("click", (event) => this.clicked(event), true);
    document.addEventListener("input", (event) => this.typed(event));
    document.addEventListener("pg-changed", (event) => this.changed(/** @type {CustomEvent<string>} */ (event).detail));
  }

  // The page is open, and what its address asked for is shown.
  begin() {
    this.ready = true;
    this.keep(this.page.room());
    this.arrive(this.page.room());
  }

  /** @param {Event} event */
  clicked(event) {
    const on = event.target instanceof Element ? event.target : null;
    const tab = /** @type {HTMLElement | null | undefined} */ (on?.closest("#page-tabs [role=tab]"));
    if (tab) this.coming = tab.dataset.tabId ?? "";
    const run = on?.closest("button[id$='-run']");
    if (run) this.pressed(run.id);
  }

  /** @param {string} id */
  pressed(id) {
    const room = this.page.rooms.find((one) => one.starts.includes(id));
    if (!room || id !== `${room.id}-run`) return;
    clearTimeout(this.waiting);
    this.came.add(room.id);
    this.begun.set(room.id, performance.now());
  }

  /** @param {string} kind */
  changed(kind) {
    if (!this.ready) return;
    const room = this.page.room();
    if (kind === "tab" && room.id !== this.here) {
      this.leave();
      this.keep(room);
      if (this.coming === room.id) this.arrive(room);
      this.coming = "";
    }
    this.mark(room);
  }

  /**
   * What a tab began with: what differs from it when one leaves was put in there, and goes along.
   * @param {Room} room
   */
  keep(room) {
    this.here = room.id;
    this.found = { text: this.page.values.get(room.text), model: this.page.values.get(room.model) };
    this.chip = "";
  }

  leave() {
    const room = this.page.room(this.here);
    for (const name of /** @type {("text" | "model")[]} */ (["text", "model"])) {
      const now = this.page.values.get(room[name]);
      if (room[name] && now !== this.found[name]) this.carried[name] = now;
    }
  }

  /** @param {Room} room */
  async arrive(room) {
    if (this.follows() || this.page.busy) return;
    await this.follow(room);
    if (this.page.room().id !== room.id) return;
    const shown = this.shown(room);
    const emptied = room.fields.some((one) => one.kind === "text" && one.first && !String(this.page.values.get(one.id) ?? "").trim());
    if (!room.starts.length || emptied || this.came.has(room.id) || (shown && !(room.live && this.old(room)))) return;
    this.came.add(room.id);
    for (const id of room.starts) await this.press(id);
  }

  /** @param {string} id */
  async press(id) {
    for (let i = 0; i < 100 && !document.getElementById(id); i++) await pause(50);
    const button = document.getElementById(id);
    if (button && !("running" in button.dataset)) button.click(); // what it does while it runs is to stop
  }

  /**
   * The app's text and model, where this tab takes them.
   * @param {Room} room
   */
  async follow(room) {
    /** @type {Record<string, any>} */
    const put = {};
    const { text, model } = this.carried, models = room.fields.find((one) => one.id === room.model)?.options || [];
    const fits = typeof text === "string" && text.trim() && text.length <= LONGEST;
    if (room.text && fits && text !== this.page.values.get(room.text)) put[room.text] = text;
    if (room.model && models.includes(model) && model !== this.page.values.get(room.model)) put[room.model] = model;
    if (room.needs && model && !models.includes(model)) this.chip = `Its own model here: this tab needs ${room.needs}.`;
    else if (room.text && typeof text === "string" && text.length > LONGEST) this.chip = "Its own text here: yours is too long to go along.";
    if (!Object.keys(put).length) return;
    this.page.put(room, put);
    const end = performance.now() + 2000;
    await this.page.until(() => Object.entries(put).every(([id, value]) => this.page.values.get(id) === value), () => performance.now() > end);
    this.came.delete(room.id);
    this.keep(room);
  }

  /**
   * What the picture of this tab is of, as one string; "" where it has none yet.
   * @param {Room} room
   */
  shown(room) {
    const view = this.view(room);
    return view ? JSON.stringify(view.of) : this.page.ended.find((one) => one.run === `${room.id}-run`)?.main || "";
  }

  /** @param {Room} room */
  old(room) {
    const shown = this.shown(room);
    const now = this.view(room) ? JSON.stringify([this.page.values.get(room.text), this.page.values.get(room.model)]) : this.page.main(room);
    return Boolean(shown) && shown !== now;
  }

  /**
   * A component that shows itself says of which text and model: [text, model].
   * @param {Room} room
   */
  view(room) {
    return room.views.flatMap((name) => this.page.views.get(name) ?? []).find((one) => one.of);
  }

  /** @param {Room} room */
  mark(room) {
    const picture = document.getElementById(`${room.id}-picture`), old = this.old(room), begun = this.begun.get(room.id);
    if (!picture) return;
    picture.toggleAttribute("data-old", old);
    if (old || begun === undefined || !this.shown(room)) return;
    this.took.set(room.id, performance.now() - begun);
    this.begun.delete(room.id);
  }

  /**
   * Only what a person types is drawn at once: a link, a scene and a class run what they show themselves.
   * @param {Event} event
   */
  typed(event) {
    const room = this.page.room(), on = event.target instanceof Element ? event.target : null;
    if (!this.ready || !room.live || this.follows() || !on?.closest("#page-header, .pg-drawer")) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const text = this.page.values.get(room.text);
      if (this.page.room().id === room.id && this.old(room) && text?.trim()) this.press(`${room.id}-run`);
    }, Math.max(REST, this.took.get(room.id) ?? 0));
  }
}
