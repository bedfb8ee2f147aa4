// The page as a state, and a state as the page. Components with a view of their own say "pg-view" when it changes, and show what
// "pg-show" brings; `show` opens any state, and waits for what it waits for until that is there or has failed. Knows no panel by name.
import { bring, inSight } from "./sight.js";
import { fits, plain, same, VERSION } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Room} Room
 * @typedef {{name: string, view: any, fills: Record<string, any>, of?: any[]}} Told a component's view, what its inputs must hold for it, and of which text and model it is
 */

const TURNS = 75; // looks at a page that is free to act: what needs no server is there by then, or is not coming
const LOOK = 40;
const AGAIN = 3;
/** @param {number} milliseconds */
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
/** @param {string} id */
const byId = (id) => document.getElementById(id);

export class Page {
  /**
   * `fill(list)` puts [tab, value of every field] into the page; `changed(kind)` hears "values", "view" or "tab".
   * @param {Room[]} rooms
   * @param {(list: any[]) => void} fill
   * @param {(kind: string) => void} changed
   */
  constructor(rooms, fill, changed) {
    this.rooms = rooms;
    this.fill = fill;
    this.changed = changed;
    this.fields = rooms.flatMap((room) => room.fields);
    /** @type {Map<string, any>} */
    this.values = new Map(this.fields.map((field) => [field.id, field.first]));
    /** @type {{run: string, room: string, turn: number, repeat: Record<string, any>, of: string, main: string}[]} */
    this.ended = [];
    /** @type {Map<string, Told>} */
    this.views = new Map();
    /** How often each run, view or event of the page's has ended, and how often of these badly. @type {Map<string | number, {times: number, bad: number}>} */
    this.ends = new Map();
    this.turn = Date.now(); // goes on growing when the page is loaded anew
    this.showing = 0; // the newest call of `show`
    this.busy = 0; // how many of them go on
    // What a component runs by itself (web/events.py RUN_THEMSELVES).
    document.addEventListener("pg-ran", (event) => {
      const { run, shown, failed } = /** @type {CustomEvent<{run: string, shown: any[], failed?: boolean}>} */ (event).detail;
      if (failed) this.end(run, true);
      else this.finished(run, shown);
    });
    document.addEventListener("pg-view", (event) => {
      const { detail } = /** @type {CustomEvent<Told>} */ (event);
      this.views.set(detail.name, detail);
      this.changed("view");
    });
  }

  get tab() {
    const shown = this.rooms.find(({ id }) => {
      const node = byId(`${id}-tab`);
      return node && node.offsetParent !== null;
    });
    return (shown || this.rooms[0]).id;
  }

  /** @returns {Room} */
  room(id = this.tab) {
    return this.rooms.find((one) => one.id === id) || this.rooms[0];
  }

  /**
   * Every input's value, in the order of `fields`, whenever one has changed.
   * @param {any[]} list
   */
  heard(list) {
    this.fields.forEach((field, i) => this.values.set(field.id, list[i] ?? field.first));
    this.changed("values");
  }

  /**
   * A run of this button ended well; its components show `shown`, and may say what to fill in for the same again ({repeat: {id: value}}).
   * @param {string} run
   * @param {any[]} shown
   */
  async finished(run, shown) {
    const room = this.rooms.find((one) => one.runs.includes(run));
    if (room) {
      await pause(200); // what it filled in comes first
      const again = Object.assign({}, ...shown.map((value) => (plain(value) && plain(value.repeat) ? value.repeat : {})));
      const repeat = Object.fromEntries(Object.entries(again).filter(([id, value]) => room.fields.some((field) => field.id === id && fits(field, value))));
      this.ended = this.ended.filter((one) => one.run !== run);
      this.ended.push({ run, room: room.id, turn: ++this.turn, repeat, of: this.held(room), main: this.main(room) });
    }
    this.end(run);
    this.changed("values");
  }

