"""Question answering: the span of a context that answers a question, or none. Requests, answers, span search.

A span's score is its probability among all allowed spans of all windows and "no answer", a softmax of start + end logits.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.tasks.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_text, check_whole


@dataclass(frozen=True)
class Span:
    """`text` == context[start:end]; `score` is its probability."""

    text: str
    start: int
    end: int
    score: float


@dataclass(frozen=True)
class Answering:
    """`best` is None where the model says there is no answer (its score is then `no_answer_score`).

    `candidates` are the best spans, falling by score, also where `best` is None. `windows` counts the pieces the context was read in.
    """

    model: str
    source: str
    question: str
    context: str
    best: Span | None
    no_answer_score: float
    candidates: tuple[Span, ...]
    windows: int

    @property
    def score(self) -> float:
        return self.best.score if self.best else self.no_answer_score


@dataclass(frozen=True)
class AnsweringRequest(Request[Answering]):
    question: str
    context: str
    model: str
    candidates: int = 5
    room: ClassVar[str] = "answering"

    def check(self) -> None:
        check_text(self.question, "The question", LIMITS.question_characters)
        check_text(self.context, "The context", LIMITS.context_characters)
        check_whole(self.candidates, "Candidates", 1, LIMITS.candidates)


def best_spans(
    start: NDArray[np.float32], end: NDArray[np.float32], allowed: NDArray[np.bool_], longest: int, most: int
) -> list[tuple[int, int, float]]:
    """The `most` best (first token, last token, start + end logit) with first <= last < first + longest, both allowed.

    start, end, allowed: (tokens,). Falling by score, ties by position. Equal to trying every pair (tested).
    """
    scores = start[:, None] + end[None, :]
    first, last = np.indices(scores.shape)
    scores = np.where(allowed[:, None] & allowed[None, :] & (last >= first) & (last - first < longest), scores, -np.inf)
    flat = scores.ravel()
    order = np.argsort(-flat, kind="stable")[:most] if most >= flat.size else _top(flat, most)
    return [(int(i // len(end)), int(i % len(end)), float(flat[i])) for i in order if flat[i] > -np.inf]


def _top(flat: NDArray[np.float32], most: int) -> NDArray[np.int64]:
    edge = np.partition(flat, -most)[-most]
    some = np.flatnonzero(flat >= edge)
    return some[np.argsort(-flat[some], kind="stable")][:most]


def log_sum_spans(start: NDArray[np.float32], end: NDArray[np.float32], allowed: NDArray[np.bool_], longest: int) -> float:
    """log of the sum of exp(start + end) over all spans `best_spans` may return."""
    where = np.flatnonzero(allowed)
    if not len(where):
        return -np.inf
    peak = float(start[where].max() + end[where].max())
    total = 0.0
    begin, stop = np.where(allowed, np.exp(start - start[where].max()), 0.0), np.where(allowed, np.exp(end - end[where].max()), 0.0)
    sums = np.concatenate([[0.0], np.cumsum(stop, dtype=np.float64)])
    reach = np.minimum(np.arange(len(begin)) + longest, len(begin))
    total = float((begin * (sums[reach] - sums[np.arange(len(begin))])).sum())
    return peak + float(np.log(total)) if total > 0 else -np.inf
