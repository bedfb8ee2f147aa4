// A state: what a page shows, as a plain value. A lesson's step, a gallery's entry, an exercise, a link, a scene, a class and a reload
// are such values, and `Page.show(clean(state))` opens them all. Rooms and their fields are told (panels/stage.py). Pure.
import { translated } from "./before.js";

/**
 * @typedef {{id: string, name: string, kind: string, first: any, least?: number | null, most?: number | null, options?: any[], free?: boolean,
 *   follow?: number[]}} Field an input: what it may hold, what it holds first, the events that its change sets off in other inputs
 * @typedef {{id: string, title: string, fields: Field[], runs: string[], buttons: string[], parts: string[], views: string[],
 *   shows: Record<string, string>, text: string, model: string, main: string[], starts: string[], live: boolean, needs: string}} Room a tab: inputs, buttons whose runs are repeated, all buttons that ask the server, accordions,
 *   components with a view of their own, and where what a button does is seen
 * @typedef {{run: string, turn: number}} Run
 * @typedef {Record<string, any>} Given a state from anywhere, of any version
 * @typedef {{version: number, tab: string, values: Record<string, any>, open: string[], runs: Run[], views: Record<string, any>,
 *   at: string, bare: boolean | null}} State `values` by elem_id, the others as the page first has them; `at` is what is to be in sight, ""
 *   for what the runs show; `bare`: whether the presenter hides the inputs, null where nobody presents
 * @typedef {State & {odd: string[]}} Clean `odd` names what was passed over
 */

export const VERSION = 1;
const LONGEST_TEXT = 200_000;
const LONGEST_VIEW = 60_000;
const MOST_RUNS = 20;

/** @param {unknown} value @returns {value is Record<string, any>} */
export const plain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
/** @param {unknown} one @param {unknown} other */
export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * Whether `value` is something this input may hold.
 * @param {Field} field
 * @param {unknown} value
 */
export function fits(field, value) {
  if (field.kind === "text") return typeof value === "string" && value.length <= LONGEST_TEXT;
  if (field.kind === "number") return typeof value === "number" && Number.isFinite(value) && value >= (field.least ?? -Infinity) && value <= (field.most ?? Infinity);
  if (field.kind === "flag") return typeof value === "boolean";
  /** @param {unknown} one */
  const known = (one) => (field.options ?? []).includes(one) || (Boolean(field.free) && typeof one === "string" && one.length <= 200);
  return field.kind === "choices" ? Array.isArray(value) && value.every(known) : known(value);
}

/**
 * A state from anywhere, of any version, with only what this page knows. null where no panel is named. The page's `own`, of the lesson,
 * may press every button; others only repeat runs.
 * @param {unknown} given
 * @param {Room[]} rooms
 * @returns {Clean | null}
 */
export function clean(given, rooms, own = false) {
  const room = plain(given) && rooms.find((one) => one.id === given.tab);
  if (!plain(given) || !room) return null;
  const state = translated(given), odd = [];
  /** @type {Record<string, any>} */
  const values = {}, /** @type {Record<string, any>} */ views = {};
  for (const [id, value] of Object.entries(plain(state.values) ? state.values : {})) {
    const field = room.fields.find((one) => one.id === id);
    if (field && fits(field, value)) values[id] = value;
    else if (field || (plain(given.values) && id in given.values)) odd.push(field ? field.name : String(id).slice(0, 40));
  }
  for (const [name, view] of Object.entries(plain(state.views) ? state.views : {})) {
    if (room.views.includes(name) && plain(view) && JSON.stringify(view).length <= LONGEST_VIEW) views[name] = view;
    else odd.push(name.slice(0, 40));
  }
  /** @param {unknown} list @param {string[]} known @returns {string[]} */
  const among = (list, known) => (Array.isArray(list) ? list.filter((one) => known.includes(one)) : []);
  const runs = (Array.isArray(state.runs) ? state.runs : []).filter((one) => plain(one) && (own ? room.buttons : room.runs).includes(one.run) && Number.isInteger(one.turn));
  const at = typeof state.at === "string" && /^[\w-]{1,60}$/.test(state.at) ? state.at : "";
  return {
    version: VERSION, tab: room.id, values, open: among(state.open, room.parts), runs: runs.slice(0, MOST_RUNS).map(({ run, turn }) => ({ run, turn })),
    views, at, bare: typeof state.bare === "boolean" ? state.bare : null, odd,
  };
}
