// A run's attention weights: asked for as bytes, decoded, and read by kind, layer and head. Knows views/packing.py's form and no page.
export const STEPS = 65535;
export const REDUCED = ["mean", "max", "rollout", "all"];
const KEPT = 24;

// uint32 length, JSON header, uint16 weights in steps of 1/65535.
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

function scaled(steps) {
  const made = new Float32Array(steps.length);
  for (let i = 0; i < made.length; i++) made[i] = steps[i] / STEPS;
  return made;
}

// Mean or largest weight over maps.
export function over(maps, how) {
  const made = new Float32Array(maps[0].length);
  for (const map of maps) {
    if (how === "max") for (let i = 0; i < made.length; i++) made[i] = Math.max(made[i], map[i] / STEPS);
    else for (let i = 0; i < made.length; i++) made[i] += map[i] / STEPS / maps.length;
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
