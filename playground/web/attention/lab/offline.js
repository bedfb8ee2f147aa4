// The lab as one file that opens without a server: this code as it is, in an import map of data: addresses, the styles, and the bytes
// that are here. Modules inside data: addresses cannot import by a relative path, so each has a bare name in the map.
import { base64Of } from "../../wire.js";

const IMPORTED = /(\b(?:from|import)\s*)"(\.{1,2}\/[^"]+)"/g;
const STYLES = ["base.css", "attention/lab.css"];
const OWN = "body { font: 15px system-ui, sans-serif; margin: 16px; --text-sm: 13px; --text-md: 15px; --font-mono: ui-monospace, monospace }";

/** @param {URL} url */
async function textOf(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`the code of the page (${url.pathname}) cannot be read; reload the page and try again`);
  return answer.text();
}

/** playground/web, with or without the version in its path; the saved file has none. */
const root = () => new URL("../../", import.meta.url);
/** @param {URL} url a module's bare name */
const nameOf = (url) => `pg/${url.pathname.slice(root().pathname.length)}`;

/**
 * A module's code with bare names for what it imports by a path, and those imports.
 * @param {string} code
 * @param {URL} url
 */
export function withBareNames(code, url) {
  /** @type {URL[]} */
  const imports = [];
  const made = code.replace(IMPORTED, (_, word, path) => {
    const found = new URL(path, url);
    imports.push(found);
    return `${word}"${nameOf(found)}"`;
  });
  return { code: made, imports };
}

/**
 * {imports: {bare name: data: address}} of a module and all that it imports.
 * @param {URL} first
 * @param {(url: URL) => Promise<string>} read
 */
export async function importMap(first, read = textOf) {
  /** @type {Record<string, string>} */
  const imports = {};
  const left = [first], seen = new Set([first.href]);
  for (let url = left.pop(); url; url = left.pop()) {
    const made = withBareNames(await read(url), url);
    imports[nameOf(url)] = `data:text/javascript;charset=utf-8,${encodeURIComponent(made.code)}`;
    for (const one of made.imports) if (!seen.has(one.href)) left.push(one);
    for (const one of made.imports) seen.add(one.href);
  }
  return { imports };
}

/** JSON that can stand in a script of an HTML page. @param {unknown} value */
const inScript = (value) => JSON.stringify(value).replaceAll("<", "\\u003c");

/**
 * The file's text.
 * @param {{name: string, run: {spec: Record<string, any>, buffers: ArrayBuffer[]}}[]} panes
 * @param {Record<string, any>} view
 */
export async function offlineFile(panes, view) {
  const map = await importMap(new URL("attention/lab/main.js", root())), styles = await Promise.all(STYLES.map((name) => textOf(new URL(name, root()))));
  const data = { runs: panes.map((pane) => ({ name: pane.name, spec: pane.run.spec, buffers: pane.run.buffers.map(base64Of) })), view };
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Attention</title><style>${styles.join("\n")}
${OWN}</style><script type="importmap">${inScript(map)}</script><body><h1>Attention</h1><div class="pg pg-lab"></div>
<script type="application/json" id="data">${inScript(data)}</script><script type="module">import { openFile } from "pg/attention/lab/main.js";
openFile(document.querySelector(".pg-lab"), JSON.parse(document.getElementById("data").textContent));</script></body></html>`;
}
