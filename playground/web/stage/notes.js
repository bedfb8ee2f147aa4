// The notes of the scenes in a window of their own, for the instructor's screen: the room sees the presenter, not what is to be said.

export class NotesWindow {
  /** @param {any} stage */
  constructor(stage) {
    this.stage = stage;
    /** @type {Window | null} */
    this.window = null;
  }

  open() {
    this.window = this.window && !this.window.closed ? this.window : window.open("", "pg-notes", "popup,width=520,height=640");
    if (!this.window) return this.stage.say("The browser kept the window of notes from opening: allow windows of this page, then press Notes again.", true);
    this.window.document.title = "Notes";
    this.window.document.documentElement.lang = "en";
    this.window.focus();
    return this.draw();
  }

  // What is shown now with its note, and what comes next; the arrow keys turn the scenes from here as well.
  draw() {
    if (!this.window || this.window.closed) return;
    const { document } = this.window, { scenes } = this.stage, now = scenes.list[scenes.at], next = scenes.list[scenes.at + 1];
    /** @param {string} tag @param {string} text @param {string} style */
    const make = (tag, text, style) => {
      const node = document.createElement(tag);
      node.textContent = text;
      node.style.cssText = style;
      return node;
    };
    const parts = [make("h1", now ? `${scenes.at + 1} of ${scenes.list.length}: ${scenes.name(now)}` : "No scene is shown yet: → begins.", "font-size: 18px")];
    if (now) parts.push(make("p", now.note || "(no note)", "font-size: 24px; white-space: pre-wrap; line-height: 1.4"));
    parts.push(make("p", next ? `Next: ${scenes.name(next)}` : "This is the last scene.", "opacity: .75"));
    document.body.style.cssText = "font-family: system-ui, sans-serif; margin: 20px; color-scheme: light dark";
    document.body.replaceChildren(...parts);
    document.onkeydown = (event) => {
      const by = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }[event.key];
      if (by) this.stage.step(by);
    };
  }
}
