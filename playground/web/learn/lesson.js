// The lesson: chapters to choose from, and the steps of one. Each step opens a panel (views/learn/lessons.py's JSON). What was seen stays in
// this browser.
import { make } from "../look.js";
import { prose } from "../prose.js";
import { factsTable, outward } from "./table.js";
import { listing } from "../listing.js";
import { openState } from "../opening.js";

/** @typedef {{chapter: learn.ChapterView, c: number, step: learn.StepView, i: number, key: string}} Place a step with where it stands */

/** @param {Face<learn.LessonView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-lesson");
  const KEY = "playground-lesson";
  /** @type {Set<string>} */
  let seen = new Set();
  let at = 0, last = "";
  try { seen = new Set(JSON.parse(localStorage.getItem(KEY) || "[]")); } catch { seen = new Set(); }

  const chapters = () => props.value?.chapters ?? [];
  const key = (/** @type {learn.ChapterView} */ chapter, /** @type {number} */ i) => `${chapter.id}.${i + 1}`;
  /** @type {() => Place[]} */
  const places = () => chapters().flatMap((chapter, c) => chapter.steps.map((step, i) => ({ chapter, c, step, i, key: key(chapter, i) })));

  function keep() {
    try { localStorage.setItem(KEY, JSON.stringify([...seen])); } catch { box.dataset.unkept = ""; }
  }

  /** @param {Place} place */
  function open(place) {
    if (!place.step.see) return;
    at = place.c;
    last = place.key;
    seen.add(place.key);
    keep();
    const more = places().slice(places().findIndex((one) => one.key === last) + 1).some((one) => one.step.see);
    const { state, look } = place.step.see, back = { version: 1, tab: "learn", views: { lesson: { chapter: place.chapter.id } }, at: "learn-lesson" };
    openState(state, { look, title: `${place.chapter.title}: ${place.step.title}`, back, more });
    draw();
    tell();
  }

  // The chapter in view is the lesson's part of a state.
  function tell() {
    box.dispatchEvent(new CustomEvent("pg-view", { bubbles: true, detail: { name: "lesson", fills: {}, view: { chapter: chapters()[at].id } } }));
  }

  /** @param {number} to */
  function go(to) {
    at = to;
    draw();
    tell();
    box.querySelectorAll(".pg-lesson-title")[0]?.focus({ preventScroll: true });
  }

  box.dataset.pgView = "lesson";
  box.addEventListener("pg-show", (event) => {
    const { detail } = /** @type {CustomEvent<{view: {chapter: string}, failed: (why: string) => void, shown: () => void}>} */ (event);
    const found = chapters().findIndex((chapter) => chapter.id === detail.view.chapter);
    at = Math.max(0, found);
    draw();
    tell();
    if (found < 0) detail.failed("The lesson has no such chapter; this is its first.");
    else detail.shown();
  });

  window.addEventListener("playground-next", () => {
    const all = places();
    const next = all.slice(all.findIndex((one) => one.key === last) + 1).find((one) => one.step.see);
    if (next) open(next);
  });

  /**
   * @param {learn.ChapterView} chapter
   * @param {number} c
   */
  function chapterButton(chapter, c) {
    const steps = chapter.steps.map((step, i) => ({ step, own: key(chapter, i) })).filter(({ step }) => step.see), done = steps.filter(({ own }) => seen.has(own)).length;
    const button = make("button", "pg-lesson-chapter"), count = make("span", "pg-soft pg-small", done === steps.length ? "✓" : `${done}/${steps.length}`);
    button.type = "button";
    count.setAttribute("role", "img");
    count.setAttribute("aria-label", `${done} of ${steps.length} steps seen`);
    button.append(make("span", "", `${c + 1}. ${chapter.title}`), count);
    if (c === at) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => go(c));
    return button;
  }

  /**
   * The field's own words where they first stand: each opens on its definition and the source.
   * @param {learn.TermView[]} terms
   */
  function termsRow(terms) {
    const row = make("div", "pg-lesson-terms");
    row.append(make("span", "pg-soft pg-small", terms.length > 1 ? "Terms:" : "Term:"));
    for (const one of terms) {
      const more = make("details", "pg-small"), said = make("p", "", `${one.definition} `);
      said.append(outward(one.said, one.link));
      more.append(make("summary", "", one.term), said);
      row.append(more);
    }
    return row;
  }

  /** @param {Place} place */
  function stepCard(place) {
    const card = make("li", "pg-lesson-step"), { terms, table, program } = place.step;
    card.append(make("h3", "", place.step.title), prose(place.step.text));
    if (program) card.append(listing(program));
    if (table) card.append(...factsTable(table));
    if (terms.length) card.append(termsRow(terms));
    if (place.step.see) {
      const row = make("div", "pg-lesson-see"), button = make("button", "pg-button pg-lesson-button", place.step.label);
      button.type = "button";
      button.addEventListener("click", () => open(place));
      row.append(button);
      if (seen.has(place.key)) row.append(make("span", "pg-soft pg-small", "✓ seen"));
      if (place.step.see.look) row.append(make("span", "pg-soft pg-small", `Look: ${place.step.see.look}`));
      card.append(row);
    }
    return card;
  }

  /**
   * @param {string} text
   * @param {number} to
   */
  function turnButton(text, to) {
    const button = make("button", "pg-button", text);
    button.type = "button";
    button.disabled = to < 0 || to >= chapters().length;
    button.addEventListener("click", () => go(to));
    return button;
  }

  function draw() {
    const all = chapters();
    if (!all.length) return;
    const focused = box.contains(document.activeElement) ? document.activeElement?.textContent : "";
    const chapter = all[Math.min(at, all.length - 1)];
    const nav = make("nav", "pg-lesson-nav"), page = make("section", "pg-lesson-page"), steps = make("ol", "pg-lesson-steps"), turn = make("div", "pg-lesson-see");
    nav.setAttribute("aria-label", "Chapters");
    nav.append(...all.map(chapterButton));
    const title = make("h2", "pg-lesson-title", `${at + 1}. ${chapter.title}`);
    title.tabIndex = -1;
    page.setAttribute("aria-label", "Chapter");
    steps.append(...places().filter((place) => place.c === at).map(stepCard));
    const forget = make("button", "pg-link-button pg-small", "Forget what I have seen");
    forget.type = "button";
    forget.addEventListener("click", () => { seen.clear(); keep(); draw(); });
    turn.append(turnButton("← Chapter before", at - 1), turnButton("Next chapter →", at + 1), forget);
    page.append(title, steps, turn);
    box.replaceChildren(nav, page);
    const again = focused && [...box.querySelectorAll("button")].find((one) => one.textContent === focused && !one.disabled);
    if (again) again.focus({ preventScroll: true });
  }
  draw();
  watch("value", draw);
}
