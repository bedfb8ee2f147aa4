"""An explained answer -> what `web/answering/answering.js` draws: packed logits, windows, spans; and what the API returns of it."""

import math
import time
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from playground.catalog import find_model
from playground.tasks.answering.explained_answer import ContextWindow, ExplainedAnswer
from playground.tasks.answering.spans import ScoredSpan, position_probabilities, probability
from playground.views.answering.answering import answer_scores
from playground.views.answering.measured import MeasuredHere, measured_here
from playground.views.text import percent
from playground.views.wire import packed, rising, scaled, whole


class WindowLogits(TypedDict):
    """Tokens `first` up to, not including, `stop`; `null` is the window's score of "no answer", `best` its best span in tokens."""

    first: int
    stop: int
    start_logits: list[float]
    end_logits: list[float]
    null: float
    best: tuple[int, int]


class ExplainedSpan(TypedDict):
    """`text` == context[start:end]; tokens `first` to `last`, both included, read in `window`; `score` is its probability."""

    text: str
    start: int
    end: int
    first: int
    last: int
    window: int
    start_logit: float
    end_logit: float
    score: float


class Explanation(TypedDict):
    """`tokens` are [start, end) in code points; scores are sums of logits, `threshold` null where the model has none."""

    answer: str | None
    score: float
    no_answer_score: float
    tokens: list[tuple[int, int]]
    windows: list[WindowLogits]
    spans: list[ExplainedSpan]
    null: float
    threshold: float | None
    temperature: float


class SpanView(TypedDict):
    """Tokens `first` to `last`; `start` and `end` are their logits, `score` the sum; `place` in words."""

    text: str
    first: int
    last: int
    start: float
    end: float
    score: float
    window: int
    p: float
    percent: str
    place: str


class WindowView(TypedDict):
    """Tokens `first` up to, not including, `stop`; `start_null` and `end_null` are the logits of [CLS], with their probabilities."""

    first: int
    stop: int
    start_null: float
    end_null: float
    start_null_p: float
    end_null_p: float
    score: float
    p: float
    percent: str
    text: str
    best: list[int]


class Chance(TypedDict):
    p: float
    percent: str


class ExplainedView(TypedDict):
    """`arrays`: `starts` and `ends` in UTF-16 units and `edges`, a number a token; `start_logits` and `end_logits` of all windows, one
    after another. `stamp` tells two runs apart; `null`, `log_sum`, `threshold` (null: none) and `temperature` make probabilities."""

    stamp: int
    question: str
    context: str
    arrays: str
    windows: list[WindowView]
    spans: list[SpanView]
    null: float
    log_sum: float
    threshold: float | None
    temperature: float
    longest: int
    stride: int
    max_tokens: int
    no_answer: Chance
    model: str
    measured: MeasuredHere | None


def explanation(made: ExplainedAnswer) -> Explanation:
    """All of it as plain numbers, logits to 4 decimals."""
    chosen, threshold = answer_scores(made.answering), _finite(made.threshold)
    spans = zip(made.spans, made.answering.candidates, strict=True)
    return {
        "answer": chosen["answer"],
        "score": chosen["score"],
        "no_answer_score": made.answering.no_answer_score,
        "tokens": list(zip(made.starts.tolist(), made.ends.tolist(), strict=True)),
        "windows": [_window_logits(window) for window in made.windows],
        "spans": [{"text": c.text, "start": c.start, "end": c.end, "first": s.first, "last": s.last, "window": s.window,
                   "start_logit": round(s.start, 4), "end_logit": round(s.end, 4), "score": c.score} for s, c in spans],
        "null": round(made.null, 4),
        "threshold": threshold,
        "temperature": made.temperature,
    }  # fmt: skip


def _window_logits(window: ContextWindow) -> WindowLogits:
    start, end = ([round(v, 4) for v in logits.tolist()] for logits in (window.start, window.end))
    return {"first": window.first, "stop": window.stop, "start_logits": start, "end_logits": end, "null": round(window.null, 4),
            "best": (window.best.first, window.best.last)}  # fmt: skip


def explained_view(made: ExplainedAnswer) -> ExplainedView:
    """Text as received, places in UTF-16 units as JavaScript counts; bytes: text + about 3 × tokens + 5.4 × tokens of all windows."""
    context, units = made.answering.context, _units(made.answering.context)
    starts, ends = units[made.starts], units[made.ends]
    windows = [_window_view(made, window, context) for window in made.windows]
    return {
        "stamp": time.time_ns(),
        "question": made.answering.question,
        "context": context,
        "arrays": packed(
            {
                "starts": rising(starts),
                "ends": rising(ends),
                "edges": whole(made.edges[0] + 2 * made.edges[1]),  # 1: a word begins with this token, 2: one ends, 3: both
                "start_logits": scaled(np.concatenate([window.start for window in made.windows])),
                "end_logits": scaled(np.concatenate([window.end for window in made.windows])),
            }
        ),
        "windows": windows,
        "spans": [_span_view(made, span, i) for i, span in enumerate(made.spans)],
        "null": made.null,
        "log_sum": made.log_sum,
        "threshold": _finite(made.threshold),
        "temperature": made.temperature,
        "longest": made.longest,
        "stride": made.stride,
        "max_tokens": made.max_tokens,
        "no_answer": {"p": made.answering.no_answer_score, "percent": percent(made.answering.no_answer_score)},
        "model": f"{find_model(made.answering.model).name}, from {made.answering.source}",
        "measured": measured_here(made.answering.model, len(made.starts)),
    }


def _units(text: str) -> NDArray[np.int64]:
    """(characters + 1,) where each code point is in UTF-16 units."""
    points = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    return np.concatenate([[0], np.cumsum(1 + (points > 0xFFFF))])


def _window_view(made: ExplainedAnswer, window: ContextWindow, context: str) -> WindowView:
    best = window.best
    p = probability(best.score, made.log_sum, made.null, made.temperature)
    null = [position_probabilities(logits, at)[1] for logits, at in ((window.start, window.start_null), (window.end, window.end_null))]
    return {"first": window.first, "stop": window.stop, "start_null": window.start_null, "end_null": window.end_null,
            "start_null_p": null[0], "end_null_p": null[1], "score": best.score, "p": p, "percent": percent(p),
            "text": context[int(made.starts[best.first]) : int(made.ends[best.last])], "best": [best.first, best.last]}  # fmt: skip


def _span_view(made: ExplainedAnswer, span: ScoredSpan, place: int) -> SpanView:
    found = made.answering.candidates[place]
    return {"text": found.text, "first": span.first, "last": span.last, "start": span.start, "end": span.end, "score": span.score,
            "window": span.window, "p": found.score, "percent": percent(found.score),
            "place": f"characters {found.start:,}–{found.end:,}"}  # fmt: skip


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
