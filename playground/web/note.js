// One line of text for people: progress while work runs, then a sentence about the result. Knows no room.

/** @typedef {{text?: string, done?: number, total?: number, tone?: string}} Note */

/**
 * The notes on the page, by their elem_id.
 * @type {Map<string, (note: Note) => void>}
 */
const lines = new Map();

/**
 * Writes into a note of the page: for a script that asks the server itself.
 * @param {string} id
 * @param {Note} note
 */
export function tell(id, note) {
  lines.get(id)?.(note);
}

/** @param {Face<Note | string>} face */
export default function ({ element, props, watch }) {
  const box = element.querySelector(".pg-note"), text = document.createElement("span"), gauge = document.createElement("progress");
  // What runs here is stopped by the button of the same name; of two notes ("hosted-near-note") by the button of what both begin with.
  const id = element.closest('[id$="-note"]')?.id || "", own = id.slice(0, -5), names = [own, own.replace(/-\w+$/, "")];
  box.setAttribute("role", "status");
  box.setAttribute("aria-live", "polite");
  gauge.setAttribute("aria-label", "How far the work is");
  box.append(text, gauge);

  /** @param {Note} note */
  function write(note) {
    box.dataset.tone = note.tone || "";
    text.textContent = note.text || "";
    gauge.hidden = !note.total;
    if (note.total) Object.assign(gauge, { max: note.total, value: note.done || 0 });
    box.hidden = !note.text;
    const stop = names.map((name) => document.getElementById(`${name}-stop`)).find(Boolean);
    if (stop) stop.toggleAttribute("data-on", Boolean(document.querySelector(`[id^="${stop.id.slice(0, -4)}"][id$="-note"] .pg-note[data-tone="busy"]`)));
  }

  const draw = () => write(typeof props.value === "string" ? { text: props.value } : props.value || {});
  if (id) lines.set(id, write);
  draw();
  watch("value", draw);
}
