// The presenter: one panel alone, in large type. Everything it changes is a class and a size on the page's body.
const SIZES = [1, 2.6];

export class Presenter {
  constructor() {
    Object.assign(this, { on: false, bare: false, zoom: 1.35, singles: remembered("playground-keys") !== "off" });
  }

  toggle() {
    this.on = !this.on;
    document.body.classList.toggle("pg-presenting", this.on);
    this.size(1);
    if (!this.on && document.fullscreenElement) document.exitFullscreen();
  }

  // Without what stands above a panel's note but its lead: fields, buttons, examples. It holds for every panel until it is turned off.
  inputs(room) {
    this.bare = !this.bare;
    document.body.classList.toggle("pg-bare", this.bare);
    this.mark(room);
    window.dispatchEvent(new Event("resize"));
  }

  mark(room) {
    let node = document.getElementById(`${room}-note`);
    const run = document.getElementById(`${room}-run`), lead = document.getElementById(`${room}-lead`);
    if (!node || !run) return;
    while (!node.parentElement.contains(run)) node = node.parentElement;
    for (let one = node.previousElementSibling; one; one = one.previousElementSibling) one.classList.toggle("pg-input", !one.contains(lead));
  }

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

  setSingles(on) {
    this.singles = on;
    try {
      localStorage.setItem("playground-keys", on ? "on" : "off");
    } catch {
      // then it lasts as long as the page
    }
  }
}

function remembered(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
