// "Write on": the decoder goes on from its text; rows appear as they come, and the run is then of the whole text.
import { stopped } from "../../ask.js";
import { quoted } from "../../bidi.js";
import { countText } from "../../digits.js";
import { grown, Run, writeOn } from "./data.js";
import { make } from "./text.js";

export class Writer {
  constructor(lab) {
    this.lab = lab;
    this.own = null;
    this.from = "";
    this.button = make("button", "pg-lab-button", "Write on");
    this.button.title = "The model writes 20 tokens more; each new token's row appears as it is written.";
    this.button.addEventListener("click", () => (this.own ? this.own.abort() : this.write()));
  }

  // Only a decoder's own text can be written on, and only as it is.
  show({ run, kind }) {
    this.button.hidden = this.lab.offline || run.shapes.length !== 1 || kind !== "masked" || Boolean(run.spec.changes);
  }

  // Another text is read: what is being written of this one ends.
  leave(runs) {
    if (!runs.some(({ spec }) => spec.text.startsWith(this.from))) this.own?.abort();
  }

  async write() {
    const { lab } = this, pane = lab.active, { spec } = pane.run, { head } = pane, run = new Run({ ...spec }, lab.fetcher), here = () => lab.panes.includes(pane);
    this.own = new AbortController();
    this.from = run.from = spec.text;
    this.button.textContent = "Stop writing";
    let began = false;
    try {
      await writeOn({ text: spec.text, model: spec.model }, (about, rows) => {
        grown(run, about, rows);
        run.spec = { ...spec, text: about.text };
        if (!began) Object.assign(pane, { run, kind: "masked", pins: [] });
        began = true;
        pane.controls(run.shape("masked"));
        pane.head = pane.head ?? head;
        lab.say(`Writing: ${countText(rows.shape[3] - about.prompt, "token")} so far.`);
        lab.redraw();
      }, this.own.signal);
      lab.say(`Written: ${quoted(run.spec.text.slice(spec.text.length))}.`);
    } catch (error) {
      if (here()) lab.say(stopped(error) ? "Stopped. What was written stays." : error.message, !stopped(error));
    }
    this.own = null;
    this.button.textContent = "Write on";
    if (!began || !here()) return;
    run.kinds.delete("masked"); // read once more as a whole, with pattern scores, as everything else asks for it
    lab.kept.set(JSON.stringify(run.spec), run);
    pane.go({});
  }
}
