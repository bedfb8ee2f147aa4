// One line of text for people: progress while work runs, then a sentence about the result. Knows no room.

export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-note");
  const text = document.createElement("span");
  const gauge = document.createElement("progress");
  // What runs here is stopped by the button of the same name; of two notes ("hosted-near-note") by the button of what both begin with.
  const own = element.closest('[id$="-note"]')?.id.slice(0, -5) || "", names = [own, own.replace(/-\w+$/, "")];
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
    const stop = names.map((name) => document.getElementById(`${name}-stop`)).find(Boolean);
    if (stop) stop.toggleAttribute("data-on", Boolean(document.querySelector(`[id^="${stop.id.slice(0, -4)}"][id$="-note"] .pg-note[data-tone="busy"]`)));
  }
  draw();
  watch("value", draw);
}
