// The strip above the tabs: puts links, classes, scenes, presenter and keys together. Draws the strip and its one open part.
import { answerOf } from "../ask.js";
import { countText } from "../digits.js";
import { menu } from "../menu.js";
import { Arrival } from "./arrival.js";
import { ALONE, Classroom } from "./classroom.js";
import { actionOf, KEYS } from "./keys.js";
import { linkOf, LONGEST, reachable, stateOf } from "./link.js";
import { NotesWindow } from "./notes.js";
import { Page } from "./page.js";
import { Presenter } from "./present.js";
import { qrPicture } from "./qr.js";
import { sceneList } from "./scenelist.js";
import { Scenes } from "./scenes.js";
import { clean } from "./state.js";

const ADDRESS_PAUSE = 700;
const BUTTONS = { link: "Copy link", qr: "QR code", classroom: "Class", scenes: "Scenes", present: "Present", full: "Full screen", inputs: "Show inputs", notes: "Notes", help: "Keys" };
const MENUS = [["Share", "Share", ["link", "qr"]], ["Menu", "", ["classroom", "scenes", "present", "full", "inputs", "notes", "help"]]];

export class Stage {
  // `tools`: make of web/look.js; `fill(list)` puts values into the page; `root` is where the page's own routes begin.
  constructor(box, rooms, { make, fill, root }) {
    Object.assign(this, { box, rooms, make, root, address: "", part: "" });
    this.page = new Page(rooms, fill, (kind) => this.changed(kind));
    this.presenter = new Presenter();
    this.scenes = new Scenes(rooms);
    this.classroom = new Classroom(this);
    this.notes = new NotesWindow(this);
    this.arrival = new Arrival(this.page, { follows: () => Boolean(this.classroom.follower) });
    this.bar = make("div", "pg-stage-bar");
    this.said = make("p", "pg-stage-said pg-small");
    this.said.setAttribute("role", "status");
    this.said.title = "Click to close";
    this.said.addEventListener("click", () => this.say(""));
    this.open = make("section", "pg-stage-open");
    this.open.hidden = true;
    this.buttons = {};
    this.openers = {};
    for (const [name, text, actions] of MENUS) {
      const { node, button, list } = menu(name, text);
      for (const action of actions) list.append(this.action(action));
      for (const action of actions) this.openers[action] = button;
      this.bar.append(node);
    }
    this.banner = make("div", "pg-stage-banner");
    this.banner.hidden = true;
    box.append(this.bar, this.banner, this.said, this.open);
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("click", () => setTimeout(nameEmpty, 300));
    window.addEventListener("scroll", () => this.classroom.moved("values"), { passive: true }); // what is in sight is part of a state
  }

  button(text, run) {
    const made = this.make("button", "pg-button", text);
    made.type = "button";
    made.addEventListener("click", run);
    return made;
  }

  action(name) {
    const made = (this.buttons[name] = this.button(BUTTONS[name], () => this.act(name)));
    made.dataset.action = name;
    return made;
  }

  async begin() {
    this.tell("tab");
    const asked = new URL(location.href).searchParams; // as the page was opened, before anything here writes to it
    const told = await fetch(`${this.root}/playground/address`).then((answer) => answer.json()).catch(() => ({}));
    this.address = reachable(location, told.address || "");
    this.begun = true;
    if (asked.get("class")) return this.classroom.follow(asked.get("class"));
    await this.restore(stateOf(asked, this.rooms));
    this.ready = true;
    this.tell("tab");
    this.arrival.begin();
    this.classroom.goOn(); // not before: who follows would see a page that is half put back
  }

  // Shows what the address asks for.
  async restore(state) {
    if (!state) return;
    if (plainTab(state)) return this.page.until(() => this.page.tab === state.tab, () => false);
    const told = [];
    if (state.left.length) told.push(`The text was too long to travel in the link (${state.left.join(", ")}): put in your own.`);
    if (state.odd.length) told.push(`Passed over in the link, because this page does not know it: ${state.odd.join(", ")}.`);
    this.say(told.join(" "));
    this.failed(await this.page.show(state), told);
  }

  // Opens a state for a part of the page (web/opening.js), and tells the strip of the lesson what to look for.
  async openState(given, guide) {
    const state = clean(given, this.rooms, true);
    if (!state) return this.say("This page has no such panel.", true);
    this.guide({ ...guide, tab: state.tab, trouble: "" });
    this.say("");
    const troubles = await this.page.show(state);
    if (troubles.length) this.guide({ ...guide, tab: state.tab, trouble: troubles.join(" ") });
    return this.failed(troubles);
  }

  guide(detail) {
    document.dispatchEvent(new CustomEvent("pg-guide", { detail }));
  }

  failed(troubles, told = []) {
    if (troubles.length) this.say([...told, ...troubles].join(" "), true);
  }

  say(text, bad = false) {
    this.said.textContent = text;
    this.said.dataset.tone = bad ? "bad" : "";
  }

