// What a page shows as a plain object, and back: {tab, values, open, runs, views}. Rooms and their fields are told (panels/stage.py);
// components with a view of their own say "pg-view" when it changes, and show what "pg-show" brings. Knows no panel by name.
const LONGEST_TEXT = 200_000;
const LONGEST_VIEW = 60_000;
const PATIENCE = 60_000;
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Whether `value` is something this input may hold.
export function fits(field, value) {
  if (field.kind === "text") return typeof value === "string" && value.length <= LONGEST_TEXT;
  if (field.kind === "number") return typeof value === "number" && Number.isFinite(value) && value >= (field.least ?? -Infinity) && value <= (field.most ?? Infinity);
  if (field.kind === "flag") return typeof value === "boolean";
  const known = (one) => field.options.includes(one) || (field.free && typeof one === "string" && one.length <= 200);
  return field.kind === "choices" ? Array.isArray(value) && value.every(known) : known(value);
}

// A state from anywhere, with only what this page knows; `odd` names what was passed over. null where no panel is named.
export function clean(state, rooms) {
  const room = plain(state) && rooms.find((one) => one.id === state.tab);
  if (!room) return null;
  const odd = [], values = {}, given = plain(state.values) ? state.values : {};
  for (const [id, value] of Object.entries(given)) {
    const field = room.fields.find((one) => one.id === id);
    if (field && fits(field, value)) values[id] = value;
    else odd.push(field ? field.name : String(id).slice(0, 40));
  }
  const among = (list, known) => (Array.isArray(list) ? list.filter((one) => known.includes(one)) : []);
  const runs = (Array.isArray(state.runs) ? state.runs : []).filter((one) => plain(one) && room.runs.includes(one.run) && Number.isInteger(one.turn));
  const views = {};
  for (const [name, view] of Object.entries(plain(state.views) ? state.views : {})) {
    if (/^[a-z]{1,30}$/.test(name) && plain(view) && JSON.stringify(view).length <= LONGEST_VIEW) views[name] = view;
    else odd.push(name.slice(0, 40));
  }
  return { tab: room.id, values, open: among(state.open, room.parts), runs: runs.slice(0, 20).map(({ run, turn }) => ({ run, turn })), views, odd };
}

export class Page {
  // `fill(list)` puts [tab, value of every field] into the page; `changed(kind)` hears "values", "view" or "tab".
  constructor(rooms, fill, changed) {
    Object.assign(this, { rooms, fill, changed, fields: rooms.flatMap((room) => room.fields), ended: [], views: new Map(), turn: Date.now(), waiting: [] }); // turns go on growing when the page is loaded anew
    this.values = new Map(this.fields.map((field) => [field.id, field.first]));
    document.addEventListener("pg-ran", (event) => this.finished(event.detail.run, event.detail.shown));
    document.addEventListener("pg-view", (event) => {
      this.views.set(event.detail.name, { ...event.detail, tab: this.tab });
      this.changed("view");
    });
  }

  get tab() {
    const shown = this.rooms.find(({ id }) => {
      const node = document.getElementById(`${id}-tab`);
      return node && node.offsetParent !== null;
    });
    return (shown || this.rooms[0]).id;
  }

  room(id = this.tab) {
    return this.rooms.find((one) => one.id === id);
  }

  // Every input's value, in the order of `fields`, whenever one has changed.
  heard(list) {
    this.fields.forEach((field, i) => this.values.set(field.id, list[i] ?? field.first));
    this.changed("values");
  }

  // A run of this button ended well; its components show `shown`, and may say what to fill in for the same again ({repeat: {id: value}}).
  async finished(run, shown) {
    const room = this.rooms.find((one) => one.runs.includes(run));
    await pause(200); // what it filled in comes first
    const again = Object.assign({}, ...shown.map((value) => (plain(value) && plain(value.repeat) ? value.repeat : {})));
    const repeat = Object.fromEntries(Object.entries(again).filter(([id, value]) => room.fields.some((field) => field.id === id && fits(field, value))));
    this.ended = this.ended.filter((one) => one.run !== run);
    this.ended.push({ run, room: room.id, turn: ++this.turn, repeat, of: this.held(room) });
    this.waiting.forEach((one) => one(run));
    this.changed("values");
  }

  held(room) {
    return JSON.stringify(room.fields.map((field) => this.values.get(field.id)));
  }

  opened(room) {
    return room.parts.filter((id) => document.querySelector(`#${CSS.escape(id)} > button.open`));
  }

  // What is on the page now. A run counts while the inputs are still those it ran on.
  state() {
    const room = this.room(), held = this.held(room), runs = this.ended.filter((one) => one.room === room.id && one.of === held);
    const values = {};
    for (const field of room.fields) {
      const value = this.values.get(field.id);
      if (!same(value, field.first)) values[field.id] = value;
    }
    Object.assign(values, ...runs.map((one) => one.repeat));
    const views = [...this.views.values()].filter((one) => one.tab === room.id);
    return {
      tab: room.id, values, open: this.opened(room), runs: runs.map(({ run, turn }) => ({ run, turn })),
      views: Object.fromEntries(views.map(({ name, view }) => [name, view])),
      about: Object.fromEntries(views.map(({ name, short, covers }) => [name, { short, covers }])),
    };
  }

  // Shows a cleaned state. `seen` holds the turns already repeated here (nothing is run twice); `late()` says that a newer one waits.
  async show(state, { seen = new Map(), late = () => false } = {}) {
    const room = this.room(state.tab);
    if (this.tab !== room.id) this.put(room, {});
    await this.until(() => this.tab === room.id && document.getElementById(`${room.id}-lead`));
    const wanted = Object.fromEntries(room.fields.map((field) => [field.id, state.values[field.id] ?? field.first]));
    for (let i = 0; i < 2; i++) { // a second time for what another input's change has set back
      const other = Object.entries(wanted).filter(([id, value]) => !same(this.values.get(id), value));
      if (!other.length) break;
      this.put(room, Object.fromEntries(other));
      await pause(i ? 50 : 250);
    }
    const open = this.opened(room);
    for (const id of room.parts) {
      if (open.includes(id) !== state.open.includes(id)) document.querySelector(`#${CSS.escape(id)} > button`)?.click();
    }
    for (const [name, view] of Object.entries(state.views)) await this.showView(name, view);
    for (const { run, turn } of state.runs) {
      if (late()) return;
      if (seen.get(run) === turn) continue;
      seen.set(run, turn);
      await this.press(run);
    }
  }

  put(room, values) {
    this.fill([{ __type__: "update", selected: room.id }, ...this.fields.map(({ id }) => (id in values ? values[id] : { __type__: "update" }))]);
  }

  async showView(name, view) {
    const find = () => document.querySelector(`[data-pg-view="${name}"]`);
    if (!(await this.until(find))) return;
    find().dispatchEvent(new CustomEvent("pg-show", { detail: view }));
    await this.until(() => same((this.views.get(name) || {}).view?.runs, view.runs));
  }

  // Until the run has ended, or PATIENCE is over.
  async press(run) {
    const button = document.getElementById(run);
    if (!button || button.offsetParent === null) return;
    let over = false;
    this.waiting.push((ended) => { over = over || ended === run; });
    button.click();
    await this.until(() => over, PATIENCE);
    this.waiting = [];
  }

  async until(ready, patience = 10_000) {
    const end = performance.now() + patience;
    while (performance.now() < end) {
      if (ready()) return true;
      await pause(40);
    }
    return false;
  }
}
