"""Every span of a context with its score, put together from overlapping windows. Pure maths; knows no model and no text.

A span is (first token, last token), both included; its score is start logit + end logit, read in one window. A span that two
windows hold counts once, with its higher score, so that a context read in windows is scored like one that fits. Spans begin and end
only at the tokens that the caller allows, those where words do; in a window that holds no such span every one is allowed.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.tasks.answering.word_edges import Edges

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class ScoredSpan:
    """Tokens `first` to `last`, both included; `start` and `end` are the logits `score` is the sum of, read in `window`."""

    first: int
    last: int
    start: float
    end: float
    window: int

    @property
    def score(self) -> float:
        return self.start + self.end


class SpanScores:
    """Fill with `add`, one call a window. Takes 6 bytes × tokens × longest; every allowed span of at most `longest` tokens is in it.

    `edges`: (tokens,) whether a span may begin, and whether one may end, at each token; None allows all.
    """

    def __init__(self, tokens: int, longest: int, edges: Edges | None = None) -> None:
        self._scores = np.full((tokens, min(longest, max(tokens, 1))), -np.inf, np.float32)
        self._window = np.zeros(self._scores.shape, np.uint16)
        self._read: list[tuple[int, Floats, Floats]] = []
        self._edges = edges

    def add(self, first: int, start: Floats, end: Floats) -> ScoredSpan:
        """A window's logits (tokens,) of the context's tokens from `first` on; its best span, ties by position."""
        longest, held = self._scores.shape[1], slice(first, first + len(start))
        scores = _sums(start, end, longest)
        if self._edges:
            may_begin, may_end = (edge[held] for edge in self._edges)
            allowed = _sums(np.where(may_begin, start, -np.inf), np.where(may_end, end, -np.inf), longest)
            scores = allowed if allowed.max(initial=-np.inf) > -np.inf else scores
        better = scores > self._scores[held]
        self._scores[held][better] = scores[better]
        self._window[held][better] = len(self._read)
        begin, more = divmod(int(scores.argmax()), longest)
        self._read.append((first, start, end))
        return ScoredSpan(first + begin, first + begin + more, float(start[begin]), float(end[begin + more]), len(self._read) - 1)

    def best(self, most: int) -> list[ScoredSpan]:
        """The `most` best, falling by score, ties by position."""
        flat = self._scores.ravel()
        if most < flat.size:
            some = np.flatnonzero(flat >= np.partition(flat, -most)[-most])
            order = some[np.argsort(-flat[some], kind="stable")][:most]
        else:
            order = np.argsort(-flat, kind="stable")
        return [self._span(int(i)) for i in order if flat[i] > -np.inf]

    def log_sum(self, temperature: float = 1.0) -> float:
        """log of the sum of exp(score / temperature) over all spans; -inf where there is none."""
        peak = float(self._scores.max(initial=-np.inf))
        if peak == -np.inf:
            return -np.inf
        return peak / temperature + float(np.log(np.exp((self._scores - peak) / temperature, dtype=np.float64).sum()))

    def _span(self, place: int) -> ScoredSpan:
        first, more = divmod(place, self._scores.shape[1])
        window = int(self._window[first, more])
        begin, start, end = self._read[window]
        return ScoredSpan(first, first + more, float(start[first - begin]), float(end[first + more - begin]), window)


def _sums(start: NDArray[Any], end: NDArray[Any], longest: int) -> Floats:
    """(tokens, longest) start logit of each token + end logit of it and of those after it; -inf past the last."""
    ends = np.concatenate([end, np.full(longest - 1, -np.inf)]).astype(np.float32)
    return np.asarray(start.astype(np.float32)[:, None] + np.lib.stride_tricks.sliding_window_view(ends, longest), np.float32)


def probability(score: float, log_sum: float, null: float, temperature: float) -> float:
    """exp(score / T) over the sum of all spans' (`log_sum`, taken at T) and "no answer"'s (`null`)."""
    return float(np.exp(score / temperature - np.logaddexp(log_sum, null / temperature)))


def position_probabilities(logits: Floats, null: float) -> tuple[Floats, float]:
    """((tokens,) probabilities, "no answer"'s): softmax of one window's start or end logits and [CLS]'s logit `null`; sums to 1."""
    peak = max(float(logits.max(initial=-np.inf)), null)
    shares, none = np.exp(logits.astype(np.float64) - peak), float(np.exp(null - peak))
    total = float(shares.sum()) + none
    return (shares / total).astype(np.float32), none / total
