// How a weight comes about: strips of numbers, the strongest keys with every stage, and how shares add up. Knows views/steps.py's JSON.
const box = element.querySelector(".pg-steps");
let chosen = 0;

// Blue below 0, orange above, see-through at 0: reads with any colour vision, on light and dark.
function colour(number, most) {
  const strength = most ? Math.min(1, Math.abs(number) / most) : 0;
  return number < 0 ? `rgba(59, 130, 246, ${strength})` : `rgba(249, 115, 22, ${strength})`;
}

function largest(strips) {
  return Math.max(...strips.map((strip) => strip.numbers.reduce((most, n) => Math.max(most, Math.abs(n)), 0)));
}

function signed(number) {
  return number.toFixed(4).replace("-", "−");
}

// One cell a number. Pointing, or arrow keys after focusing, reads out the number in `out`.
function strip(data, name, most, out, marked) {
  const canvas = make("canvas", "pg-strip");
  const count = data.numbers.length;
  canvas.width = count * Math.max(1, Math.floor(768 / count));
  canvas.height = 1;
  const pen = canvas.getContext("2d");
  const wide = canvas.width / count;
  data.numbers.forEach((number, i) => {
    pen.fillStyle = colour(number, most);
    pen.fillRect(i * wide, 0, wide, 1);
  });
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${name}: ${count} numbers, length ${data.norm}`);
  if (marked) canvas.dataset.marked = "";
  let place = 0;
  const tell = (i) => {
    place = Math.max(0, Math.min(count - 1, i));
    out.textContent = `${name}, number ${place} of ${count} (from 0): ${signed(data.numbers[place])}`;
  };
  canvas.addEventListener("pointermove", (event) => {
    const at = canvas.getBoundingClientRect();
    tell(Math.floor(((event.clientX - at.left) / at.width) * count));
  });
  if (marked) {
    canvas.tabIndex = 0;
    canvas.addEventListener("focus", () => tell(place));
    canvas.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by) { event.preventDefault(); tell(place + by); }
    });
  }
  return canvas;
}

function line(label, picture, number) {
  const row = make("div", "pg-step-line");
  row.append(make("span", "pg-step-label", label), picture, make("span", "pg-number", number));
  return row;
}

function stage(title, sentence, ...nodes) {
  const part = make("section", "pg-stage");
  part.append(make("h3", "", title), make("p", "pg-soft pg-small", sentence), ...nodes);
  return part;
}

function legend(most) {
  const row = make("p", "pg-soft pg-small pg-step-legend");
  row.append(make("span", "", `−${most.toFixed(2)}`), make("span", "pg-step-scale"), make("span", "", `+${most.toFixed(2)}`));
  row.append(make("span", "", "Each cell is one number; point at a strip, or focus it and use ← →, to read it."));
  return row;
}

function columns(value) {
  return [
    ["q·k", (k) => k.score], [value.scaled, (k) => k.scaled], ...(value.biased ? [["+ bias", (k) => k.bias]] : []), ["+ mask", (k) => k.mask],
    ["weight", (k) => k.weight_text], ...(value.changed ? [["model’s weight", (k) => k.plain]] : []),
  ];
}

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
  if (value.rest) {
    const row = make("tr", "pg-soft");
    row.append(make("td", "", `${value.rest.count} more`), ...shown.map(([name]) =>
      make("td", "pg-number", name === "weight" ? value.rest.weight_text : "")));
    body.append(row);
  }
  made.append(head, body);
  outer.append(made);
  return outer;
}

// q and k of the chosen key, their products, and the sum with a running total.
function product(value, most, out) {
  const key = value.keys[chosen];
  const numbers = value.query.numbers.map((n, i) => n * key.key.numbers[i]);
  const products = { numbers, norm: signed(Math.sqrt(numbers.reduce((sum, n) => sum + n * n, 0))) };
  const lines = [];
  if (value.before) lines.push(line("q before the turn", strip(value.before, "q before the turn", most, out, true), `length ${value.before.norm}`));
  lines.push(line(value.before ? "q after it" : "q", strip(value.query, "q", most, out, true), `length ${value.query.norm}`));
  lines.push(line(`k of ${key.label}`, strip(key.key, `k of ${key.label}`, most, out, true), `length ${key.key.norm}`));
  lines.push(line("q × k, own scale", strip(products, "q × k", largest([products]), out, true), `sum ${key.score}`));
  return lines;
}

function shares(value, most, out) {
  const lines = value.keys.map((key) =>
    line(`${key.weight_text} × ${key.label}`, strip(key.part, `${key.weight_text} × value of ${key.label}`, most, out), key.share));
  if (value.rest) lines.push(line(`${value.rest.count} more`, strip(value.rest.part, "all other shares", most, out), value.rest.share));
  const sum = line("= the head’s output", strip(value.output, "the head’s output", most, out, true), `length ${value.output.norm}`);
  sum.classList.add("pg-step-sum");
  return [...lines, sum];
}

function draw() {
  const value = props.value;
  box.hidden = !(value && value.keys);
  if (box.hidden) return;
  chosen = Math.min(chosen, value.keys.length - 1);
  const said = value.sentences;
  const out = make("p", "pg-small pg-step-out", "Point at a strip to read its numbers.");
  out.setAttribute("aria-live", "polite");
  const pick = (i) => {
    chosen = i;
    draw();
    box.querySelectorAll(".pg-step-table button")[i].focus();
  };
  const key = value.keys[chosen];
  const most = largest([value.query, key.key, ...(value.before ? [value.before] : [])]);
  const parts = [...value.keys.map((one) => one.part), value.output, ...(value.rest ? [value.rest.part] : [])];
  const bar = make("div", "pg-step-joined");
  bar.append(strip(value.joined, "all heads side by side", largest([value.joined]), out, true));
  const mark = make("span", "pg-step-mark");
  const whole = value.joined.numbers.length;
  mark.style.left = `${(100 * value.head * value.size) / whole}%`;
  mark.style.width = `${(100 * value.size) / whole}%`;
  bar.append(mark);
  box.replaceChildren(
    make("h3", "", value.title), make("p", "pg-mono", value.formula), out,
    stage("1. Query, key and their product", `${said.query} ${said.scores}`, ...product(value, most, out), legend(most)),
    stage("2. Scale, mask, softmax", `${said.scaled} ${said.mask} ${said.softmax} Choose a key to see its product above.`, table(value, pick)),
    stage("3. Weight × value, added up", `${said.values} The percentage is how much of the output’s length a share brings; below 0 it points against it.`,
      ...shares(value, largest(parts), out), legend(largest(parts))),
    stage("4. All heads side by side", `${said.joined} The frame is head ${value.head}.`, line("all heads", bar, `length ${value.joined.norm}`)),
    stage("5. Output projection", said.projected,
      line("projected", strip(value.projected, "projected", largest([value.projected]), out, true), `length ${value.projected.norm}`)),
  );
}
function fresh() {
  chosen = 0;
  draw();
}
fresh();
watch("value", fresh);
