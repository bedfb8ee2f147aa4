"""How an answer came about: start and end logits of every token, window by window, and every span's score. Request and answer."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.errors import BadInput
from playground.tasks.answering.answering import Answering, AnsweringRequest
from playground.tasks.answering.spans import Floats, ScoredSpan
from playground.tasks.answering.word_edges import Edges
from playground.tasks.request import Request


@dataclass(frozen=True)
class ContextWindow:
    """Context tokens `first` up to, not including, `stop`, and their logits in this window (stop - first,), read-only.

    `start_null` and `end_null` are [CLS]'s logits: their sum is this window's score of "no answer". `best` is its best span.
    """

    first: int
    stop: int
    start: Floats
    end: Floats
    start_null: float
    end_null: float
    best: ScoredSpan

    @property
    def null(self) -> float:
        return self.start_null + self.end_null


@dataclass(frozen=True)
class ExplainedAnswer:
    """`answering` is the plain answer; `spans` are its candidates in tokens. `starts` and `ends` (tokens,): code points of the context.

    `edges`: (tokens,) whether a word begins, and whether one ends, there: only such tokens begin and end a span.

    A span's probability is exp(score / temperature) over exp(`log_sum`) + exp(`null` / temperature), `log_sum` being taken over all
    spans at the temperature. No answer where `null`, the least of all windows, minus the best score is above `threshold`. Spans
    have at most `longest` tokens; a window holds `max_tokens`, neighbours share `stride` tokens of the context.
    Bytes: 10 × tokens of the context + 8 × tokens of all windows + the context's text. Where the question is short that is about
    22 × tokens + text; at the limit of 100,000 characters under 3 MB, in English about 0.6 MB.
    """

    answering: Answering
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    windows: tuple[ContextWindow, ...]
    spans: tuple[ScoredSpan, ...]
    null: float
    log_sum: float
    threshold: float
    temperature: float
    longest: int
    stride: int
    max_tokens: int
    edges: Edges


@dataclass(frozen=True)
class ExplainAnswerRequest(Request[ExplainedAnswer]):
    """All that led to the answer `of`."""

    of: AnsweringRequest
    room: ClassVar[str] = "answering"

    def check(self) -> None:
        if not isinstance(self.of, AnsweringRequest):
            raise BadInput("Only the answer to a question can be explained.")
        self.of.check()
