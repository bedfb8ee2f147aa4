// Short texts of ours with marks in them, and sentences that end once. Text goes in as textContent. Knows no component.
import { make } from "./look.js";

/**
 * A sentence ended once: a question keeps its own mark.
 * @param {string} sentence
 */
export function fullStop(sentence) {
  return /[.!?…][”’»)]*$/.test(sentence) ? sentence : `${sentence}.`;
}

/**
 * Short texts of ours: paragraphs apart by blank lines, lines that begin with "- " as a list, `code` and **strong** within. Nothing else.
 * @param {string} text
 * @param {string} [name] of its class
 */
export function prose(text, name) {
  const whole = make("div", name || "pg-prose");
  for (const block of text.trim().split(/\n\s*\n/)) {
    const lines = block.split("\n").map((line) => line.trim());
    if (lines.every((line) => line.startsWith("- "))) {
      const list = make("ul");
      list.append(...lines.map((line) => inline(make("li"), line.slice(2))));
      whole.append(list);
    } else whole.append(inline(make("p"), lines.join(" ")));
  }
  return whole;
}

/**
 * @template {HTMLElement} E
 * @param {E} node
 * @param {string} text
 * @returns {E}
 */
export function inline(node, text) {
  for (const part of text.split(/(`[^`]+`|\*\*[^*]+\*\*)/)) {
    if (part.startsWith("`") && part.length > 2) node.append(make("code", "pg-mono", part.slice(1, -1)));
    else if (part.startsWith("**") && part.length > 4) node.append(make("strong", "", part.slice(2, -2)));
    else if (part) node.append(part);
  }
  return node;
}
