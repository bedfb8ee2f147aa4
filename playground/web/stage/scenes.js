// The list of prepared scenes: a state and a note each. Kept in this browser, saved to a file, opened again. Draws nothing.
import { clean } from "./state.js";

const KEPT = "playground-scenes";
const KIND = "transformers-playground-scenes";
const MOST = 100;
const MOST_BYTES = 2_000_000;
const LONGEST_NOTE = 2_000;

export class Scenes {
  constructor(rooms, store = window.localStorage) {
    Object.assign(this, { rooms, store, list: [], at: -1 });
    try {
      this.list = this.read(JSON.parse(store.getItem(KEPT) || "null") || { scenes: [] }).list;
    } catch {
      this.list = []; // storage may be forbidden, and what is kept may be from another version
    }
  }

  // {list, passed}: the scenes of a file that this page can show, and how many it cannot. Throws a sentence.
  read(file) {
    if (!file || !Array.isArray(file.scenes)) throw new Error("This is no file of scenes: choose one that was saved here.");
    if (file.scenes.length > MOST) throw new Error(`The file has ${file.scenes.length} scenes; the limit is ${MOST}.`);
    const list = file.scenes.map((one) => {
      const state = one && clean(one.state, this.rooms);
      return state && { state: kept(state), note: String(one.note ?? "").slice(0, LONGEST_NOTE) };
    });
    return { list: list.filter(Boolean), passed: list.filter((one) => !one).length };
  }

  // What a file holds; nothing is replaced yet.
  opened(text) {
    if (text.length > MOST_BYTES) throw new Error("The file is over 2 MB, which no list of scenes is.");
    let file;
    try {
      file = JSON.parse(text);
    } catch {
      throw new Error("This is no file of scenes: it is not JSON.");
    }
    if (!file || file.kind !== KIND) throw new Error("This is no file of scenes: choose one that was saved here.");
    const { list, passed } = this.read(file);
    return { list, passed };
  }

  // Puts these scenes in the place of those that are here.
  replace(list) {
    Object.assign(this, { list, at: -1 });
    this.keep();
  }

  text() {
    return JSON.stringify({ kind: KIND, version: 1, scenes: this.list }, null, 1);
  }

  keep() {
    try {
      this.store.setItem(KEPT, this.text());
    } catch {
      // without storage the list lasts as long as the page
    }
  }

  add(state, note = "") {
    if (this.list.length >= MOST) throw new Error(`There are ${MOST} scenes, which is the most.`);
    this.list.push({ state: kept(state), note });
    this.keep();
  }

  change(at, part) {
    Object.assign(this.list[at], part.state ? { ...part, state: kept(part.state) } : part);
    if (part.note) this.list[at].note = part.note.slice(0, LONGEST_NOTE);
    this.keep();
  }

  move(at, by) {
    const to = at + by;
    if (to < 0 || to >= this.list.length) return at;
    this.list.splice(to, 0, ...this.list.splice(at, 1));
    this.keep();
    return to;
  }

  remove(at) {
    this.list.splice(at, 1);
    this.at = Math.min(this.at, this.list.length - 1);
    this.keep();
  }

  // The scene that is `by` further, or null at an end.
  step(by) {
    const to = this.at + by;
    if (to < 0 || to >= this.list.length) return null;
    this.at = to;
    return this.list[to];
  }

  name(scene) {
    const room = this.rooms.find((one) => one.id === scene.state.tab);
    const field = room.fields.find((one) => one.id === room.text) ?? room.fields.find((one) => one.kind === "text");
    const text = String(scene.state.values[field?.id] ?? field?.first ?? "").replace(/\s+/g, " ");
    return `${room.title}: ${[...text].slice(0, 60).join("")}${[...text].length > 60 ? "…" : ""}`;
  }
}

function kept({ version, tab, values, open, runs, views, at, bare }) {
  return structuredClone({ version, tab, values, open, runs, views, at, bare });
}
