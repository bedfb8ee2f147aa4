// How a weight comes about: strips of numbers, the strongest keys with every stage, and how shares add up. Knows views/attention/dot_product.py's JSON.
import { numberText } from "../digits.js";
import { isolated } from "../bidi.js";
import { longest, stripLine } from "../heat.js";
import { legend, make } from "../look.js";

/** @param {Face<attention.StepsView>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-steps");
  let chosen = 0;
  const out = make("p", "pg-small pg-step-out");
  out.setAttribute("aria-live", "polite");

  const largest = (/** @type {{numbers: number[]}[]} */ strips) => Math.max(...strips.map((strip) => longest(strip.numbers)));

  /**
   * One strip with its name and a figure; pointing, or arrow keys after focusing, reads out the number.
   * @param {string} name
   * @param {{numbers: number[]}} data
   * @param {number} most
   * @param {string} figure
   * @param {boolean} [still]
   */
  function line(name, data, most, figure, still = false) {
    return stripLine(name, data.numbers, most, figure, (said) => { out.textContent = said; }, { still, error: () => 0 });
  }

  /**
   * @param {string} title
   * @param {string} sentence
   * @param {HTMLElement[]} nodes
   */
  function stage(title, sentence, ...nodes) {
    const part = make("section", "pg-stage");
    part.append(make("h3", "", title), make("p", "pg-soft pg-small", sentence), ...nodes);
    return part;
  }

  /** @param {number} most */
  function scale(most) {
    const row = legend("numbers", `−${numberText(most)}`, `+${numberText(most)}`);
    row.append(make("span", "", "Each cell is one number; point at a strip, or focus it and use ← →, to read it."));
    return row;
  }

  /**
   * @param {attention.StepsView} value
   * @returns {[string, (key: attention.KeySteps) => string][]}
   */
  function columns(value) {
    /** @type {[string, (key: attention.KeySteps) => string, boolean?][]} */
    const all = [
      ["q·k", (k) => k.score], [value.scaled, (k) => k.scaled], ["+ bias", (k) => k.bias, value.biased], ["+ mask", (k) => k.mask],
      ["weight", (k) => k.weight_text], ["model’s weight", (k) => k.plain, value.changed],
    ];
    return all.filter(([, , is = true]) => is).map(([name, read]) => [name, read]);
  }

  /**
   * @param {attention.StepsView} value
   * @param {(i: number) => void} pick
   */
  function table(value, pick) {
    const outer = make("div", "pg-scroll");
    const made = make("table", "pg-table pg-step-table");
    const shown = columns(value);
    const top = make("tr");
    top.append(...["key token", ...shown.map(([name]) => name)].map((name, i) => {
      const cell = make("th", i ? "pg-number" : "", name);
      cell.scope = "col";
      return cell;
    }));
    const head = make("thead");
    head.append(top);
    const body = make("tbody");
    value.keys.forEach((key, i) => {
      const row = make("tr");
      const button = make("button", "pg-chip", key.label);
      button.type = "button";
      button.dir = "auto";
      button.setAttribute("aria-pressed", String(i === chosen));
      button.title = `token ${key.place}`;
      button.addEventListener("click", () => pick(i));
      const first = make("td");
      first.append(button);
      row.append(first, ...shown.map(([, read]) => make("td", "pg-number", read(key))));
      body.append(row);
    });
    const { rest } = value;
    if (rest) {
      const row = make("tr", "pg-soft");
      row.append(make("td", "", `${rest.count} more`), ...shown.map(([name]) =>
        make("td", "pg-number", name === "weight" ? rest.weight_text : "")));
      body.append(row);
    }
    made.append(head, body);
    outer.append(made);
    return outer;
  }

  /**
   * q and k of the chosen key, their products, and the sum with a running total.
   * @param {attention.StepsView} value
   * @param {number} most
   */
  function product(value, most) {
    const key = value.keys[chosen];
    const products = { numbers: value.query.numbers.map((n, i) => n * key.key.numbers[i]) };
    return [
      ...(value.before ? [line("q before the turn", value.before, most, `length ${value.before.norm}`)] : []),
      line(value.before ? "q after it" : "q", value.query, most, `length ${value.query.norm}`),
      line(`k of ${isolated(key.label)}`, key.key, most, `length ${key.key.norm}`),
      line("q × k, own scale", products, largest([products]), `sum ${key.score}`),
    ];
  }

  /**
   * Many: none of them is a tab stop, only their sum.
   * @param {attention.StepsView} value
   * @param {number} most
   */
  function shares(value, most) {
    const lines = value.keys.map((key) => line(`${key.weight_text} × ${isolated(key.label)}`, key.part, most, key.share, true));
    if (value.rest) lines.push(line(`${value.rest.count} more`, value.rest.part, most, value.rest.share, true));
    const sum = line("= the head’s output", value.output, most, `length ${value.output.norm}`);
    sum.classList.add("pg-step-sum");
    return [...lines, sum];
  }

  /**
   * All heads' outputs in one strip, a frame around the one in view.
   * @param {attention.StepsView} value
   */
  function joined(value) {
    const row = line("all heads", value.joined, largest([value.joined]), `length ${value.joined.norm}`);
    const outer = make("div", "pg-step-joined"), mark = make("span", "pg-step-mark"), whole = value.joined.numbers.length;
    mark.style.left = `${(100 * value.head * value.size) / whole}%`;
    mark.style.width = `${(100 * value.size) / whole}%`;
    const picture = row.children[1];
    picture.replaceWith(outer);
    outer.append(picture, mark);
    return row;
  }

  function draw() {
    const value = props.value;
    box.hidden = !value?.keys;
    if (!value?.keys) return;
    chosen = Math.min(chosen, value.keys.length - 1);
    const said = value.sentences;
    out.textContent = "Point at a strip to read its numbers.";
    const pick = (/** @type {number} */ i) => {
      chosen = i;
      draw();
      box.querySelectorAll(".pg-step-table button")[i].focus();
    };
    const key = value.keys[chosen];
    const most = largest([value.query, key.key, ...(value.before ? [value.before] : [])]);
    const parts = [...value.keys.map((one) => one.part), value.output, ...(value.rest ? [value.rest.part] : [])];
    box.replaceChildren(
      make("h3", "", value.title), make("p", "pg-mono", value.formula), out,
      stage("1. Query, key and their product", `${said.query} ${said.scores}`, ...product(value, most), scale(most)),
      stage("2. Scale, mask, softmax", `${said.scaled} ${said.mask} ${said.softmax} Choose a key to see its product above.`, table(value, pick)),
      stage("3. Weight × value, added up", `${said.values} The percentage is how much of the output’s length a share brings; below 0 it points against it.`,
        ...shares(value, largest(parts)), scale(largest(parts))),
      stage("4. All heads side by side", `${said.joined} The frame is head ${value.head}.`, joined(value)),
      stage("5. Output projection", said.projected,
        line("projected", value.projected, largest([value.projected]), `length ${value.projected.norm}`)),
    );
  }
  function fresh() {
    chosen = 0;
    draw();
  }
  fresh();
  watch("value", fresh);
}
