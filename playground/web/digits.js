// How a number becomes text on every page: rounded once, here, and to no more digits than it has. The same rule in Python is
// playground/views/text.py; one table of tests holds both.

/**
 * With `places` digits after the point, or as many fewer as `error`, the most the number can be wrong by, leaves right: the last
 * digit is then off by one at most. Halves go away from zero; a zero has no minus.
 * @param {number} number
 * @param {number} [places]
 * @param {number} [error]
 */
export function numberText(number, places = 2, error = 0) {
  if (Number.isNaN(number)) return "–";
  if (!Number.isFinite(number)) return number < 0 ? "−∞" : "∞";
  const kept = Math.min(places, placesOf(error)), tens = 10 ** Math.max(0, -kept);
  const text = tens > 1 ? String(tens * Number((number / tens).toFixed(0))) : number.toFixed(kept);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

/**
 * How many digits after the point are right in a number that can be wrong by `error`; −1 where only tens are.
 * @param {number} error
 */
export function placesOf(error) {
  return error > 0 ? Math.min(20, Math.floor(-Math.log10(2 * error) + 1e-9)) : 20;
}

/**
 * A probability or share, 0 to 1: to a tenth of a percent, below 1 % to a hundredth; with `places`, to as many. What is not 0 never reads 0.
 * @param {number} share
 * @param {number} [places]
 */
export function percentText(share, places = share < 0.01 ? 2 : 1) {
  const least = 10 ** -places;
  if (share === 0) return "0 %";
  return share > 0 && 100 * share < least ? `<${least.toFixed(places)} %` : `${numberText(100 * share, places)} %`;
}

/**
 * A count, with its noun where there is one: "1 token", "2,000 tokens".
 * @param {number} number
 * @param {string} [noun]
 */
export function countText(number, noun = "") {
  return `${number.toLocaleString("en")}${noun && ` ${noun}${number === 1 ? "" : "s"}`}`;
}

/**
 * The most a number can be wrong by that came as float16 (wire.js): half of the step between its neighbours.
 * @param {number} number
 */
export function halfError(number) {
  return 2 ** (Math.max(-14, Math.floor(Math.log2(Math.abs(number) || 2 ** -14))) - 11);
}
