// A run's attention weights: asked for as bytes, decoded, and read by kind, layer and head. Knows views/attention/packing.py's form and no page.
const STEPS = 65535;
export const REDUCED = ["mean", "max", "rollout", "all"];
const KEPT = 24;

// A uint16 code as a weight: (c / 65535)⁴, as tasks/precision.py packs it.
export function weightOf(code) {
  const root = (code / STEPS) ** 2;
  return root * root;
}

// The most a weight, or a mean of weights, can have moved by being packed (tasks/precision.py `packing_error`).
export function packingError(weight) {
  const size = Math.abs(weight);
  return (size ** 0.25 + 0.5 / STEPS) ** 4 - size + 1e-6 * size;
}

// uint32 length, JSON header, uint16 codes.
export function decode(buffer) {
  const size = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size)));
  const parts = header.parts.map((part) => ({
    ...part, data: new Uint16Array(buffer, 4 + size + part.offset, part.layers * part.heads * part.rows * part.columns),
  }));
  return { header, parts };
}

// The service's bytes for one request. Throws an Error with the service's own sentence.
export async function ask(request) {
  const root = (window.gradio_config && window.gradio_config.root) || "";
  let answer;
  try {
    answer = await fetch(`${root}/playground/attention`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request) });
  } catch {
    throw new Error("The server cannot be reached. Check the connection, then choose again.");
  }
  if (!answer.ok) {
    const said = await answer.json().catch(() => ({}));
    throw new Error(said.detail || `The server answered with error ${answer.status}. Try again.`);
  }
  return answer.arrayBuffer();
}

// One run of a model over a text. `buffers` are the answers so far: all a self-contained file needs.
export class Run {
  constructor(spec, fetcher = ask) {
    this.spec = spec;
    this.fetcher = fetcher;
    this.buffers = [];
    this.kinds = new Map();
    this.derived = new Map();
    this.shapes = [];
    this.waiting = new Map();
  }

  add(buffer) {
    const { header, parts } = decode(buffer);
    this.buffers.push(buffer);
    this.header = header;
    this.shapes = header.shapes;
    const kept = this.kindOf(header.kind);
    if (header.labels.length) Object.assign(kept, { scores: header.scores, labels: header.labels, patterns: header.patterns });
    for (const part of parts) {
      if (part.layers > 1 || part.heads > 1 || (!part.pooled && this.shape(header.kind).layers * this.shape(header.kind).heads === 1)) {
        kept.all = part;
        kept.stride = part.columns;
      } else kept.single.set(`${part.layer}.${part.reduced || part.head}`, part);
    }
  }

  kindOf(kind) {
    if (!this.kinds.has(kind)) this.kinds.set(kind, { single: new Map(), scores: [], labels: [], patterns: [] });
    return this.kinds.get(kind);
  }

  shape(kind) {
    return this.shapes.find((shape) => shape.kind === kind) || this.shapes[0];
  }

  // What must be asked for before `map` can answer; null if nothing.
  lacking(kind, layer, head) {
    const kept = this.kinds.get(kind);
    if (!kept || !kept.all) return { kind };
    if (!kept.all.pooled || kept.single.has(`${layer}.${head}`)) return null;
    return { kind, layer, head };
  }

  // Fetches what is lacking, once for all who ask.
  async need(kind, layer, head) {
    for (let tries = 0; tries < 2 && this.lacking(kind, layer, head); tries++) await this.fetch(this.lacking(kind, layer, head));
  }

  async patterns(kind) {
    if (!this.kindOf(kind).labels.length && kind !== "cross") await this.fetch({ kind, patterns: true });
    return this.kindOf(kind);
  }

  fetch(more) {
    const key = JSON.stringify(more);
    if (!this.waiting.has(key)) {
      const asked = this.fetcher({ ...this.spec, ...more }).then((buffer) => this.add(buffer)).finally(() => this.waiting.delete(key));
      this.waiting.set(key, asked);
    }
    return this.waiting.get(key);
  }

  // Float32 (rows, columns) of one head, or of a reduction over heads; null where the bytes are not here yet.
  map(kind, layer, head) {
    if (this.lacking(kind, layer, head)) return null;
    const key = `${kind}.${layer}.${head}`;
    if (!this.derived.has(key)) {
      if (this.derived.size >= KEPT) this.derived.delete(this.derived.keys().next().value);
      this.derived.set(key, this.derive(kind, layer, head));
    }
    return this.derived.get(key);
  }

