// A run's attention weights: asked for, read, and looked up by kind, layer and head. Knows views/attention/packing.py's messages and no page.
import { post, stream } from "../../ask.js";
import { numberOf, read } from "../../wire.js";

export const REDUCED = ["mean", "max", "rollout", "all"];
const KEPT = 24;

// The weight that each code of an array stands for; `coding` as the array's header says it.
const tables = new Map();
function tableOf({ steps, power }) {
  const key = `${steps} ${power}`;
  if (!tables.has(key)) tables.set(key, Float32Array.from({ length: steps + 1 }, (_, code) => numberOf({ steps, power }, code)));
  return tables.get(key);
}

// An array of (layers, heads, rows, columns) codes as a part of a run.
function partOf(array, about = { layer: 0, head: 0 }) {
  const [layers, heads, rows, columns] = array.shape;
  return { ...about, layers, heads, rows, columns, data: array.data, coding: array, table: tableOf(array) };
}

// The service's bytes for one request. Throws an Error with the service's own sentence.
export async function ask(request) {
  return (await post("/playground/attention", request)).arrayBuffer();
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
    this.from = null; // the text it was written on from, where it was
  }

  add(buffer) {
    const { about, arrays } = read(buffer);
    this.buffers.push(buffer);
    this.header = about;
    this.shapes = about.shapes;
    const kept = this.kindOf(about.kind);
    if (about.labels.length) Object.assign(kept, { scores: about.scores, labels: about.labels, patterns: about.patterns });
    for (const told of about.parts) {
      const one = partOf(arrays[told.array], told);
      this.coding = one.coding;
      if (one.layers > 1 || one.heads > 1 || (!one.pooled && this.shape(about.kind).layers * this.shape(about.kind).heads === 1)) kept.all = one;
      else kept.single.set(`${one.layer}.${one.reduced || one.head}`, one);
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
    if (all.pooled) return weightsOf(single.get(`${layer}.${head}`), 0, 0);
    if (head === "rollout") return rollout(Array.from({ length: layer + 1 }, (_, i) => over(layerOf(all, i), all.table, "mean")), all.rows);
    if (head === "all") return over(Array.from({ length: all.layers }, (_, i) => layerOf(all, i)).flat(), all.table, "mean");
    return REDUCED.includes(head) ? over(layerOf(all, layer), all.table, head) : weightsOf(all, layer, head);
  }
}

// The codes of one head; `part.table` says what weights they are.
export function headOf(part, layer, head) {
  const size = part.rows * part.columns;
  return part.data.subarray((layer * part.heads + head) * size, (layer * part.heads + head + 1) * size);
}

function layerOf(part, layer) {
  return Array.from({ length: part.heads }, (_, head) => headOf(part, layer, head));
}

function weightsOf(part, layer, head) {
  return Float32Array.from(headOf(part, layer, head), (code) => part.table[code]);
}

// Mean or largest weight over maps of codes.
export function over(maps, table, how) {
  const made = new Float32Array(maps[0].length);
  for (const map of maps) {
    if (how === "max") for (let i = 0; i < made.length; i++) made[i] = Math.max(made[i], table[map[i]]);
    else for (let i = 0; i < made.length; i++) made[i] += table[map[i]] / maps.length;
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

// Asks for a text to be written on: `take(about, rows)` hears of each of its rows. Throws an Error with the service's sentence.
export async function writeOn(request, take, signal) {
  for await (const { about, arrays } of stream("/playground/writing", request, signal)) take(about, arrays.rows);
}

// A run that grows by rows: all maps so far, made anew with the rows that came.
export function grown(run, about, array) {
  const rows = partOf(array), { layers, heads, columns: size } = rows, before = run.kinds.get("masked"), first = size - rows.rows;
  const data = new Uint16Array(layers * heads * size * size);
  for (let map = 0; map < layers * heads; map++) {
    for (let row = 0; row < first; row++) data.set(before.all.data.subarray((map * first + row) * first, (map * first + row + 1) * first), (map * size + row) * size);
    data.set(rows.data.subarray(map * rows.rows * size, (map + 1) * rows.rows * size), (map * size + first) * size);
  }
  const side = about.side, shape = { kind: "masked", layers, heads, queries: side, keys: side, second: 0 };
  run.shapes = [shape];
  run.coding = rows.coding;
  run.header = { ...run.header, model: about.model, text: about.text, kind: "masked", shapes: [shape], patterns: [], scores: [], labels: [] };
  run.kinds.set("masked", { all: { ...rows, rows: size, data }, single: new Map(), scores: [], labels: [], patterns: [] });
  run.derived.clear();
}
