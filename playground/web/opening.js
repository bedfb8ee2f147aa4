// How any part of the page opens a state (stage/state.js): a lesson's step, a gallery's entry, a question's "See it".

/**
 * @typedef {{look?: string, title?: string, back?: Record<string, any> | null, more?: boolean}} Guide what to look for, from where one
 *   came, the state to go back to, and whether there is a next step
 */

/**
 * Shows `state`; `guide` fills the strip above the tabs. What is asked before the strip's code is there waits for it.
 * @param {Record<string, any>} state
 * @param {Guide} guide
 */
export function openState(state, guide) {
  const said = (window.playgroundSaid ??= /** @type {unknown[][]} */ ([]));
  said.push(["open", state, guide]);
}
