"""An answering -> the highlighted context and list of spans that `web/answering.js` draws, a sentence, and what the API returns."""

from itertools import pairwise
from typing import Any, TypedDict

from playground.catalog import find_model
from playground.tasks.answering import Answering, Span


class Candidate(TypedDict):
    """One span of the context: `answer` == context[start:end] in code points; `score` its probability."""

    answer: str
    start: int
    end: int
    score: float


class Answer(TypedDict):
    """The best span, or null in `answer`, `start` and `end` where the model finds no answer; `score` is what it chose's probability."""

    answer: str | None
    start: int | None
    end: int | None
    score: float
    candidates: list[Candidate]


def answer_scores(made: Answering) -> Answer:
    best = made.best
    return {
        "answer": best.text if best else None,
        "start": best.start if best else None,
        "end": best.end if best else None,
        "score": made.score,
        "candidates": [{"answer": s.text, "start": s.start, "end": s.end, "score": s.score} for s in made.candidates],
    }


def answering_view(made: Answering) -> dict[str, Any]:
    """The context cut at every candidate's edges, so that the page can mark any of them without counting code points."""
    edges = sorted({0, len(made.context), *(e for s in made.candidates for e in (s.start, s.end))})
    return {
        "pieces": [made.context[a:b] for a, b in pairwise(edges)],
        "spans": [_span(span, edges) for span in made.candidates],
        "answered": made.best is not None,
        "no_answer": {"p": made.no_answer_score, "percent": _percent(made.no_answer_score)},
        "model": f"{find_model(made.model).name}, from {made.source}",
        "windows": made.windows,
    }


def _span(span: Span, edges: list[int]) -> dict[str, Any]:
    return {"text": span.text, "first": edges.index(span.start), "last": edges.index(span.end), "p": span.score,
            "percent": _percent(span.score), "place": f"characters {span.start:,}–{span.end:,}"}  # fmt: skip


def _percent(p: float) -> str:
    return f"{100 * p:.1f} %" if p >= 0.0005 else "< 0.1 %"


def answering_sentence(made: Answering) -> str:
    read = "" if made.windows == 1 else f" The context was read in {made.windows} overlapping windows."
    if made.best is None:
        sure = f"{100 * made.no_answer_score:.1f} %"
        return f"The model finds no answer in this context ({sure}). The best spans are listed all the same.{read}"
    sure = f"The marked span is the answer, with {100 * made.best.score:.1f} %."
    others = made.candidates[1:]
    if not others:
        return f"{sure} No other span of this context was possible.{read}"
    rest = f"{100 * sum(s.score for s in others):.1f} %"
    return f"{sure} The next best spans have {rest} together: often the same words, cut wider or narrower.{read}"
