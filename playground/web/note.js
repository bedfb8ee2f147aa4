// One line of text for people: progress while work runs, then a sentence about the result. Knows no room.

export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-note");
  const text = document.createElement("span");
  const gauge = document.createElement("progress");
  box.setAttribute("role", "status");
  box.setAttribute("aria-live", "polite");
  gauge.setAttribute("aria-label", "How far the work is");
  box.append(text, gauge);

  function draw() {
    const value = props.value || {};
    const note = typeof value === "string" ? { text: value } : value;
    box.dataset.tone = note.tone || "";
    text.textContent = note.text || "";
    gauge.hidden = !(note.total > 0);
    if (note.total > 0) {
      gauge.max = note.total;
      gauge.value = note.done || 0;
    }
    box.hidden = !note.text;
  }
  draw();
  watch("value", draw);
}
