// The question with what hiding each word does to a span, and the figures as a table. Knows views/answering/question_words.py's JSON.
import { isolated, quoted } from "../bidi.js";
import { chipRow, legend, make, shadeSigned } from "../look.js";

/** @param {Face<answering.QuestionWordsView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-question_words");

  function draw() {
    const value = props.value;
    box.hidden = !value?.words;
    if (!value?.words) return;
    const chips = chipRow(value.words.map((word) => ({
      text: word.text, signed: word.signed, said: `${isolated(word.text)}: adds ${word.adds} logits to the span; hidden, the best is ${isolated(word.instead)}`,
    })), { label: "The question, word by word" });
    const table = make("table", "pg-bars"), head = make("tr"), body = make("tbody"), top = make("thead");
    const said = `Start + end logit of ${quoted(value.span)} minus those of “no answer”: ${value.margin} with the whole question (window ` +
      `${value.window}). Each word is hidden behind [MASK] in turn and the window read again. Best with the whole question: ${isolated(value.best)}.`;
    for (const name of ["Hidden word", "The span then", "So the word adds", "Best then"]) {
      const cell = make("th", "", name);
      cell.scope = "col";
      head.append(cell);
    }
    for (const word of value.words) {
      const row = make("tr"), label = make("th", "pg-mono", word.text), adds = make("td", "pg-number", word.adds);
      label.scope = "row";
      shadeSigned(adds, word.signed);
      row.append(label, make("td", "pg-number", word.without), adds, make("td", word.flips ? "pg-flips" : "", word.instead));
      body.append(row);
    }
    top.append(head);
    table.append(top, body);
    const scroll = make("div", "pg-scroll");
    scroll.append(table);
    box.replaceChildren(make("h3", "", "Which words of the question mattered"), make("p", "pg-small", value.sentence), chips,
                        legend("signed", "works against the span", "supports it"), make("p", "pg-small pg-soft", said), scroll);
    box.scrollIntoView({ block: "nearest" });
  }
  draw();
  watch("value", draw);
}
