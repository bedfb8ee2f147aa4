// The text as plain text, to read, select and copy. Knows no branch.
import { make } from "../../look.js";
import { tool } from "./parts.js";

/** @param {string} id */
export function textField(id) {
  const node = make("div", "pg-written"), label = make("label", "pg-small", "Text"), field = /** @type {HTMLTextAreaElement} */ (make("textarea", "pg-written-text"));
  node.id = id;
  Object.assign(field, { readOnly: true, rows: 4, dir: "auto" });
  label.append(field);
  const copy = tool("Copy", "Copy the text", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // over plain http browsers have no clipboard API
    }
  });
  node.append(label, copy);
  return {
    node,
    /** @param {string} text */
    write: (text) => {
      if (field.value !== text) field.value = text;
    },
  };
}
