// One thing at a time: begins work, ends it at once, and says in a panel's note how far it is. Knows no room.
import { stopped } from "./ask.js";
import { tell } from "./note.js";

const STOPPED = { text: "Stopped. What is shown stays." };

export class Running {
  /** @param {string} note The elem_id of the note that tells of it. */
  constructor(note) {
    this.note = note;
    /** @type {AbortController | null} */
    this.own = null;
  }

  /** @param {import("./note.js").Note} said */
  say(said) {
    tell(this.note, said);
  }

  /**
   * Ends what runs and begins `work`, which is given the signal that ends it in turn; what goes wrong is said in the note. Whether it
   * came to its end.
   * @param {(signal: AbortSignal) => Promise<void>} work
   */
  async run(work) {
    this.own?.abort();
    const own = (this.own = new AbortController());
    try {
      await work(own.signal);
      return own === this.own;
    } catch (error) {
      if (own === this.own && !stopped(error)) this.say({ text: error instanceof Error ? error.message : String(error), tone: "bad" });
      return false;
    } finally {
      if (own === this.own) this.own = null;
    }
  }

  stop() {
    if (!this.own) return;
    this.own.abort();
    this.own = null;
    this.say(STOPPED);
  }
}
