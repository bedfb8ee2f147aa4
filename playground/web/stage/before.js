// Addresses and states of pages that wrote no version into them (all up to commit c56e2e3), as those of now. What each of many
// opened then is recorded in tests/web/old_states.json. Pure.

/** @typedef {import("./state.js").Given} Given */

/**
 * What an input held as a page without versions opened, where it holds something else now: such pages wrote down only what differed.
 * @type {Record<string, unknown>}
 */
export const FIRST = {
  "generation-prompt": "Explain in two sentences why the sky is blue.",
  "generation-chat": true,
  "generation-seed": "",
  "sentiment-text": "This movie is fantastic!\nThe food was cold and the waiter was rude.",
  "translation-text": "How are you?",
};

// The attention lab's runs told what its inputs hold; now the inputs say it.
const OF_LAB = ["text", "model", "target", "pair"];

/**
 * An address's parameters as the page writes them now. The lab's own link may come without a tab and without its text, a chapter
 * of the lesson stood by itself.
 * @param {URLSearchParams} asked
 */
export function translatedAddress(asked) {
  const params = new URLSearchParams(asked);
  if (params.has("v")) return params;
  if (!params.has("tab") && params.has("lab")) params.set("tab", "attention");
  const chapter = params.get("chapter");
  params.delete("chapter");
  if (params.get("tab") === "learn" && chapter) params.set("lesson", JSON.stringify({ chapter }));
  if (params.get("lab")?.includes('"text":""') && !params.has("left")) params.set("left", "text");
  return params;
}

/**
 * A state as the page writes it now; one that has a version comes back as it is.
 * @param {Given} state
 * @returns {Given}
 */
export function translated(state) {
  if (state.version !== undefined) return state;
  const values = { ...of(state.values) }, views = { ...of(state.views) }, first = views.lab?.runs?.[0]?.spec;
  for (const name of OF_LAB) if (first?.[name] && typeof first[name] === "string") values[`attention-${name}`] = first[name];
  for (const [id, value] of Object.entries(FIRST)) if (!(id in values)) values[id] = value;
  return { ...state, version: 1, values, views };
}

/** @param {unknown} value @returns {Record<string, any>} */
function of(value) {
  return typeof value === "object" && value !== null ? value : {};
}
