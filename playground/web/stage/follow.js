// A class: the page that leads tells what it shows, pages that follow hear it by server-sent events. Knows no panel and draws nothing.
import { post, root } from "../ask.js";

const VIEW_PAUSE = 80;
const VALUES_PAUSE = 350;
const LONGEST_PAUSE = 900;

// Server-sent events that come back after a dropped connection. The browser does so by itself, but not after an error's answer (a
// proxy's 502, say): then it is asked whether the class is still there. heard: {name: (data)}, with lost, back and over.
function listen(url, heard) {
  let source = null, lost = false, closed = false;
  const over = () => { if (!closed && heard.over) heard.over(); };
  const open = () => {
    if (closed) return;
    source = new EventSource(`${root()}${url}`);
    for (const name of ["state", "people"]) source.addEventListener(name, (event) => heard[name] && heard[name](event.data));
    source.addEventListener("over", over);
    source.addEventListener("open", () => {
      if (lost && heard.back) heard.back();
      lost = false;
    });
    source.addEventListener("error", () => {
      if (!lost && heard.lost) heard.lost();
      lost = true;
      if (source.readyState === EventSource.CLOSED) again();
    });
  };
  const again = async () => {
    const asking = new AbortController();
    const status = await fetch(`${root()}${url}`, { signal: asking.signal }).then((answer) => answer.status, () => 0);
    asking.abort();
    if ([401, 403, 404].includes(status)) over();
    else setTimeout(open, 2000);
  };
  open();
  return { close: () => { closed = true; source.close(); } };
}

// Leads one class. `state()` is what to show; hear({people} | {over} | {trouble}) tells how it goes.
export class Leader {
  constructor(base, state, hear) {
    Object.assign(this, { base, state, hear, held: null, last: "", since: 0, timer: 0, busy: false });
  }

  async open() {
    this.start(await (await post(this.base, {})).json());
  }

  // Goes on with {id, key}, also after the page was loaded anew.
  start(held) {
    this.held = held;
    this.events = listen(`${this.base}/${held.id}/events?quiet=1`, {
      people: (data) => this.hear({ people: Number(data) }),
      over: () => this.close(),
    });
    this.moved("values");
  }

  // Moves within a picture go at once, typing when it rests for a moment.
  moved(kind) {
    if (!this.held) return;
    const now = performance.now();
    if (!this.since) this.since = now;
    clearTimeout(this.timer);
    const wait = kind === "view" ? VIEW_PAUSE : Math.max(0, Math.min(VALUES_PAUSE, this.since + LONGEST_PAUSE - now));
    this.timer = setTimeout(() => this.tell(), wait);
  }

  async tell() {
    if (!this.held) return;
    if (this.busy) { this.again = true; return; }
    const state = this.state(), text = JSON.stringify(state);
    this.since = 0;
    if (text === this.last) return;
    this.busy = true;
    try {
      await post(`${this.base}/${this.held.id}/state`, { key: this.held.key, state });
      this.last = text;
      this.hear({ trouble: "" });
    } catch (error) {
      this.last = error.status ? text : "";
      this.hear({ trouble: error.status ? error.message : "The server cannot be reached; trying again." });
      if (!error.status) this.timer = setTimeout(() => this.tell(), 1000);
    }
    this.busy = false;
    if (this.again) this.moved("view");
    this.again = false;
  }

  async end() {
    if (this.held) await post(`${this.base}/${this.held.id}/end`, { key: this.held.key }).catch(() => null);
    this.close();
  }

  close() {
    if (!this.held) return;
    this.events.close();
    this.held = null;
    this.hear({ over: true });
  }
}

// Follows one class. hear({state} | {lost} | {back} | {over}) tells what came; `apart` keeps the newest until `back()`.
export class Follower {
  constructor(base, id, hear) {
    Object.assign(this, { hear, apart: false, newest: null });
    this.events = listen(`${base}/${encodeURIComponent(id)}/events`, {
      state: (data) => {
        this.newest = JSON.parse(data);
        if (!this.apart) this.hear({ state: this.newest });
      },
      lost: () => this.hear({ lost: true }),
      back: () => this.hear({ back: true }),
      over: () => this.close(),
    });
  }

  stepOff() {
    this.apart = true;
  }

  back() {
    this.apart = false;
    if (this.newest) this.hear({ state: this.newest });
  }

  close() {
    this.events.close();
    this.hear({ over: true });
  }
}
