// What can be taken away of the pictures: images, tables, arrays, and a file that opens without a server.
import { csv, npz, save } from "./export.js";
import { offlineFile } from "./offline.js";
import { beside, paint, svg } from "./scene.js";
import { make } from "./text.js";
import { headName } from "./words.js";

const TITLE = 26, NARROWEST = 480, SHARP = 2;

// A line of buttons for what is open in `lab`.
export function awayBar(lab) {
  const bar = make("div", "pg-lab-bar pg-lab-away");
  const makers = {
    PNG: () => png(lab), SVG: () => save(svg(sceneOf(lab), lab.style().paper), "attention.svg", "image/svg+xml"),
    CSV: () => save(`\ufeff${csv(lab.active.picture)}`, "attention.csv", "text/csv;charset=utf-8"), NPZ: () => arrays(lab),
    "HTML file": async () => save(await offlineFile(lab.panes, lab.state()), "attention.html", "text/html"),
  };
  bar.append(make("span", "pg-soft pg-small", "Take it away:"));
  for (const [name, run] of Object.entries(makers)) {
    if (lab.offline && name === "HTML file") continue;
    const button = make("button", "pg-lab-button", name);
    button.addEventListener("click", () => Promise.resolve().then(run).catch((error) => lab.say(`${name} could not be made: ${error.message}`, true)));
    bar.append(button);
  }
  return bar;
}

// All pictures beside one another, each under its name.
function sceneOf(lab) {
  const style = lab.style();
  return beside(lab.panes.filter((pane) => pane.picture).map((pane) => {
    const made = pane.made({ ...style, width: Math.max(NARROWEST, pane.figure.clientWidth), narrow: false });
    const title = { type: "text", x: 4, y: 12, text: `${pane.run.header.model}: ${headName(pane)}${pane.picture.signed ? " (difference)" : ""}`, size: 13, bold: true, fill: style.text };
    const moved = made.shapes.map((s) => (s.points ? { ...s, points: s.points.map((p, i) => (i % 2 ? p + TITLE : p)) } : { ...s, y: s.y + TITLE }));
    return { width: Math.max(made.width, 360), height: made.height + TITLE, shapes: [title, ...moved] };
  }));
}

function png(lab) {
  const canvas = document.createElement("canvas"), scene = sceneOf(lab);
  paint(canvas, { ...scene, shapes: [{ type: "rect", x: 0, y: 0, width: scene.width, height: scene.height, fill: lab.style().paper }, ...scene.shapes] }, SHARP);
  return new Promise((done) => canvas.toBlob((blob) => done(save(blob, "attention.png")), "image/png"));
}

function arrays({ active: { run, picture } }) {
  save(npz({
    weights: { shape: [picture.rows, picture.columns], data: picture.weights }, query_labels: picture.queries.map((item) => item.raw), key_labels: picture.keys.map((item) => item.raw),
    about: [`${run.header.model}; ${picture.kind}; ${headName(picture)}`],
  }), "attention.npz");
}
