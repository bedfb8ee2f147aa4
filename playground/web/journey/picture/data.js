// A journey's messages (views/journey/messages.py): asked for, read as they come, and looked up. Knows no page.
import { post, stream } from "../../ask.js";
import { numberOf, numbers, read } from "../../wire.js";

/**
 * @typedef {{ labels: string[], pieces: string[], special: boolean[], ids: number[] }} Tokens
 * @typedef {{ text: string, model: string, changes?: Cuts, layer?: number, head?: number }} Asked
 * @typedef {Record<string, import("../../wire.js").Coded>} Arrays
 * @typedef {{ hidden: number[], heads: [string, number, number][], blocks: [string, number][] }} Cuts
 */

/** What a decoder would say after one token: rows are before the first block, then after each. */
export class Saying {
  /** @param {any} header @param {Arrays} arrays */
  constructor(header, arrays) {
    this.position = /** @type {number} */ (header.position);
    [this.rows, this.most] = arrays.best.shape;
    this.best = numbers(arrays.best);
    this.shares = numbers(arrays.shares);
    this.ranks = numbers(arrays.ranks);
    this.logits = /** @type {Float32Array} */ (numbers(arrays.logits));
    /** @type {Map<number, string>} */
    this.words = new Map(header.words.ids.map((/** @type {number} */ id, /** @type {number} */ i) => [id, header.words.labels[i]]));
    this.special = new Set(header.words.ids.filter((/** @type {number} */ id, /** @type {number} */ i) => header.words.special[i]));
  }

  /** The likeliest tokens after a row: [{id, text, share}]. @param {number} row @param {number} count */
  guesses(row, count) {
    return Array.from({ length: Math.min(count, this.most) }, (_, i) => {
      const id = this.best[row * this.most + i];
      return { id, text: this.word(id), share: this.shares[row * this.most + i] };
    });
  }

  /** @param {number} id */
  word(id) {
    return this.words.get(id) ?? `#${id}`;
  }

  /** The first row from which the final choice stays first to the end. */
  get settled() {
    let row = this.rows - 1;
    while (row > 0 && this.ranks[row - 1] === 1) row--;
    return row;
  }
}

/** One text's way through a model. `weights` come block by block after the rest. */
export class Journey {
  /** @param {any} header @param {Arrays} arrays */
  constructor(header, arrays) {
    /** @type {Tokens} */
    this.tokens = header.tokens;
    this.header = header;
    this.size = header.tokens.ids.length;
    this.blocks = header.blocks;
    this.heads = header.heads;
    this.masked = header.kind === "masked";
    this.kind = header.kind;
    this.width = arrays.vectors.shape[1];
    this.vectors = /** @type {Int8Array} */ (arrays.vectors.data);
    this.steps = numbers(arrays.steps);
    this.stream = numbers(arrays.stream);
    this.added = numbers(arrays.added);
    const coding = arrays.one, codes = /** @type {Uint16Array} */ (coding.data);
    this.one = { layer: header.layer, head: header.head, codes };
    /** The weight that each code stands for. */
    this.table = Float32Array.from({ length: (coding.steps ?? 0) + 1 }, (_, code) => numberOf(coding, code));
    /** @type {(Uint16Array | undefined)[]} */
    this.layers = Array(header.blocks);
    /** @type {Saying | null} */
    this.saying = arrays.logits ? new Saying(header, arrays) : null;
    /** @type {[string, number][]} */
    this.labels = header.labels;
  }

  /** @param {number} layer @param {Arrays} arrays */
  add(layer, arrays) {
    this.layers[layer] = /** @type {Uint16Array} */ (arrays.weights.data);
  }

  /** Whether every weight is here. */
  get whole() {
    return this.layers.every(Boolean);
  }

  /** Cells of one head's codes. */
  get cells() {
    return this.masked ? (this.size * (this.size + 1)) / 2 : this.size * this.size;
  }

  /** @param {number} query @param {number} key */
  cell(query, key) {
    return this.masked ? (query * (query + 1)) / 2 + key : query * this.size + key;
  }

  /** Codes of a head, or null where they have not come yet. @param {number} layer @param {number} head */
  codes(layer, head) {
    const all = this.layers[layer];
    if (all) return all.subarray(head * this.cells, (head + 1) * this.cells);
    return layer === this.one.layer && head === this.one.head ? this.one.codes : null;
  }

  /** What `query` looks at, by key; null where it has not come yet. @param {number} layer @param {number | "mean"} head @param {number} query */
  row(layer, head, query) {
    const keys = this.masked ? query + 1 : this.size, made = new Float32Array(this.size);
    const heads = head === "mean" ? Array.from({ length: this.heads }, (_, i) => i) : [head];
    for (const one of heads) {
      const codes = this.codes(layer, one);
      if (!codes) return null;
      for (let key = 0; key < keys; key++) made[key] += this.table[codes[this.cell(query, key)]] / heads.length;
    }
    return made;
  }

  /** The length of a token's vector before the first block (0) and after each. @param {number} after @param {number} token */
  length(after, token) {
    return this.stream[after * this.size + token];
  }

  /** The length of what a half (0 attention, 1 feed-forward) of a block adds to a token. @param {number} layer @param {number} half @param {number} token */
  adds(layer, half, token) {
    return this.added[(layer * 2 + half) * this.size + token];
  }

  /** The same as a share of the token's vector after the block. @param {number} layer @param {number} half @param {number} token */
  share(layer, half, token) {
    return this.adds(layer, half, token) / Math.max(1e-9, this.length(layer + 1, token));
  }

  /** A token's first vector, and the most a number of it can be wrong by. @param {number} token */
  vector(token) {
    const codes = this.vectors.subarray(token * this.width, (token + 1) * this.width);
    return { numbers: Float32Array.from(codes, (code) => code * this.steps[token]), error: this.steps[token] / 2 };
  }
}

/** Messages of a journey as they come: `take(about, arrays)`. Throws an Error with the service's sentence.
 * @param {Asked} asked @param {(about: any, arrays: Arrays) => void} take @param {AbortSignal} signal */
export async function follow(asked, take, signal) {
  for await (const { about, arrays } of stream("/playground/journey", asked, signal)) take(about, arrays);
}

/** What would be said after another token. @param {Asked} asked @param {number} position @param {AbortSignal} signal */
export async function sayingAfter({ text, model, changes }, position, signal) {
  const answer = await post("/playground/journey/saying", { of: { text, model, changes }, position }, signal);
  const { about, arrays } = read(await answer.arrayBuffer());
  return new Saying(about, arrays);
}

/** The texts of token ids. @param {string} model @param {number[]} ids @returns {Promise<{ids: number[], labels: string[], special: number[]}>} */
export async function wordsOf(model, ids) {
  return (await post("/playground/journey/words", { model, ids })).json();
}
