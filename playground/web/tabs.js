// Gradio's strip of tabs as the ARIA practice has it: one Tab stop, arrows, Home and End move and open. Knows no tab by name.
/** @param {HTMLElement} strip */
export function tablist(strip) {
  const tabs = () => [.../** @type {NodeListOf<HTMLElement>} */ (strip.querySelectorAll("[role=tab]"))];
  const mark = () => {
    for (const tab of tabs()) tab.tabIndex = tab.getAttribute("aria-selected") === "true" ? 0 : -1;
    const chosen = tabs().find((tab) => tab.tabIndex === 0);
    if (!chosen || strip.scrollWidth <= strip.clientWidth) return;
    strip.scrollTo({ left: chosen.offsetLeft - strip.offsetLeft - (strip.clientWidth - chosen.offsetWidth) / 2 });
  };
  strip.setAttribute("aria-label", "Views of the model");
  strip.addEventListener("keydown", (event) => {
    const all = tabs(), at = all.findIndex((tab) => tab === document.activeElement);
    const to = /** @type {Record<string, number>} */ ({ ArrowRight: (at + 1) % all.length, ArrowLeft: (at - 1 + all.length) % all.length, Home: 0, End: all.length - 1 })[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    all[to].focus();
    all[to].click();
  });
  new MutationObserver(mark).observe(strip, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-selected"] });
  new ResizeObserver(mark).observe(strip);
  mark();
}
