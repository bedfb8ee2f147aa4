// The branches of a text: tokens with their alternatives, and the tree they make, which lives in the page and nowhere else.
// Knows views/generation/trace.py's messages, no page and no server.

/** @typedef {import("../../wire.js").Numbers} Numbers */
/** @typedef {import("../../wire.js").Message} Message */
/**
 * What a text is asked for with: tasks/generation/generation.py's GenerationRequest as JSON; `seed` may be as somebody typed it.
 * @typedef {{prompt: string, model: string, chat: boolean, temperature: number, beams: number, seed: number | string | null, written?: number[], [name: string]: any}} Asked
 */
/**
 * `lse`: ln Σ exp(logit) over the vocabulary; `after`: the probability it was drawn with, `drawn` the number that drew it, NaN where none did.
 * @typedef {object} Token
 * @property {number} id
 * @property {number} rank
 * @property {number} logit
 * @property {number} lse
 * @property {number} after
 * @property {number} drawn
 * @property {{ids: Numbers, logits: Numbers, after: Numbers}} others
 * @property {Asked["seed"]} seed
 * @property {boolean} [chosen]
 */
/** @typedef {{id: number, logit: number, after: number, rank: number}} Alternative */
/**
 * `at`: where it parts from its parent; `kept`: how many of its tokens stood before its run began.
 * @typedef {object} Branch
 * @property {Branch | null} parent
 * @property {number} at
 * @property {Token[]} tokens
 * @property {Asked} asked
 * @property {number} number
 * @property {string} name
 * @property {string} text
 * @property {boolean} finished
 * @property {string} stopped
 */

/**
 * The probability at temperature 1.
 * @param {{logit: number}} one
 * @param {number} lse
 */
export function chance(one, lse) {
  return Math.exp(one.logit - lse);
}

/**
 * The tokens of a message.
 * @param {Message["arrays"]} arrays
 * @param {Asked["seed"]} seed
 * @returns {Token[]}
 */
export function tokensOf(arrays, seed) {
  const { ids, ranks, logits, normalisers, after, uniforms, others, other_logits: otherLogits, other_after: otherAfter } = arrays, [count, width] = others.shape;
  return Array.from({ length: count }, (_, i) => {
    const row = (/** @type {{data: Numbers}} */ one) => one.data.subarray(i * width, (i + 1) * width);
    return {
      id: ids.data[i], rank: ranks.data[i], logit: logits.data[i], lse: normalisers.data[i], after: after.data[i], drawn: uniforms.data[i],
      others: { ids: row(others), logits: row(otherLogits), after: row(otherAfter) }, seed,
    };
  });
}

/**
 * @param {Token} token
 * @returns {Alternative[]}
 */
export function alternatives({ others }) {
  return Array.from(others.ids, (id, i) => ({ id, logit: others.logits[i], after: others.after[i], rank: i + 1 }));
}

/** @param {Branch} branch */
export function sums({ tokens }) {
  const total = tokens.reduce((sum, token) => sum + token.logit - token.lse, 0);
  return { total, perplexity: tokens.length ? Math.exp(-total / tokens.length) : NaN };
}

/**
 * The first place at which two branches differ; -1 if none.
 * @param {Branch} a
 * @param {Branch} b
 */
export function differs(a, b) {
  const most = Math.max(a.tokens.length, b.tokens.length);
  for (let i = 0; i < most; i++) if (a.tokens[i]?.id !== b.tokens[i]?.id) return i;
  return -1;
}

/**
 * Whether the seed has a part in the text: at temperature 0 the likeliest is taken, and a search draws nothing.
 * @param {Asked} asked
 */
export function draws(asked) {
  return asked.temperature > 0 && asked.beams === 1;
}

/** @param {Branch} branch */
export const written = (branch) => branch.tokens.map((token) => token.id);

/** All branches of one prompt and model; another prompt or model begins anew. */
export class Branches {
  /** @param {number} most How many are kept. */
  constructor(most) {
    this.most = most;
    /** @type {Branch[]} */
    this.list = [];
    /** @type {Branch | null} */
    this.view = null;
    /** @type {Branch | null} */
    this.beside = null;
    this.family = "";
    this.count = 0;
  }

  /**
   * A text from its beginning.
   * @param {Asked} asked
   */
  root(asked) {
    const family = JSON.stringify([asked.prompt, asked.model, asked.chat]);
    if (family !== this.family) Object.assign(this, { list: [], beside: null, count: 0, family });
    return this.add({ parent: null, at: 0, tokens: [], asked });
  }

  /**
   * The text up to `at`, then another token than was written.
   * @param {Branch} branch
   * @param {number} at
   * @param {Alternative} other
   */
  choose(branch, at, other) {
    const token = { ...branch.tokens[at], id: other.id, logit: other.logit, after: other.after, rank: other.rank, drawn: NaN, chosen: true };
    return this.add({ parent: branch, at, tokens: [...branch.tokens.slice(0, at), token], asked: branch.asked });
  }

  /**
   * The same beginning with another seed: a branch of its own, beside the old one.
   * @param {Branch} branch
   */
  again(branch) {
    const chosen = branch.parent && branch.tokens[branch.at]?.chosen, from = branch.parent ? branch.at + (chosen ? 1 : 0) : 0;
    return this.add({ parent: branch.parent, at: branch.at, tokens: branch.tokens.slice(0, from), asked: { ...branch.asked, seed: null } });
  }

  /**
   * The new branch, in view; `removed` is the one that made room for it.
   * @param {{parent: Branch | null, at: number, tokens: Token[], asked: Asked}} begun
   * @returns {{branch: Branch, removed: Branch | null}}
   */
  add(begun) {
    const removed = this.list.length >= this.most ? this.oldest() : null;
    if (removed) this.forget(removed);
    const number = ++this.count, branch = { ...begun, number, name: `Branch ${number}`, text: "", finished: false, stopped: "" };
    this.list.push(branch);
    this.view = branch;
    return { branch, removed };
  }

  /** The oldest that is not in view, has no name of its own and no branch growing from it; else simply the oldest not in view. */
  oldest() {
    const free = this.list.filter((one) => one !== this.view && one !== this.beside);
    return free.find((one) => one.name === `Branch ${one.number}` && !this.list.some((other) => other.parent === one)) || free[0];
  }

  /** @param {Branch} branch */
  forget(branch) {
    this.list = this.list.filter((one) => one !== branch);
    for (const other of this.list) if (other.parent === branch) other.parent = branch.parent;
    if (this.beside === branch) this.beside = null;
    if (this.view === branch) this.view = this.list[this.list.length - 1] || null;
  }

  /** @param {Branch} branch */
  show(branch) {
    this.view = branch;
    if (this.beside === branch) this.beside = null;
  }

  /**
   * As the tree is read: each branch, then what grows from it.
   * @param {Branch | null} parent
   * @returns {Branch[]}
   */
  ordered(parent = null) {
    return this.list.filter((one) => one.parent === parent).flatMap((one) => [one, ...this.ordered(one)]);
  }

  /**
   * @param {Branch} branch
   * @returns {number}
   */
  depth(branch) {
    return branch.parent ? 1 + this.depth(branch.parent) : 0;
  }
}
