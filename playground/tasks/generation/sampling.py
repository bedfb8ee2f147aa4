"""From logits to the token that is drawn, stage by stage, on numpy: what transformers' own processors do, in `generate`'s order.

The order is repetition penalty (Keskar et al. 2019, section 4.1), temperature, top-k, top-p (Holtzman et al. 2020), min-p
(Nguyen et al. 2024), softmax, the draw. `web/generation/sampling.js` does the same in the page. Knows no model.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Knobs:
    """What changes nothing: penalty 1, temperature 1, top_k 0, top_p 1, min_p 0. Temperature 0 takes the likeliest."""

    repetition_penalty: float = 1.0
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0


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
    """Every stage of one step. `seen` are the ids already in prompt or answer, which the penalty is for."""
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


def rank_order(probabilities: NDArray[np.float64] | Floats) -> NDArray[np.int64]:
    """Places from the likeliest down; of equals the lower id first."""
    return np.lexsort((np.arange(len(probabilities)), -probabilities))


def place_drawn(probabilities: NDArray[np.float64], uniform: float) -> int:
    """Which of `probabilities` (likeliest first) a number from 0 to 1 falls on when they are laid end to end."""
    ends = np.cumsum(probabilities, dtype=np.float64)
    place = int(np.searchsorted(ends, uniform * ends[-1], side="right"))
    return min(place, int(np.count_nonzero(probabilities)) - 1)


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
