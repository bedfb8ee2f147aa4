// What is in sight on the page, and bringing something there. Knows no panel.

const EDGE = 8;
const SETTLING = 700; // pictures above may still grow
const LEAST = 0.3; // of the window, or of the picture

/** The part of the window that nothing stands over: [top, bottom]. */
function clear() {
  const guide = document.querySelector("#page-guide .pg-guide:not([hidden])"), bar = document.querySelector(".pg-presenting #stage");
  return [guide ? /** @type {HTMLElement} */ (guide).offsetHeight + EDGE : 0, bar ? bar.getBoundingClientRect().top : window.innerHeight];
}

/**
 * Which of these elements is most in sight, "" if none is to speak of.
 * @param {string[]} ids
 */
export function inSight(ids) {
  const [top, bottom] = clear();
  let best = "", most = 0;
  for (const id of ids) {
    const box = document.getElementById(id)?.getBoundingClientRect();
    if (!box?.height) continue;
    const seen = Math.min(box.bottom, bottom) - Math.max(box.top, top);
    if (seen >= LEAST * Math.min(box.height, bottom - top) && seen > most) [best, most] = [id, seen];
  }
  return best;
}

/**
 * How far to scroll so that an element from `top` to `bottom` is in sight between two edges, from its beginning if it is too tall.
 * @param {{top: number, bottom: number}} box
 * @param {number[]} edges
 */
export function scrollFor({ top, bottom }, [from, to]) {
  if (top >= from && bottom <= to) return 0;
  return bottom - top > to - from || top < from ? top - from : bottom - to + EDGE;
}

/**
 * Brings an element into sight, and keeps it there while the page settles, unless the person moves or `over`.
 * @param {string} id
 * @param {() => boolean} over
 */
export async function bring(id, over) {
  if (!id) return;
  let moved = false;
  const stop = () => { moved = true; }, kinds = ["wheel", "touchstart", "keydown", "pointerdown"], end = performance.now() + SETTLING;
  for (const kind of kinds) window.addEventListener(kind, stop, { passive: true });
  do {
    const box = document.getElementById(id)?.getBoundingClientRect();
    if (box?.height) window.scrollBy({ top: scrollFor(box, clear()), behavior: "instant" });
    await new Promise((done) => setTimeout(done, 100));
  } while (!moved && !over() && performance.now() < end);
  for (const kind of kinds) window.removeEventListener(kind, stop);
}