  // Whoever draws what is open (the header) does so now; nothing needs to have changed.
  tell(kind) {
    document.dispatchEvent(new CustomEvent("pg-changed", { detail: kind }));
  }

  changed(kind) {
    this.tell(kind);
    this.classroom.moved(kind);
    if (!this.ready || this.classroom.follower) return;
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.writeAddress(), ADDRESS_PAUSE);
  }

  // The address bar holds what is shown, so that loading the page anew brings it back.
  writeAddress() {
    const url = new URL(linkOf(this.state(), this.rooms, location.origin + location.pathname).href);
    for (const [name, value] of new URL(location.href).searchParams) if (name.startsWith("__")) url.searchParams.set(name, value);
    if (url.href !== location.href) history.replaceState(history.state, "", url);
  }

  // What is shown, for a link, a class or a scene.
  state() {
    return { ...this.page.state(), bare: this.presenter.on ? this.presenter.bare : null };
  }

  link() {
    return linkOf(this.state(), this.rooms, this.address || location.origin + location.pathname);
  }

  // --- the strip's parts: one open at a time

  act(action) {
    const parts = { link: () => this.showLink(), qr: () => this.showQr(), classroom: () => this.classroom.show(), scenes: () => this.showScenes(), help: () => this.showKeys() };
    if (action in parts) return this.part === action ? this.shut() : this.unfold(action, parts[action]);
    const runs = {
      present: () => this.present(), inputs: () => this.inputs(), notes: () => this.presenter.on && this.notes.open(), full: () => this.presenter.full(), larger: () => this.presenter.size(1.15), smaller: () => this.presenter.size(1 / 1.15),
      dark: () => document.body.classList.toggle("dark"), nextPanel: () => this.turn(1), lastPanel: () => this.turn(-1), nextScene: () => this.step(1), lastScene: () => this.step(-1),
      run: () => document.getElementById(`${this.page.tab}-run`)?.click(), field: () => document.querySelector(this.page.room().text ? ".pg-one-text" : `#${this.page.tab}-tab textarea, #${this.page.tab}-tab input`)?.focus(),
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
    const from = this.buttons[this.part];
    if (had) (from.getClientRects().length ? from : this.openers[this.part]).focus();
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
    if (left.length) said.push(`Too long for ${countText(LONGEST)} characters, so these stay out, and whoever opens the link is told: ${left.join(", ")}.`);
    if (!this.address) said.push(ALONE);
    told.textContent = said.join(" ");
  }

  async showQr(href = this.link().href, title = "QR code of the link") {
    if (!this.address) return this.fillPart(title, this.make("p", "", ALONE));
    const picture = await this.qr(href, title);
    return this.fillPart(title, picture, this.make("p", "pg-small pg-soft", href));
  }

  async qr(href, label) {
    try {
      const answer = await answerOf("/playground/qr", { method: "POST", body: href });
      return qrPicture((await answer.json()).rows, label);
    } catch (error) {
      return this.make("p", "", error.message);
    }
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
    setTimeout(nameEmpty, 300);
  }

  // --- scenes and the presenter

  present() {
    this.presenter.toggle();
    this.buttons.present.textContent = this.presenter.on ? "Leave presenter" : "Present";
    this.drawInputs();
    this.shut();
    this.drawBanner();
  }

  inputs(bare = !this.presenter.bare) {
    if (!this.presenter.on) return;
    this.presenter.inputs(bare);
    this.drawInputs();
  }

  drawInputs() {
    this.buttons.inputs.textContent = this.presenter.bare ? "Show inputs" : "Hide inputs";
  }

  addScene() {
    try {
      this.scenes.add(this.state());
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
    const state = clean(scene.state, this.rooms);
    if (state.bare !== null) this.inputs(state.bare);
    const troubles = await this.page.show(state, { late: () => turn !== this.playing });
    this.failed(troubles.map((one) => `Scene ${this.scenes.at + 1}: ${one}`));
  }

  drawBanner() {
    const lines = this.classroom.lines(), scene = this.scenes.list[this.scenes.at];
    if (this.presenter.on && scene) {
      lines.push(this.make("strong", "", `${this.scenes.at + 1} of ${this.scenes.list.length}`));
    }
    this.notes.draw();
    this.banner.hidden = !lines.length;
    this.banner.dataset.tone = this.classroom.well ? "on" : "off";
    this.banner.replaceChildren(...lines);
    this.buttons.classroom.textContent = this.classroom.name;
  }
}

// A link that names a tab and nothing else: it opens as it is.
function plainTab({ values, open, runs, views, left, odd, at }) {
  return !at && ![values, open, runs, views, left, odd].some((part) => Object.keys(part).length);
}

// Gradio names an empty plot with a label that a plain div may not have (axe: aria-prohibited-attr); as a picture it may.
function nameEmpty() {
  document.querySelectorAll(".empty[aria-label]:not([role])").forEach((node) => node.setAttribute("role", "img"));
}
