// The presenter: one panel's picture alone, in large type. Everything it changes is a class and a size on the page's body.
const SIZES = [1, 2.6];

export class Presenter {
  constructor() {
    this.on = false;
    this.bare = true;
    this.zoom = 1.35;
    this.singles = remembered("playground-keys") !== "off";
  }

  toggle() {
    this.on = !this.on;
    document.body.classList.toggle("pg-presenting", this.on);
    this.bare = true;
    this.mark();
    this.size(1);
    if (!this.on && document.fullscreenElement) document.exitFullscreen();
  }

  /**
   * The drawer with the fields, beside the picture or not. It holds for every panel until it is turned again.
   * @param {boolean} bare
   */
  inputs(bare) {
    this.bare = bare;
    this.mark();
  }

  mark() {
    document.body.classList.toggle("pg-bare", this.on && this.bare);
    window.dispatchEvent(new Event("resize"));
  }

  /** @param {number} by */
  size(by) {
    this.zoom = Math.min(SIZES[1], Math.max(SIZES[0], this.zoom * by));
    document.body.style.setProperty("--pg-zoom", this.on ? this.zoom.toFixed(2) : "1");
    window.dispatchEvent(new Event("resize"));
  }

  // Not every page may: a frame needs leave, and a phone has no such thing.
  full() {
    if (document.fullscreenElement) return document.exitFullscreen();
    return document.documentElement.requestFullscreen?.().catch(() => null);
  }

  /** @param {boolean} on */
  setSingles(on) {
    this.singles = on;
    try {
      localStorage.setItem("playground-keys", on ? "on" : "off");
    } catch {
      // then it lasts as long as the page
    }
  }
}

/** @param {string} name */
function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
