"""What the page works out in the browser, once more on numpy: tests hold the page to it, and it to the libraries."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.tasks.generation.sampling import Knobs

Floats = NDArray[np.float32]
Weights = NDArray[np.float32]


@dataclass(frozen=True)
class Stages:
    """All (vocabulary,) float32: scores after each stage, -inf where a token was cut; probabilities float64, which sum to 1."""

    penalised: Floats
    divided: Floats
    in_top_k: Floats
    in_top_p: Floats
    in_min_p: Floats
    probabilities: NDArray[np.float64]


def run_pipeline(logits: Floats, seen: NDArray[np.int32], knobs: Knobs) -> Stages:
    """Every stage of one step, in `generate`'s order: repetition penalty (Keskar et al. 2019, section 4.1), temperature, top-k, top-p
    (Holtzman et al. 2020), min-p (Nguyen et al. 2024), softmax. `seen`: the ids of prompt and answer, which the penalty is for."""
    penalised = _penalised(logits, seen, np.float32(knobs.repetition_penalty))
    if knobs.temperature == 0:
        taken = np.where(np.arange(len(logits)) == penalised.argmax(), penalised, np.float32(-np.inf))
        return Stages(penalised, penalised, taken, taken, taken, softmax(taken))
    divided = penalised / np.float32(knobs.temperature)
    in_top_k = _top_k(divided, knobs.top_k)
    in_top_p = _top_p(in_top_k, knobs.top_p)
    in_min_p = _min_p(in_top_p, knobs.min_p)
    return Stages(penalised, divided, in_top_k, in_top_p, in_min_p, softmax(in_min_p))


def softmax(scores: Floats) -> NDArray[np.float64]:
    raised = np.exp(scores.astype(np.float64) - float(scores.max()))
    return np.asarray(raised / raised.sum())


def _penalised(logits: Floats, seen: NDArray[np.int32], penalty: np.float32) -> Floats:
    scores = logits.copy()
    some = logits[seen]
    scores[seen] = np.where(some < 0, some * penalty, some / penalty)
    return scores


def _top_k(scores: Floats, k: int) -> Floats:
    if k <= 0 or k >= len(scores):
        return scores
    return _cut(scores, scores < np.partition(scores, -k)[-k])


def _top_p(scores: Floats, p: float) -> Floats:
    """Cut is the tail that together has at most 1 - p; the likeliest always stays."""
    if p >= 1:
        return scores
    order = np.argsort(scores, kind="stable")
    gone = np.cumsum(softmax(scores)[order]) <= 1 - p
    gone[-1] = False
    cut = np.zeros(len(scores), bool)
    cut[order] = gone
    return _cut(scores, cut)


def _min_p(scores: Floats, p: float) -> Floats:
    if p <= 0:
        return scores
    chances = softmax(scores)
    return _cut(scores, chances < p * chances.max())


def _cut(scores: Floats, gone: NDArray[np.bool_]) -> Floats:
    return np.where(gone, np.float32(-np.inf), scores)


def without_keys(weights: Weights, hidden: NDArray[np.bool_]) -> Weights:
    """The same weights with `hidden` keys at 0 and each row summing to 1 again; a row with nothing left is all 0."""
    kept = np.where(hidden, 0.0, weights)
    total = kept.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(kept, total, out=np.zeros_like(kept), where=total > 0), np.float32)


def by_word(weights: Weights, query_words: NDArray[np.int64], key_words: NDArray[np.int64]) -> Weights:
    """(..., query words, key words): weight to a word is the sum to its pieces, from a word the mean from its pieces.

    `*_words`: the word number of each token, from 0 without gaps. Rows still sum to 1. Source: Clark et al. 2019, section 4.1.
    """
    to_words = np.zeros((len(key_words), int(key_words.max()) + 1), np.float32)
    to_words[np.arange(len(key_words)), key_words] = 1.0
    from_words = np.zeros((int(query_words.max()) + 1, len(query_words)), np.float32)
    from_words[query_words, np.arange(len(query_words))] = 1.0
    from_words /= from_words.sum(axis=1, keepdims=True)
    return np.asarray(from_words @ (weights @ to_words), np.float32)