  /**
   * Something that may be waited for has ended: a run, a view's reading, an event that fills inputs.
   * @param {string | number} what
   */
  end(what, bad = false) {
    const had = this.ends.get(what) || { times: 0, bad: 0 };
    this.ends.set(what, { times: had.times + 1, bad: had.bad + (bad ? 1 : 0) });
  }

  /** @param {string | number} what */
  times(what) {
    return this.ends.get(what) || { times: 0, bad: 0 };
  }

  /** @param {Room} room */
  held(room) {
    return JSON.stringify(room.fields.map((field) => this.values.get(field.id)));
  }

  /**
   * The fields that the tab's picture follows.
   * @param {Room} room
   */
  main(room) {
    return JSON.stringify(room.main.map((id) => this.values.get(id)));
  }

  /** @param {Room} room */
  opened(room) {
    return room.parts.filter((id) => document.querySelector(`#${CSS.escape(id)} > button.open`));
  }

  /**
   * What is on the page now, every input's value too. A run counts while the inputs are still those it ran on.
   * @returns {State}
   */
  state() {
    const room = this.room(), held = this.held(room), runs = this.ended.filter((one) => one.room === room.id && one.of === held);
    const told = room.views.flatMap((name) => this.views.get(name) ?? []);
    const values = Object.fromEntries(room.fields.map((field) => [field.id, this.values.get(field.id)]));
    Object.assign(values, ...runs.map((one) => one.repeat), ...told.map((one) => one.fills));
    return {
      version: VERSION, tab: room.id, values, open: this.opened(room), runs: runs.map(({ run, turn }) => ({ run, turn })),
      views: Object.fromEntries(told.map(({ name, view }) => [name, view])), at: inSight(this.places(room)), bare: null,
    };
  }

  /**
   * The pictures of a room: where they are seen.
   * @param {Room} room
   */
  places(room) {
    const views = room.views.map((name) => this.viewNode(name)?.closest("[id]")?.id ?? "");
    return [...new Set([...Object.values(room.shows), ...views])].filter(Boolean);
  }

  /** @param {string} name @returns {HTMLElement | null} */
  viewNode(name) {
    return document.querySelector(`[data-pg-view="${name}"]`);
  }

  /**
   * Shows a cleaned state, and brings what it is about into sight. A newer call ends an older one where it stands. `seen` holds the
   * turns already repeated here (nothing is run twice); `late()` says that a newer state waits; `still` scrolls nothing. Sentences on what did not succeed.
   * @param {State} state
   * @param {{seen?: Map<string, number>, late?: () => boolean, still?: boolean}} [how]
   */
  async show(state, { seen = new Map(), late = () => false, still = false } = {}) {
    this.busy += 1;
    try {
      return await this.shown(state, seen, late, still);
    } finally {
      this.busy -= 1;
    }
  }

  /**
   * @param {State} state
   * @param {Map<string, number>} seen
   * @param {() => boolean} late
   * @param {boolean} still
   */
  async shown(state, seen, late, still) {
    const mine = ++this.showing, over = () => mine !== this.showing || late(), room = this.room(state.tab);
    /** @type {string[]} */
    const troubles = [];
    if (this.tab !== room.id) this.put(room, {});
    await this.until(() => this.tab === room.id && byId(`${room.id}-lead`), over);
    troubles.push(...(await this.set(room, state, over)));
    troubles.push(...(await this.unfold(room, state, over)));
    for (const [name, view] of Object.entries(state.views)) if (!over()) troubles.push(...(await this.showView(name, view, over)));
    for (const { run, turn } of state.runs) {
      if (over()) return troubles;
      if (seen.get(run) === turn) continue;
      seen.set(run, turn);
      troubles.push(...(await this.press(run, over)));
    }
    if (!over() && !still) await bring(this.sightOf(room, state), over);
    return troubles;
  }

  /**
   * What a state is about: what it says itself, else what its last run or its view shows, else the part it opens.
   * @param {Room} room
   * @param {State} state
   */
  sightOf(room, state) {
    const runs = state.runs.map(({ run }) => room.shows[run]).filter(Boolean), views = Object.keys(state.views).map((name) => this.viewNode(name)?.closest("[id]")?.id ?? "");
    return [state.at, ...runs.reverse(), ...views, ...state.open].find((id) => id && byId(id)) ?? "";
  }