  derive(kind, layer, head) {
    const { all, single } = this.kinds.get(kind);
    if (all.pooled) return scaled(single.get(`${layer}.${head}`).data);
    if (head === "rollout") return rollout(Array.from({ length: layer + 1 }, (_, i) => over(layerOf(all, i), "mean")), all.rows);
    if (head === "all") return over(Array.from({ length: all.layers }, (_, i) => layerOf(all, i)).flat(), "mean");
    return REDUCED.includes(head) ? over(layerOf(all, layer), head) : scaled(headOf(all, layer, head));
  }
}

export function headOf(part, layer, head) {
  const size = part.rows * part.columns;
  return part.data.subarray((layer * part.heads + head) * size, (layer * part.heads + head + 1) * size);
}

function layerOf(part, layer) {
  return Array.from({ length: part.heads }, (_, head) => headOf(part, layer, head));
}

function scaled(codes) {
  const made = new Float32Array(codes.length);
  for (let i = 0; i < made.length; i++) made[i] = weightOf(codes[i]);
  return made;
}

// Mean or largest weight over maps.
export function over(maps, how) {
  const made = new Float32Array(maps[0].length);
  for (const map of maps) {
    if (how === "max") for (let i = 0; i < made.length; i++) made[i] = Math.max(made[i], weightOf(map[i]));
    else for (let i = 0; i < made.length; i++) made[i] += weightOf(map[i]) / maps.length;
  }
  return made;
}

// How much of each input token reaches each place if attention were all that mixed them: half identity for the residual,
// rows to sum 1, multiplied upwards (Abnar & Zuidema 2020, eq. 1).
export function rollout(means, size) {
  let flow = null;
  for (const mean of means) {
    const mixed = new Float32Array(size * size);
    for (let row = 0; row < size; row++) {
      let total = 1;
      for (let column = 0; column < size; column++) total += mean[row * size + column];
      for (let column = 0; column < size; column++) mixed[row * size + column] = (mean[row * size + column] + (row === column)) / total;
    }
    flow = flow ? product(mixed, flow, size) : mixed;
  }
  return flow;
}

function product(a, b, size) {
  const made = new Float32Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let inner = 0; inner < size; inner++) {
      const factor = a[row * size + inner];
      if (factor) for (let column = 0; column < size; column++) made[row * size + column] += factor * b[inner * size + column];
    }
  }
  return made;
}

// Reads the frames of a text being written: `take(header, rows)` hears of each. Throws an Error with the service's sentence.
export async function writeOn(request, take, signal) {
  const root = (window.gradio_config && window.gradio_config.root) || "";
  const answer = await fetch(`${root}/playground/writing`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(request), signal });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail || `The server answered with error ${answer.status}. Try again.`);
  const reader = answer.body.getReader();
  let held = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const joined = new Uint8Array(held.length + value.length);
    joined.set(held);
    joined.set(value, held.length);
    held = joined;
    while (held.length >= 8) {
      const view = new DataView(held.buffer, held.byteOffset), header = view.getUint32(0, true), body = view.getUint32(4, true);
      const end = 8 + header + Math.ceil(body / 8) * 8;
      if (held.length < end) break;
      const about = JSON.parse(new TextDecoder().decode(held.subarray(8, 8 + header)));
      if (about.detail) throw new Error(about.detail);
      take(about, new Uint16Array(held.slice(8 + header, 8 + header + body).buffer));
      held = held.slice(end);
    }
  }
}

// A run that grows by rows: all maps so far, made anew with the rows that came.
export function grown(run, about, rows) {
  const { layers, heads, columns: size } = about, before = run.kinds.get("masked"), first = size - about.rows;
  const data = new Uint16Array(layers * heads * size * size);
  for (let map = 0; map < layers * heads; map++) {
    for (let row = 0; row < first; row++) data.set(before.all.data.subarray((map * first + row) * first, (map * first + row + 1) * first), (map * size + row) * size);
    data.set(rows.subarray(map * about.rows * size, (map + 1) * about.rows * size), (map * size + first) * size);
  }
  const side = about.side, shape = { kind: "masked", layers, heads, queries: side, keys: side, second: 0 };
  run.shapes = [shape];
  run.header = { ...run.header, model: about.model, text: about.text, kind: "masked", shapes: [shape], patterns: [], scores: [], labels: [] };
  run.kinds.set("masked", { all: { layer: 0, head: 0, layers, heads, rows: size, columns: size, data }, single: new Map(), scores: [], labels: [], patterns: [] });
  run.derived.clear();
}
