// The strip above the tabs: puts links, classes, scenes, presenter and keys together. Draws the strip and its one open part.
import { Follower, Leader } from "./follow.js";
import { actionOf, KEYS } from "./keys.js";
import { linkOf, LONGEST, reachable, stateOf } from "./link.js";
import { Presenter } from "./present.js";
import { qrPicture } from "./qr.js";
import { sceneList } from "./scenelist.js";
import { Scenes } from "./scenes.js";
import { clean, Page } from "./state.js";

const ALONE = "Only this computer can open this address: the page listens to itself alone. Started with PLAYGROUND_HOST=0.0.0.0, it lets the room in.";
const HELD = "playground-class";
const ADDRESS_PAUSE = 700;

export class Stage {
  // `tools`: make of web/look.js; `fill(list)` puts values into the page; `root` is where the page's own routes begin.
  constructor(box, rooms, { make, fill, root }) {
    Object.assign(this, { box, rooms, make, root, base: `${root}/playground/classes`, address: "", seen: new Map(), part: "" });
    this.page = new Page(rooms, fill, (kind) => this.changed(kind));
    this.presenter = new Presenter();
    this.scenes = new Scenes(rooms);
    this.leader = new Leader(this.base, () => this.page.state(), (told) => this.led(told));
    this.bar = make("div", "pg-stage-bar");
    this.said = make("p", "pg-stage-said pg-small");
    this.said.setAttribute("role", "status");
    this.open = make("section", "pg-stage-open");
    this.open.hidden = true;
    this.buttons = {};
    for (const [action, text] of [["link", "Copy link"], ["qr", "QR code"], ["classroom", "Class"], ["scenes", "Scenes"], ["present", "Present"], ["help", "Keys"]]) {
      this.buttons[action] = this.button(text, () => this.act(action));
      this.bar.append(this.buttons[action]);
    }
    this.banner = make("div", "pg-stage-banner");
    this.banner.hidden = true;
    box.append(this.bar, this.banner, this.said, this.open);
    document.addEventListener("keydown", (event) => this.key(event));
    for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, (event) => this.touched(event), true);
  }

  button(text, run) {
    const made = this.make("button", "pg-button", text);
    made.type = "button";
    made.addEventListener("click", run);
    return made;
  }

  async begin() {
    const asked = new URL(location.href).searchParams; // as the page was opened, before anything here writes to it
    const told = await fetch(`${this.root}/playground/address`).then((answer) => answer.json(), () => ({}));
    this.address = reachable(location, told.address || "");
    window.playgroundAddress = this.address;
    if (asked.get("class")) return this.follow(asked.get("class"));
    try {
      const held = JSON.parse(sessionStorage.getItem(HELD) || "null");
      if (held) this.lead(() => this.leader.start(held));
    } catch {
      sessionStorage.removeItem(HELD);
    }
    await this.restore(stateOf(asked, this.rooms));
    this.ready = true;
  }

  // Shows what the address asks for. A picture that reads the address itself (web/lab.js) is left to it.
  async restore(state) {
    if (!state) return;
    const own = document.querySelector("[data-pg-own-link]");
    const views = own ? Object.fromEntries(Object.entries(state.views).filter(([name]) => name !== own.dataset.pgOwnLink)) : state.views;
    const told = [];
    if (state.left.length) told.push(`The text was too long to travel in the link (${state.left.join(", ")}): put in your own.`);
    if (state.odd.length) told.push(`Passed over in the link, because this page does not know it: ${state.odd.join(", ")}.`);
    this.say(told.join(" "));
    await this.page.show({ ...state, runs: state.left.length ? [] : state.runs, views }, { seen: this.seen });
  }

  say(text, bad = false) {
    this.said.textContent = text;
    this.said.dataset.tone = bad ? "bad" : "";
  }

  changed(kind) {
    if (this.leader.held) this.leader.moved(kind);
    if (!this.ready || this.follower) return;
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.writeAddress(), ADDRESS_PAUSE);
  }

  // The address bar holds what is shown, so that loading the page anew brings it back.
  writeAddress() {
    const state = this.page.state(), url = new URL(linkOf(state, this.rooms, location.origin + location.pathname).href);
    for (const [name, value] of new URL(location.href).searchParams) if (name.startsWith("__")) url.searchParams.set(name, value);
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }

  link() {
    return linkOf(this.page.state(), this.rooms, this.address || location.origin + location.pathname);
  }

  // --- the strip's parts: one open at a time

  act(action) {
    const parts = { link: () => this.showLink(), qr: () => this.showQr(), classroom: () => this.showClass(), scenes: () => this.showScenes(), help: () => this.showKeys() };
    if (action in parts) return this.part === action ? this.shut() : this.unfold(action, parts[action]);
    const runs = {
      present: () => this.present(), full: () => this.presenter.full(), larger: () => this.presenter.size(1.15), smaller: () => this.presenter.size(1 / 1.15),
      dark: () => document.body.classList.toggle("dark"), nextPanel: () => this.turn(1), lastPanel: () => this.turn(-1), nextScene: () => this.step(1), lastScene: () => this.step(-1),
      run: () => document.getElementById(`${this.page.tab}-run`)?.click(), field: () => document.querySelector(`#${this.page.tab}-tab textarea, #${this.page.tab}-tab input`)?.focus(),
      add: () => this.addScene(), escape: () => (this.part ? this.shut() : this.presenter.on && this.present()),
    };
    return runs[action] && runs[action]();
  }

  unfold(action, draw) {
    this.shut();
    this.part = action;
    this.buttons[action].setAttribute("aria-expanded", "true");
    this.open.hidden = false;
    return draw();
  }

  shut() {
    if (!this.part) return;
    const had = this.open.contains(document.activeElement);
    this.buttons[this.part].setAttribute("aria-expanded", "false");
    if (had) this.buttons[this.part].focus();
    this.part = "";
    this.open.hidden = true;
    this.open.replaceChildren();
  }

  fillPart(title, ...nodes) {
    const head = this.make("div", "pg-stage-head"), close = this.button("Close", () => this.shut());
    head.append(this.make("h2", "", title), close);
    this.open.setAttribute("aria-label", title);
    this.open.replaceChildren(head, ...nodes);
  }

  linkField(href, label) {
    const field = this.make("input", "pg-stage-link");
    field.value = href;
    field.readOnly = true;
    field.setAttribute("aria-label", label);
    field.addEventListener("focus", () => field.select());
    return field;
  }

  // Over plain http, as in a school's network, browsers have no clipboard API: then the older way, and the field is there in any case.
  async copy(field) {
    field.focus();
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      return true;
    } catch {
      return document.execCommand("copy");
    }
  }

  async showLink() {
    const { href, left } = this.link(), field = this.linkField(href, "Link to what is shown"), told = this.make("p", "pg-small");
    this.fillPart("Link to what is shown", field, told);
    const copied = await this.copy(field);
    const said = [copied ? "Copied. It brings back this panel as it is." : "Copy it from the field: it brings back this panel as it is."];
    if (left.length) said.push(`Too long for ${LONGEST.toLocaleString("en")} characters, so these stay out, and whoever opens the link is told: ${left.join(", ")}.`);
    if (!this.address) said.push(ALONE);
    told.textContent = said.join(" ");
  }

  async showQr(href = this.link().href, title = "QR code of the link") {
    if (!this.address) return this.fillPart(title, this.make("p", "", ALONE));
    const picture = await this.qr(href, title);
    return this.fillPart(title, picture, this.make("p", "pg-small pg-soft", href));
  }

  async qr(href, label) {
    const answer = await fetch(`${this.root}/playground/qr`, { method: "POST", body: href });
    const told = await answer.json();
    return answer.ok ? qrPicture(told.rows, label) : this.make("p", "", told.detail);
  }

  showKeys() {
    const list = this.make("dl", "pg-stage-keys"), label = this.make("label", "pg-small"), box = this.make("input");
    for (const [key, text] of KEYS) list.append(this.make("dt", "pg-mono", key), this.make("dd", "", text));
    box.type = "checkbox";
    box.checked = this.presenter.singles;
    box.addEventListener("change", () => this.presenter.setSingles(box.checked));
    label.append(box, this.make("span", "", " single keys do this (off: only arrows, PageUp, PageDown and Esc)"));
    this.fillPart("Keys", list, label);
    this.open.querySelector("button").focus();
  }

  key(event) {
    const action = actionOf(event, this.presenter.singles);
    if (!action || (action.endsWith("Scene") && !this.presenter.on && this.part !== "scenes")) return;
    if (action === "escape" && !this.part && !this.presenter.on) return;
    event.preventDefault();
    this.act(action);
  }

  turn(by) {
    const at = this.rooms.findIndex((one) => one.id === this.page.tab), to = this.rooms[(at + by + this.rooms.length) % this.rooms.length];
    this.page.put(to, {});
  }

  // A tab was opened, by whomever.
  moved() {
    setTimeout(() => this.changed("tab"), 60);
  }

  // --- scenes and the presenter

  present() {
    this.presenter.toggle();
    this.buttons.present.textContent = this.presenter.on ? "Leave presenter" : "Present";
    this.shut();
    this.drawBanner();
  }

  addScene() {
    try {
      this.scenes.add(this.page.state());
      this.say(`Scene ${this.scenes.list.length} is what you see now.`);
    } catch (error) {
      this.say(error.message, true);
    }
    if (this.part === "scenes") this.showScenes();
  }

  showScenes() {
    this.fillPart("Scenes", ...sceneList(this));
  }

  async step(by) {
    const scene = this.scenes.step(by);
    if (!scene) return this.say(this.scenes.list.length ? "That is the end of the list of scenes." : "There are no scenes yet: A adds what is shown.");
    return this.play(scene);
  }

  async play(scene) {
    const turn = (this.playing = (this.playing || 0) + 1);
    this.say("");
    this.drawBanner();
    if (this.part === "scenes") this.showScenes();
    await this.page.show(clean(scene.state, this.rooms), { late: () => turn !== this.playing });
  }

  // --- the class

  lead(start) {
    this.led({ trouble: "" });
    return start();
  }

  led({ people, over, trouble }) {
    if (people !== undefined) this.people = people;
    if (trouble !== undefined) this.trouble = trouble;
    if (over) {
      sessionStorage.removeItem(HELD);
      this.say("The class is over.");
    }
    this.drawBanner();
  }

  async showClass() {
    if (this.follower) return this.shut() || this.awayOrBack();
    if (!this.leader.held) {
      const open = this.button("Open a class", async () => {
        try {
          await this.leader.open();
          sessionStorage.setItem(HELD, JSON.stringify(this.leader.held));
          this.showClass();
        } catch (error) {
          this.fillPart("Class", this.make("p", "", error.message));
        }
        this.drawBanner();
      });
      const text = "Those who join see on their own screens what you show: panel, text, settings, layer, head and selection. They can step off to explore and come back. A class ends an hour after your last move.";
      this.fillPart("Class", this.make("p", "pg-small", text), open);
      return open.focus();
    }
    const base = this.address || location.origin + location.pathname, href = `${base}?class=${this.leader.held.id}`;
    const field = this.linkField(href, "Link to join the class"), row = this.make("div", "pg-stage-row");
    const told = this.make("p", "pg-small", this.address ? "Whoever opens this link follows." : ALONE);
    row.append(this.button("Copy", async () => { told.textContent = (await this.copy(field)) ? "Copied." : "Copy it from the field."; }), this.button("End the class", () => { this.shut(); this.leader.end(); }));
    this.fillPart("Class", field, row, told);
    if (this.address) this.open.append(await this.qr(href, "QR code to join the class"));
    return null;
  }

  follow(id) {
    this.busy = false;
    this.follower = new Follower(this.base, id, (told) => this.followed(told));
    this.drawBanner();
  }

  followed({ state, lost, back, over }) {
    if (lost) this.lost = true;
    if (back) this.lost = false;
    if (over) {
      this.follower = null;
      this.ready = true;
      this.say("The class is over, or its link was cut short. What is shown stays, and is yours now.");
    }
    if (state) {
      this.next = state;
      if (!this.busy) this.catchUp();
    }
    this.drawBanner();
  }

  // Shows the newest state, and again while a newer one has come meanwhile.
  async catchUp() {
    this.busy = true;
    while (this.next) {
      const state = clean(this.next, this.rooms);
      this.next = null;
      try {
        if (state) await this.page.show(state, { seen: this.seen, late: () => Boolean(this.next) });
      } catch (error) {
        this.say(`One step of the class could not be shown: ${error.message}`, true);
      }
    }
    this.busy = false;
  }

  awayOrBack() {
    if (this.follower.apart) this.follower.back();
    else this.follower.stepOff();
    this.drawBanner();
  }

  // Whoever touches a panel wants to explore: the class goes on without moving their page.
  touched(event) {
    if (!this.follower || this.follower.apart || !event.isTrusted || !(event.target instanceof Element) || !event.target.closest("#page-tabs")) return;
    if (event.type === "keydown" && !(event.key.length === 1 || ["Enter", "Backspace", "Delete"].includes(event.key) || event.key.startsWith("Arrow"))) return;
    this.follower.stepOff();
    this.next = null;
    this.drawBanner();
  }

  drawBanner() {
    const { make } = this, lines = [];
    if (this.follower) {
      const apart = this.follower.apart;
      lines.push(make("span", "pg-stage-dot"), make("span", "", this.lost ? "The connection to the class is lost; trying again." : apart ? "You stepped off: this page is yours." : "You follow the class. Touch a panel to step off."));
      lines.push(this.button(apart ? "Come back to the class" : "Step off", () => this.awayOrBack()));
      this.banner.dataset.tone = apart || this.lost ? "off" : "on";
    } else if (this.leader.held) {
      lines.push(make("span", "pg-stage-dot"), make("span", "", `You lead a class: ${this.people || 0} follow${this.people === 1 ? "s" : ""}.`));
      if (this.trouble) lines.push(make("span", "", this.trouble));
      this.banner.dataset.tone = this.trouble ? "off" : "on";
    }
    if (this.presenter.on) {
      const scene = this.scenes.list[this.scenes.at];
      if (scene) lines.push(make("strong", "", `${this.scenes.at + 1} of ${this.scenes.list.length}`), make("span", "pg-stage-note", scene.note));
    }
    this.banner.hidden = !lines.length;
    this.banner.replaceChildren(...lines);
    this.buttons.classroom.textContent = this.leader.held ? "Class (open)" : this.follower ? "Class (following)" : "Class";
  }
}
