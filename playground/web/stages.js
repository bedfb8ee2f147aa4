// From logits to the token that is drawn, in transformers' order, as tasks/generation/sampling.py does it. Every cut takes the tail of one
// ranking, so a cut is a number of tokens that stay. Knows no page.

/**
 * @typedef {{ repetition_penalty: number, temperature: number, top_k: number, top_p: number, min_p: number }} Knobs
 */

/** @param {Float32Array} logits @param {Iterable<number>} seen @param {number} penalty */
export function penalise(logits, seen, penalty) {
  const scores = Float32Array.from(logits), p = Math.fround(penalty);
  if (penalty !== 1) for (const id of seen) scores[id] = logits[id] < 0 ? logits[id] * p : logits[id] / p;
  return scores;
}

/** Ids from the highest score down; of equals the lower id first. @param {Float32Array} scores */
export function ranked(scores) {
  return Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
}

/** Probabilities of the first `count` of the ranking, float64, summing to 1.
 * @param {Float32Array} scores @param {Uint32Array} ranking @param {number} count */
export function softmax(scores, ranking, count) {
  const raised = new Float64Array(count), most = scores[ranking[0]];
  let sum = 0;
  for (let i = 0; i < count; i++) sum += raised[i] = Math.exp(scores[ranking[i]] - most);
  for (let i = 0; i < count; i++) raised[i] /= sum;
  return raised;
}

/** @param {Float32Array} scores @param {Uint32Array} ranking @param {number} k */
function topK(scores, ranking, k) {
  if (k <= 0 || k >= ranking.length) return ranking.length;
  while (k < ranking.length && scores[ranking[k]] === scores[ranking[k - 1]]) k++;
  return k;
}

/** @param {Float32Array} scores @param {Uint32Array} ranking @param {number} count @param {number} p */
function topP(scores, ranking, count, p) {
  if (p >= 1) return count;
  const chances = softmax(scores, ranking, count);
  let tail = 0, kept = count;
  while (kept > 1 && (tail += chances[kept - 1]) <= 1 - p) kept--;
  return kept;
}

/** @param {Float32Array} scores @param {Uint32Array} ranking @param {number} count @param {number} p */
function minP(scores, ranking, count, p) {
  if (p <= 0) return count;
  const chances = softmax(scores, ranking, count), least = p * chances[0];
  let kept = count;
  while (kept > 1 && chances[kept - 1] < least) kept--;
  return kept;
}

/** Every stage of one step. `order` is the ranking of the penalised logits, made here where it is not given.
 * @param {Float32Array} logits @param {Iterable<number>} seen @param {Knobs} set @param {Uint32Array | null} [order] */
export function pipeline(logits, seen, set, order = null) {
  const penalised = penalise(logits, seen, set.repetition_penalty), greedy = set.temperature === 0, ranking = order ?? ranked(penalised);
  const t = Math.fround(greedy ? 1 : set.temperature), divided = greedy ? penalised : Float32Array.from(penalised, (x) => x / t);
  const inK = greedy ? 1 : topK(divided, ranking, set.top_k);
  const inP = greedy ? 1 : topP(divided, ranking, inK, set.top_p);
  const inMin = greedy ? 1 : minP(divided, ranking, inP, set.min_p);
  const before = softmax(divided, ranking, ranking.length), chances = softmax(divided, ranking, inMin);
  return { penalised, divided, order: ranking, greedy, inK, inP, inMin, before, chances };
}

/** Which place of the ranking a number from 0 to 1 falls on, the likeliest first, and where that place begins.
 * @param {Float64Array} chances @param {number} u */
export function fall(chances, u) {
  let end = 0;
  for (let i = 0; i < chances.length; i++) {
    if (u < end + chances[i] || i === chances.length - 1) return { place: i, begin: end, end: end + chances[i] };
    end += chances[i];
  }
  return { place: 0, begin: 0, end: 1 };
}
