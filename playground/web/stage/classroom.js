// The class in the strip: open one and lead it, or follow one, step off and come back. Knows the strip and the page's state, no panel.
import { Follower, Leader } from "./follow.js";
import { clean } from "./state.js";

export const ALONE = "Only this computer can open this address: the page listens to itself alone. Started with PLAYGROUND_HOST=0.0.0.0, it lets the room in.";
const HELD = "playground-class";
const LEAD = "Those who join see on their own screens what you show: panel, text, settings, layer, head and selection. They can step off to explore and come back. A class ends an hour after your last move.";

export class Classroom {
  constructor(stage) {
    const base = "/playground/classes";
    Object.assign(this, { stage, base, page: stage.page, people: 0, trouble: "", seen: new Map(), follower: null });
    this.leader = new Leader(base, () => stage.state(), (told) => this.led(told));
    for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, (event) => this.touched(event), true);
  }

  // Goes on leading the class that this tab led before the page was loaded anew.
  goOn() {
    try {
      const held = JSON.parse(sessionStorage.getItem(HELD) || "null");
      if (held) this.leader.start(held);
    } catch {
      // storage may be forbidden; then a class ends for its leader when the page is loaded anew
    }
  }

  moved(kind) {
    if (this.leader.held) this.leader.moved(kind);
  }

  led({ people, over, trouble }) {
    if (people !== undefined) this.people = people;
    if (trouble !== undefined) this.trouble = trouble;
    if (over) {
      keep(null);
      this.stage.say("The class is over.");
    }
    this.stage.drawBanner();
  }

  // What the strip's Class button does: step off or come back for who follows, else the part about the class.
  show() {
    if (this.follower) {
      this.stage.shut();
      return this.awayOrBack();
    }
    return this.leader.held ? this.showOpen() : this.offer();
  }

  offer() {
    const { stage } = this, open = stage.button("Open a class", async () => {
      try {
        await this.leader.open();
      } catch (error) {
        return stage.fillPart("Class", stage.make("p", "", error.message));
      }
      keep(this.leader.held);
      return this.showOpen();
    });
    stage.fillPart("Class", stage.make("p", "pg-small", LEAD), open);
    open.focus();
  }

  async showOpen() {
    const { stage } = this, href = `${stage.address || location.origin + location.pathname}?class=${this.leader.held.id}`;
    const field = stage.linkField(href, "Link to join the class"), row = stage.make("div", "pg-stage-row");
    const told = stage.make("p", "pg-small", stage.address ? "Whoever opens this link follows." : ALONE);
    const end = stage.button("End the class", () => { stage.shut(); this.leader.end(); });
    row.append(stage.button("Copy", async () => { told.textContent = (await stage.copy(field)) ? "Copied." : "Copy it from the field."; }), end);
    stage.fillPart("Class", field, row, told);
    stage.drawBanner();
    if (stage.address) stage.open.append(await stage.qr(href, "QR code to join the class"));
  }

  follow(id) {
    this.follower = new Follower(this.base, id, (told) => this.followed(told));
    this.stage.drawBanner();
  }

  followed({ state, lost, back, over }) {
    if (lost || back) this.lost = Boolean(lost);
    if (over) {
      this.follower = null;
      this.next = null;
      this.stage.ready = true;
      this.stage.say("The class is over, or its link was cut short. What is shown stays, and is yours now.");
    }
    if (state) {
      this.next = state;
      if (!this.busy) this.catchUp();
    }
    this.stage.drawBanner();
  }

  // Shows the newest state, and again while a newer one has come meanwhile.
  async catchUp() {
    this.busy = true;
    while (this.next) {
      const state = clean(this.next, this.stage.rooms);
      this.next = null;
      try {
        if (state) await this.page.show(state, { seen: this.seen, still: state.at === this.at, late: () => Boolean(this.next) || !this.follower || this.follower.apart });
        this.at = state?.at;
      } catch (error) {
        this.stage.say(`One step of the class could not be shown: ${error.message}`, true);
      }
    }
    this.busy = false;
  }

  awayOrBack() {
    if (this.follower.apart) {
      this.seen.clear(); // what was explored meanwhile hides what was shown: it is repeated
      this.follower.back();
    } else this.follower.stepOff();
    this.stage.drawBanner();
  }

  // Whoever touches a panel wants to explore: the class goes on without moving their page.
  touched(event) {
    if (!this.follower || this.follower.apart || !event.isTrusted || !(event.target instanceof Element) || !event.target.closest("#page-tabs, #page-title")) return;
    const acts = event.type !== "keydown" || event.key.length === 1 || ["Enter", "Backspace", "Delete"].includes(event.key) || event.key.startsWith("Arrow");
    if (!acts) return;
    this.follower.stepOff();
    this.next = null;
    this.stage.drawBanner();
  }

  get well() {
    return !this.lost && !this.trouble && !(this.follower && this.follower.apart);
  }

  get name() {
    return this.leader.held ? "Class (open)" : this.follower ? (this.follower.apart ? "Come back" : "Step off") : "Class";
  }

  // What the banner says of the class: nodes, none without a class.
  lines() {
    const { make } = this.stage, dot = make("span", "pg-stage-dot");
    if (this.follower) {
      const { apart } = this.follower;
      const said = apart ? "You stepped off: this page is yours." : "You follow the class. Touch a panel to step off.";
      return [dot, make("span", "", this.lost ? "The connection to the class is lost; trying again." : said), this.stage.button(apart ? "Come back to the class" : "Step off", () => this.awayOrBack())];
    }
    if (!this.leader.held) return [];
    return [dot, make("span", "", `You lead a class: ${this.people} follow${this.people === 1 ? "s" : ""}.`), ...(this.trouble ? [make("span", "", this.trouble)] : [])];
  }
}

function keep(held) {
  try {
    if (held) sessionStorage.setItem(HELD, JSON.stringify(held));
    else sessionStorage.removeItem(HELD);
  } catch {
    // then it lasts as long as the page
  }
}
