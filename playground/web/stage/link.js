// A state as a web address and back, at most 2,000 characters: readable parameters, what differs from the page as it opens. Where it
// would be longer, texts stay out and `left` names them. Knows rooms and fields as told, no panel.
import { clean } from "./state.js";

export const LONGEST = 2000;
const OWN = ["tab", "open", "run", "left", "class"];

// Where others reach this page: as this browser does, unless that is this very computer; "" where nobody else can.
export function reachable(place, address) {
  const own = /^(localhost|127\.[\d.]+|\[::1\]|0\.0\.0\.0)$/.test(place.hostname);
  return own ? address && address + place.pathname : place.origin + place.pathname;
}

function written(field, value) {
  return field.kind === "flag" ? (value ? "1" : "0") : String(value);
}

function read(field, texts) {
  const one = (text) => (field.options || []).find((option) => String(option) === text) ?? text;
  if (field.kind === "choices") return texts.map(one);
  if (field.kind === "flag") return { 1: true, 0: false }[texts[0]];
  if (field.kind === "number") return texts[0].trim() === "" ? null : Number(texts[0]);
  return field.kind === "choice" ? one(texts[0]) : texts[0];
}

// {href, left}: `left` are the names of texts that stayed out.
export function linkOf(state, rooms, base) {
  const room = rooms.find((one) => one.id === state.tab), left = [];
  const views = { ...state.views }, about = state.about || {};
  const covered = Object.keys(views).flatMap((name) => about[name]?.covers || []);
  const carried = room.fields.filter((field) => field.id in state.values && !covered.includes(field.id));
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
    if (left.length) url.searchParams.set("left", left.join(","));
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
    left.push(...(about[name]?.covers || []).map(bare).slice(0, 1));
    if (about[name]?.short) views[name] = about[name].short;
    href = make();
    if (href.length > LONGEST) delete views[name];
    href = make();
  }
  return { href, left };
}

// The state of an address, or null where it names no panel; `left` and `odd` are names of what did not travel or was not understood.
export function stateOf(params, rooms) {
  const room = rooms.find((one) => one.id === params.get("tab"));
  if (!room) return null;
  const full = (name) => [...room.parts, ...room.runs].find((id) => id === name || id === `${room.id}-${name}`);
  const list = (name) => (params.get(name) || "").split(",").filter(Boolean).slice(0, 20);
  const values = {}, views = {}, odd = [];
  for (const name of new Set(params.keys())) {
    const field = room.fields.find((one) => one.name === name);
    if (OWN.includes(name) || name.startsWith("__") || name === "view") continue;
    if (field) values[field.id] = read(field, params.getAll(name));
    else {
      try {
        views[name] = JSON.parse(params.get(name));
      } catch {
        odd.push(name.slice(0, 40));
      }
    }
  }
  const found = clean({ tab: room.id, values, open: list("open").map(full), runs: list("run").map((name) => ({ run: full(name), turn: 1 })), views }, rooms);
  const left = room.fields.filter((field) => list("left").includes(field.name));
  return { ...found, odd: [...found.odd, ...odd], left: left.map((field) => field.name) };
}
