// Tokenizers side by side: each one's chips with what the others cut differently marked, counts as bars, and ten languages as a
// table. Knows views/tokens/comparison.py's JSON.
import { directionOf } from "../bidi.js";
import { legend, make, shade } from "../look.js";
import { barTable } from "../tables.js";

/** @param {Face<tokens.ContrastView | tokens.LanguagesView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-contrast");

  /**
   * @param {tokens.ContrastRow} row
   * @param {string} way
   */
  function chips(row, way) {
    const line = make("div", "pg-contrast-chips");
    line.dir = way;
    line.tabIndex = 0;
    line.setAttribute("role", "region");
    line.setAttribute("aria-label", `Tokens of ${row.name}`);
    for (const item of row.chips) {
      const one = make("span", "pg-chip", item.text);
      one.dataset[item.odd ? "odd" : "same"] = "";
      if (item.special) one.dataset.control = "";
      one.title = [item.said, item.odd && "cut differently elsewhere"].filter(Boolean).join("; ");
      line.append(one);
      for (let i = 0; i < item.lines; i++) line.append(make("br"));
    }
    return line;
  }

  /** @param {tokens.ContrastView} value */
  function drawRows(value) {
    const bars = value.rows.map((row) => ({ label: row.name, share: row.share, texts: [row.count, row.per, row.lost] }));
    const key = make("p", "pg-legend pg-small");
    const odd = make("span", "pg-chip", "cut differently"), same = make("span", "pg-chip", "cut the same by all");
    odd.dataset.odd = "";
    same.dataset.same = "";
    key.append(same, odd);
    const parts = value.rows.flatMap((row) => [make("h3", "", `${row.name} · ${row.scheme} · ${row.odd}`), chips(row, directionOf([value.text]))]);
    if (value.more) parts.push(make("p", "pg-soft pg-small", `Only the first 1,500 tokens of each are drawn; the counts are of the whole text.`));
    const counts = make("div", "pg-scroll");
    counts.tabIndex = 0;
    counts.setAttribute("role", "region");
    counts.setAttribute("aria-label", "Tokens by tokenizer");
    counts.append(barTable("Tokens without special ones; fewer is cheaper, unless some are unknown", ["Tokenizer", "", "Tokens", "Chars/token", "Unknown"], bars));
    box.replaceChildren(counts, key, ...parts);
  }

  /** @param {tokens.LanguagesView} value */
  function drawLanguages(value) {
    const outer = make("div", "pg-scroll"), table = make("table", "pg-table"), head = make("tr"), top = make("thead"), body = make("tbody");
    outer.tabIndex = 0;
    outer.setAttribute("role", "region");
    outer.setAttribute("aria-label", "Tokens by language and tokenizer");
    for (const name of ["Language", "Sentence", ...value.names]) {
      const cell = make("th", "", name);
      cell.scope = "col";
      head.append(cell);
    }
    for (const row of value.languages) {
      const line = make("tr"), name = make("th", "", row.language), text = make("td", "pg-small", row.text);
      name.scope = "row";
      text.lang = row.code;
      text.dir = "auto";
      line.append(name, text);
      for (const cell of row.cells) {
        const held = make("td", "pg-contrast-cell");
        shade(held, cell.share);
        held.append(make("strong", "", cell.count), make("span", "pg-small", ` ${cell.times}`));
        if (cell.lost) held.append(make("span", "pg-small pg-contrast-lost", ` ${cell.lost} unknown`));
        line.append(held);
      }
      body.append(line);
    }
    top.append(head);
    table.append(top, body);
    outer.append(table);
    box.replaceChildren(legend("share", "few tokens", "many"), outer,
      make("p", "pg-soft pg-small", "× is how many times the tokens of the English sentence. “Unknown” means the text is lost, however few tokens it costs."));
  }

  function draw() {
    const value = props.value;
    const rows = value && "rows" in value ? value : null, languages = value && "languages" in value ? value : null;
    box.hidden = !rows && !languages;
    if (rows) drawRows(rows);
    else if (languages) drawLanguages(languages);
  }
  draw();
  watch("value", draw);
}
