// A program to read, copy and save, for program.js, lesson.js and cards.js: {text, name}. Its text is textContent.
import { make } from "./look.js";

/** @param {{text: string, name?: string}} value */
export function listing(value) {
  const whole = make("div", "pg-listing"), row = make("div", "pg-listing-bar"), code = make("pre", "pg-mono", value.text);
  const copy = make("button", "pg-button", "Copy"), save = make("button", "pg-button", "Save as a file"), told = make("span", "pg-soft pg-small");
  copy.type = save.type = "button";
  told.setAttribute("role", "status");
  code.tabIndex = 0;
  code.setAttribute("role", "region");
  code.setAttribute("aria-label", "Program");
  // Without the clipboard API (plain http on a school's network) the text is selected, and the key to press is named.
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      told.textContent = "Copied.";
    } catch {
      getSelection()?.selectAllChildren(code);
      told.textContent = "Selected: press Ctrl+C (⌘C on a Mac).";
    }
  });
  save.addEventListener("click", () => {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([code.textContent], { type: "text/x-python" }));
    link.download = value.name || "program.py";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  row.append(copy, save, told);
  whole.append(row, code);
  return whole;
}
