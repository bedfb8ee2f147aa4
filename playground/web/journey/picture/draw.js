// Small things to draw with: SVG nodes, a ribbon's outline, a canvas that is sharp on any screen. Text goes in as textContent.
const SVG = "http://www.w3.org/2000/svg";

/** @param {string} tag @param {Record<string, string | number>} [given] @param {string} [text] @returns {SVGElement} */
export function svg(tag, given = {}, text) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) node.setAttribute(name, String(value));
  if (text !== undefined) node.textContent = text;
  return node;
}

/** A band from (x0, y0) to (x1, y1), `from` thick on the left and `to` on the right. Heights are of the middle.
 * @param {number} x0 @param {number} y0 @param {number} from @param {number} x1 @param {number} y1 @param {number} to */
export function band(x0, y0, from, x1, y1, to) {
  const m = (x0 + x1) / 2, f = (/** @type {number} */ n) => Math.round(10 * n) / 10, a = from / 2, b = to / 2;
  return `M${f(x0)} ${f(y0 - a)}C${f(m)} ${f(y0 - a)} ${f(m)} ${f(y1 - b)} ${f(x1)} ${f(y1 - b)}L${f(x1)} ${f(y1 + b)}`
    + `C${f(m)} ${f(y1 + b)} ${f(m)} ${f(y0 + a)} ${f(x0)} ${f(y0 + a)}Z`;
}

/** Sizes a canvas in CSS pixels and gives its pen. @param {HTMLCanvasElement} canvas @param {number} width @param {number} height */
export function penOf(canvas, width, height) {
  const sharp = Math.min(3, window.devicePixelRatio || 1), wide = Math.round(width * sharp), high = Math.round(height * sharp);
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/** A colour of the page's own, as it is now. @param {Element} node @param {string} name */
export function colour(node, name) {
  return getComputedStyle(node).getPropertyValue(name).trim() || "#888";
}

/** A token's text as one sees it: a space before it is a thin mark, line breaks are arrows. @param {string} text */
export function seen(text) {
  if (text === "") return "∅";
  if (/^ +$/.test(text)) return "␣".repeat(text.length);
  return text.replace(/^ /, "").replace(/\n/g, "↵").replace(/\t/g, "⇥").replace(/\u00a0/g, "⍽");
}
