// A state as a web address and back, at most 2,000 characters: readable parameters, what differs from the page as it opens. Where it
// would be longer, texts stay out and `left` names them. Knows rooms and fields as told, no panel.
import { translatedAddress } from "./before.js";
import { clean, same, VERSION } from "./state.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./state.js").Clean} Clean
 * @typedef {import("./state.js").Field} Field
 * @typedef {import("./state.js").Room} Room
 */

export const LONGEST = 2000;
const HELD = ["open", "run", "at", "left"];
const OWN = ["tab", "v", "class", ...HELD];

/**
 * Where others reach this page: as this browser does, unless that is this very computer; "" where nobody else can.
 * @param {{hostname: string, origin: string, pathname: string}} place
 * @param {string} address
 */
export function reachable(place, address) {
  const own = /^(localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)$/.test(place.hostname);
  return own ? address && address + place.pathname : place.origin + place.pathname;
}

/** @param {Field} field @param {any} value */
function written(field, value) {
  return field.kind === "flag" ? (value ? "1" : "0") : String(value);
}

/** @param {Field} field @param {string[]} texts @returns {any} */
function read(field, texts) {
  /** @param {string} text */
  const one = (text) => (field.options || []).find((option) => String(option) === text) ?? text;
  if (field.kind === "choices") return texts.map(one);
  if (field.kind === "flag") return { 1: true, 0: false }[texts[0]];
  if (field.kind === "number") return texts[0].trim() === "" ? null : Number(texts[0]);
  return field.kind === "choice" ? one(texts[0]) : texts[0];
}

/**
 * {href, left}: `left` are the names of texts that stayed out.
 * @param {State} state
 * @param {Room[]} rooms
 * @param {string} base
 */
export function linkOf(state, rooms, base) {
  const room = rooms.find((one) => one.id === state.tab) || rooms[0], /** @type {string[]} */ left = [], views = { ...state.views };
  const carried = room.fields.filter((field) => field.id in state.values && !same(state.values[field.id], field.first));
  /** @param {string} id */
  const bare = (id) => id.replace(`${room.id}-`, "");
  const make = () => {
    const url = new URL(base);
    url.search = "";
    url.searchParams.set("tab", room.id);
    for (const field of carried) {
      if (left.includes(field.name)) continue;
      for (const value of [state.values[field.id]].flat()) url.searchParams.append(field.name, written(field, value));
    }
    if (state.open.length) url.searchParams.set("open", state.open.map(bare).join(","));
    if (state.runs.length) url.searchParams.set("run", state.runs.map(({ run }) => bare(run)).join(","));
    for (const [name, view] of Object.entries(views)) url.searchParams.set(name, JSON.stringify(view));
    if (state.at) url.searchParams.set("at", bare(state.at));
    if (left.length) url.searchParams.set("left", left.join(","));
    url.searchParams.set("v", String(state.version));
    return url.href;
  };
  const texts = carried.filter((field) => field.kind === "text").sort((a, b) => state.values[b.id].length - state.values[a.id].length);
  let href = make();
  for (const field of texts) {
    if (href.length <= LONGEST) break;
    left.push(field.name);
    href = make();
  }
  for (const name of Object.keys(views)) {
    if (href.length <= LONGEST) break;
    delete views[name];
    href = make();
  }
  return { href, left };
}

/**
 * The state of an address, or null where it names no panel; `left` and `odd` are names of what did not travel or was not understood.
 * @param {URLSearchParams} address
 * @param {Room[]} rooms
 * @returns {(Clean & {left: string[]}) | null}
 */
export function stateOf(address, rooms) {
  const params = translatedAddress(address), room = rooms.find((one) => one.id === params.get("tab"));
  if (!room) return null;
  /** @param {string} name */
  const full = (name) => [...room.parts, ...room.runs].find((id) => id === name || id === `${room.id}-${name}`);
  /** @param {string} name */
  const list = (name) => (params.get(name) || "").split(",").filter(Boolean).slice(0, 20);
  /** @type {Record<string, any>} */
  const values = {}, /** @type {Record<string, any>} */ views = {}, /** @type {string[]} */ odd = [];
  for (const name of new Set(params.keys())) {
    const field = room.fields.find((one) => one.name === name);
    if (OWN.includes(name) || name.startsWith("__") || name === "view") continue;
    if (field) values[field.id] = read(field, params.getAll(name));
    else {
      try {
        views[name] = JSON.parse(params.get(name) || "");
      } catch {
        odd.push(name.slice(0, 40));
      }
    }
  }
  // What names a tab and nothing that is in it, is of no version: it opens the tab as it opens now.
  const holds = Object.keys(values).length || HELD.some((name) => params.get(name)) || room.views.some((name) => params.has(name));
  const at = params.get("at") || "", version = params.has("v") ? Number(params.get("v")) : holds ? undefined : VERSION;
  const given = { version, tab: room.id, values, open: list("open").map(full), runs: list("run").map((name) => ({ run: full(name), turn: 1 })), views, at: placeOf(at, room) };
  const found = clean(given, rooms);
  if (!found) return null;
  const left = room.fields.filter((field) => list("left").includes(field.name)).map((field) => field.name);
  // Without its text there is nothing to run and nothing to look at.
  return { ...found, ...(left.length ? { runs: [], views: {} } : {}), odd: [...found.odd, ...odd], left };
}

/**
 * A place's whole name: in an address the room's own stand without it.
 * @param {string} at
 * @param {Room} room
 */
function placeOf(at, room) {
  const known = [...Object.values(room.shows), ...room.parts];
  return known.find((id) => id === at || id === `${room.id}-${at}`) ?? (at && `${room.id}-${at}`);
}
