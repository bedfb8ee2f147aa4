// One row a text: the text, its label, a bar with number for every label. Knows views/sentiment/sentiment.py's JSON; text is textContent.
import { isolated } from "../bidi.js";
import { bar, make } from "../look.js";
import { barTable } from "../tables.js";

/** @param {Face<sentiment.SentimentView>} face */
export default function ({ element, props, watch, trigger }) {
  const box = element.querySelector(".pg-sentiment");

  /** @param {sentiment.LabelScore} score */
  function scoreLine(score) {
    const line = make("div", "pg-score");
    line.append(make("span", "pg-label", score.label), bar(score.p, score.colour), make("span", "pg-number", score.percent));
    line.append(make("span", "pg-number pg-soft", `logit ${score.logit}`));
    return line;
  }

  /**
   * Logit, e to it, over the sum: one row a label, in the model's own order.
   * @param {sentiment.SoftmaxSteps} steps
   * @param {boolean} open
   */
  function softmaxSteps(steps, open) {
    const part = make("details", "pg-softmax"), held = make("div", "pg-scroll"), table = make("table", "pg-softmax-table"), head = make("tr"), body = make("tbody"), top = make("thead");
    part.open = open;
    for (const name of ["label", "logit", "e^logit", "÷ sum", "probability"]) {
      const cell = make("th", "", name);
      cell.scope = "col";
      head.append(cell);
    }
    for (const one of steps.rows) {
      const line = make("tr"), label = make("th", "", one.label);
      label.scope = "row";
      line.append(label, ...[one.logit, one.raised, one.share, one.percent].map((text) => make("td", "pg-number", text)));
      body.append(line);
    }
    const sum = make("tr", "pg-softmax-sum"), named = make("th", "", "sum");
    named.scope = "row";
    sum.append(named, make("td"), make("td", "pg-number", steps.total), make("td"), make("td", "pg-number", "100 %"));
    body.append(sum);
    top.append(head);
    table.append(top, body);
    held.append(table);
    part.append(make("summary", "pg-small", "Softmax, step by step"), held, make("p", "pg-small pg-soft", steps.sentence));
    return part;
  }

  /** @param {sentiment.SentimentRow} one */
  function foot(one) {
    const line = make("div", "pg-card-foot"), why = make("button", "pg-button", "Why?");
    why.type = "button";
    why.setAttribute("aria-label", `Why ${one.label}? Explains: ${isolated(one.text.slice(0, 80))}`);
    why.addEventListener("click", () => trigger("why", { text: one.text, model: props.value?.slug }));
    line.append(make("span", "pg-soft pg-small", `${one.tokens} tokens`), why);
    return line;
  }

  /**
   * @param {sentiment.SentimentRow} one
   * @param {number} _number
   * @param {sentiment.SentimentRow[]} all
   */
  function row(one, _number, all) {
    const item = make("li", "pg-card");
    const said = make("p", "pg-said", one.text);
    said.dir = "auto";
    const told = [one.reason ? `No label: ${one.reason}` : "", one.unread].filter(Boolean).map((text) => make("p", "pg-small", text));
    item.append(said, ...told, ...one.scores.map(scoreLine));
    item.append(softmaxSteps(one.softmax, all.length === 1), foot(one));
    return item;
  }

  /**
   * How often the model is right at each confidence, measured when it was trained.
   * @param {sentiment.Calibration} found
   */
  function trust(found) {
    const part = make("section");
    part.append(make("p", "pg-small", `How far to trust these percentages? ${found.sentence}`));
    if (found.rows.length) {
      const more = make("details", "pg-softmax");
      more.append(make("summary", "pg-small", "Confidence against accuracy"), barTable("A calibrated model is right as often as it is sure. Bars are the share that was right.",
        ["answers given with", "share right", "right", "mean confidence", "answers"],
        found.rows.map((bin) => ({ label: bin.range, share: bin.share, texts: [bin.right, bin.sure, bin.count] }))));
      part.append(more);
    }
    return part;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.rows?.length;
    if (!value?.rows?.length) return;
    const list = make("ol", "pg-cards");
    list.append(...value.rows.map(row));
    box.replaceChildren(list, make("p", "pg-soft pg-small", `Model: ${value.model}`), ...(value.calibration ? [trust(value.calibration)] : []));
  }
  draw();
  watch("value", draw);
}
