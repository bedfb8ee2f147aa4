// Models side by side: what each token may see, what each is for, and where its parameters are. Knows views/anatomy.py's JSON.
const box = element.querySelector(".pg-anatomy");

// Rows look at columns; a filled cell may be seen.
function mask(one, words) {
  const outer = make("figure", "pg-mask"), grid = make("div", "pg-mask-grid");
  const n = Math.max(3, words.length);
  grid.style.gridTemplateColumns = `repeat(${n}, 16px)`;
  grid.setAttribute("role", "img");
  grid.setAttribute("aria-label", one.kind === "full" ? `${one.name}: every token sees every token` : `${one.name}: every token sees itself and those before it`);
  for (let r = 0; r < n; r++) {
    for (let c = 0; c < n; c++) {
      const cell = make("span");
      if (one.kind === "full" || c <= r) cell.dataset.seen = "";
      cell.title = `${words[r] || r} ${one.kind === "full" || c <= r ? "sees" : "does not see"} ${words[c] || c}`;
      grid.append(cell);
    }
  }
  outer.append(grid, make("figcaption", "pg-small", one.name));
  return outer;
}

function column(one, words) {
  const made = make("section", "pg-anatomy-column"), masks = make("div", "pg-masks");
  masks.append(...one.masks.map((each) => mask(each, words)));
  const flow = make("div", "pg-anatomy-flow");
  let stack = null;
  for (const part of one.components) {
    if (part.stack !== stack && part.stack) flow.append(make("p", "pg-anatomy-stack", part.stack));
    stack = part.stack;
    const row = make("div", "pg-anatomy-part"), top = make("div", "pg-anatomy-top");
    top.append(make("span", "", part.name), make("span", "pg-number", `${part.parameters} (${part.percent})`));
    row.append(top, bar(part.share));
    row.append(make("p", "pg-small pg-soft", [part.times, part.detail].filter(Boolean).join(": ")));
    flow.append(row);
  }
  made.append(make("h3", "", `${one.name}: ${one.family}`), make("p", "pg-small", one.sees), masks, make("p", "pg-small", one.uses), figuresOf(one.facts), flow,
    make("p", "pg-anatomy-total", `Together ${one.total}`));
  if (one.tied) made.append(make("p", "pg-small pg-soft", one.tied));
  return made;
}

function draw() {
  const value = props.value;
  box.hidden = !(value && value.columns);
  if (box.hidden) return;
  const columns = make("div", "pg-anatomy-columns");
  columns.append(...value.columns.map((one) => column(one, value.words)));
  box.replaceChildren(make("p", "", value.sentence), columns);
}
draw();
watch("value", draw);
