// What each key does, and when a key is not ours: while typing, in a menu, or where a picture has moves of its own. Knows no panel.
export const KEYS = [
  ["?", "This list", "help"],
  ["p", "Presenter on or off: one panel, large type", "present"],
  ["f", "Full screen on or off", "full"],
  ["i", "Show the panel’s inputs beside its picture, or hide them (presenter)", "inputs"],
  ["+", "Larger picture (presenter)", "larger"],
  ["-", "Smaller picture (presenter)", "smaller"],
  ["d", "Dark or light", "dark"],
  ["]", "Next panel", "nextPanel"],
  ["[", "Panel before", "lastPanel"],
  ["r", "Run this panel", "run"],
  ["t", "To the text", "field"],
  ["→", "Next scene (PageDown, as remote controls send it, too)", "nextScene"],
  ["←", "Scene before (PageUp too)", "lastScene"],
  ["s", "Scenes: list, notes, file", "scenes"],
  ["n", "Notes of the scenes in a window of their own, for your screen (presenter)", "notes"],
  ["a", "Add what is shown as a scene", "add"],
  ["l", "Copy a link to what is shown", "link"],
  ["q", "QR code of that link", "qr"],
  ["c", "Class: open one, or step off and come back", "classroom"],
  ["Esc", "Close what is open; leave the presenter", "escape"],
];
/** @type {Record<string, string>} */
const NAMES = { ArrowRight: "→", PageDown: "→", ArrowLeft: "←", PageUp: "←", Escape: "Esc", "=": "+", _: "-" };
const OWN_MOVES = "[role=application], [role=slider], [role=listbox], [role=group], [role=tablist], [role=radiogroup], input, select, .pg-chip";

/**
 * The name of the action for this key press, "" for none.
 * @param {KeyboardEvent} event
 * @param {boolean} singles
 */
export function actionOf(event, singles) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return "";
  const on = event.target instanceof Element ? event.target : document.body;
  if (event.key === "Escape" && on.closest(".pg-stage")) return "escape"; // also from a field of the strip
  if (on.closest("textarea, [contenteditable=true], input:not([type=checkbox], [type=radio], [type=range], [type=button]), select")) return "";
  const key = NAMES[event.key] || event.key;
  if (event.key.startsWith("Arrow") && on.closest(OWN_MOVES)) return "";
  if (key.length === 1 && !"→←".includes(key) && !singles) return "";
  const found = KEYS.find(([name]) => name === key || name === key.toLowerCase());
  return found ? found[2] : "";
}
