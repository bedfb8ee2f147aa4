// Questions: a choice is marked at once with the reason, an open one shows an answer to compare with. Answers stay in this browser.
import { make } from "../look.js";
import { openState } from "../opening.js";
import { prose } from "../prose.js";

/** @typedef {learn.QuestionView} Question */

/** @param {Face<learn.QuizView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-quiz");
  const KEY = "playground-quiz", BACK = { version: 1, tab: "learn", open: ["learn-questions"], at: "learn-quiz" };
  /** @type {Record<string, number | "shown">} a choice, or that the answer was shown */
  let chosen = {};
  try { chosen = JSON.parse(localStorage.getItem(KEY) || "{}") || {}; } catch { chosen = {}; }

  function keep() {
    try { localStorage.setItem(KEY, JSON.stringify(chosen)); } catch { box.dataset.unkept = ""; }
  }

  const score = make("p", "pg-quiz-score"), held = make("div"), top_ = make("div", "pg-quiz-top"), again = make("button", "pg-button", "Begin again");
  again.type = "button";
  again.addEventListener("click", () => { chosen = {}; keep(); draw(); });
  score.setAttribute("role", "status");

  /** @param {Question} question */
  function told(question) {
    const reply = make("div", "pg-quiz-reply"), mine = chosen[question.id];
    reply.setAttribute("role", "status");
    if (mine === undefined) return reply;
    if (question.options && question.right !== undefined) {
      const right = mine === question.right;
      const verdict = make("p", "pg-quiz-verdict", right ? "✓ Right." : `✗ Not so: the answer is “${question.options[question.right]}”.`);
      verdict.dataset.right = String(right);
      reply.append(verdict);
    } else reply.append(make("p", "pg-quiz-verdict", "An answer to compare yours with (it is not marked):"));
    reply.append(prose(question.why));
    return reply;
  }

  /**
   * @param {Question} question
   * @param {() => void} refresh
   */
  function choices(question, refresh) {
    const group = make("div", "pg-quiz-options");
    question.options?.forEach((option, i) => {
      const label = make("label", "pg-quiz-option"), radio = make("input");
      radio.type = "radio";
      radio.name = `quiz-${question.id}`;
      radio.checked = chosen[question.id] === i;
      radio.addEventListener("change", () => { chosen[question.id] = i; keep(); refresh(); });
      label.append(radio, make("span", "", option));
      group.append(label);
    });
    return group;
  }

  /**
   * @param {Question} question
   * @param {() => void} refresh
   */
  function opened(question, refresh) {
    const group = make("div", "pg-quiz-options"), text = make("textarea", "pg-quiz-text"), show = make("button", "pg-button", "Compare with an answer");
    text.rows = 2;
    text.setAttribute("aria-label", "Your answer (it stays in this page)");
    show.type = "button";
    show.addEventListener("click", () => { chosen[question.id] = "shown"; keep(); refresh(); });
    group.append(text, show);
    return group;
  }

  // The lesson's own five stand apart, with a count of their own.
  /** @type {[string, (question: Question) => boolean][]} */
  const GROUPS = [["The lesson’s five questions", (question) => question.lesson], ["More questions", (question) => !question.lesson]];
  /** @type {[HTMLElement, Question[]][]} */
  const counts = [];

  /**
   * @param {string} title
   * @param {Question[]} questions
   * @param {number} from
   */
  function group(title, questions, from) {
    const part = make("section", "pg-quiz-group"), list = make("ol", "pg-quiz-list"), count = make("span", "pg-soft pg-small"), head = make("h3", "", `${title} `);
    head.append(count);
    list.append(...questions.map((question, i) => item(question, from + i)));
    counts.push([count, questions]);
    part.append(head, list);
    return part;
  }

  /**
   * @param {Question} question
   * @param {number} i
   */
  function item(question, i) {
    const one = make("li", "pg-quiz-item"), set = make("fieldset"), legend_ = make("legend", "", `${i + 1}. ${question.text}`);
    const reply = told(question);
    const refresh = () => {
      const fresh = told(question);
      reply.replaceChildren(...fresh.childNodes);
      count();
    };
    set.append(legend_, question.options ? choices(question, refresh) : opened(question, refresh));
    one.append(set, reply);
    const scene = question.see;
    if (scene) {
      const see = make("button", "pg-button pg-see", "See it");
      see.type = "button";
      see.setAttribute("aria-label", `See it: ${question.text}`);
      see.addEventListener("click", () => openState(scene.state, { look: scene.look, title: question.text, back: BACK }));
      one.append(see);
    }
    return one;
  }

  /** @param {Question[]} questions */
  function marks(questions) {
    const marked = questions.filter((one) => one.options), done = marked.filter((one) => chosen[one.id] !== undefined);
    return { marked, done, right: done.filter((one) => chosen[one.id] === one.right) };
  }

  function count() {
    const { marked, done, right } = marks(props.value?.questions ?? []);
    for (const [node, questions] of counts) node.textContent = `${marks(questions).right.length} of ${marks(questions).marked.length} right`;
    score.textContent = `${right.length} right of ${done.length} answered; ${marked.length} questions are marked. Your answers stay in this browser.`;
  }

  function draw() {
    const questions = props.value?.questions ?? [];
    let from = 0;
    counts.length = 0;
    held.replaceChildren(...GROUPS.map(([title, belongs]) => {
      const some = questions.filter(belongs), made = group(title, some, from);
      from += some.length;
      return made;
    }));
    count();
  }
  top_.append(score, again);
  box.append(top_, held);
  draw();
  watch("value", draw);
}