  /**
   * Puts every input of the room to what the state says; what then changes other inputs is waited for, and those are set again.
   * @param {Room} room
   * @param {State} state
   * @param {() => boolean} over
   */
  async set(room, state, over) {
    const wanted = new Map(room.fields.map((field) => [field.id, state.values[field.id] ?? field.first]));
    const other = () => room.fields.filter((field) => !same(this.values.get(field.id), wanted.get(field.id)));
    for (let i = 0; i < AGAIN && other().length && !over(); i++) {
      const put = other(), before = new Map(put.flatMap((field) => field.follow ?? []).map((event) => [event, this.times(event).times]));
      this.put(room, Object.fromEntries(put.map((field) => [field.id, wanted.get(field.id)])));
      let looks = 0;
      const arrived = () => put.every((field) => same(this.values.get(field.id), wanted.get(field.id)));
      await this.until(() => (looks += 1) > TURNS || arrived(), over);
      if (arrived()) await this.until(() => [...before].every(([event, times]) => this.times(event).times > times), over);
    }
    return over() ? [] : other().map((field) => `“${field.name}” did not take its value.`);
  }

  /**
   * Opens the parts that the state opens, and closes the others.
   * @param {Room} room
   * @param {State} state
   * @param {() => boolean} over
   */
  async unfold(room, state, over) {
    const differing = () => room.parts.filter((id) => this.opened(room).includes(id) !== state.open.includes(id));
    for (const id of differing()) /** @type {HTMLElement | null} */ (document.querySelector(`#${CSS.escape(id)} > button`))?.click();
    let looks = 0;
    await this.until(() => (looks += 1) > TURNS || !differing().length, over);
    return over() ? [] : differing().map((id) => `The part “${id}” could not be ${state.open.includes(id) ? "opened" : "closed"}.`);
  }

  /**
   * Puts values into the page and turns to the room.
   * @param {Room} room
   * @param {Record<string, any>} values
   */
  put(room, values) {
    this.fill([{ __type__: "update", selected: room.id }, ...this.fields.map(({ id }) => (id in values ? values[id] : { __type__: "update" }))]);
  }

  /**
   * Until the component shows the view, or says that it cannot, or what it asked the server for has failed.
   * @param {string} name
   * @param {any} view
   * @param {() => boolean} over
   */
  async showView(name, view, over) {
    await this.until(() => this.viewNode(name), over);
    const had = this.times(name), room = this.rooms.find((one) => one.views.includes(name)) || this.room();
    /** @type {string | null} */
    let said = null;
    const values = Object.fromEntries(room.fields.map((field) => [field.id, this.values.get(field.id)]));
    const detail = { view, values, shown: () => { said = ""; }, failed: (/** @type {string} */ why) => { said = why; } };
    this.viewNode(name)?.dispatchEvent(new CustomEvent("pg-show", { detail }));
    await this.until(() => said !== null || this.times(name).bad > had.bad, over);
    if (over()) return [];
    if (said === null) return ["The picture could not be made; the message says why."];
    return said ? [said] : [];
  }

  /**
   * Until the run has ended, well or not.
   * @param {string} run
   * @param {() => boolean} over
   */
  async press(run, over) {
    let looks = 0;
    await this.until(() => byId(run) || (looks += 1) > TURNS, over);
    const button = byId(run);
    if (over()) return [];
    if (!button) return [`The button “${run}” is not on the page.`];
    const had = this.times(run);
    if ("running" in button.dataset) button.click(); // what it does meanwhile is to stop
    button.click();
    await this.until(() => this.times(run).times > had.times, over);
    return this.times(run).bad > had.bad ? ["A run gave no result; the message says why."] : [];
  }

  /**
   * Looks again and again, until `ready` or `over`.
   * @param {() => unknown} ready
   * @param {() => boolean} over
   */
  async until(ready, over) {
    while (!over() && !ready()) await pause(LOOK);
  }
}
