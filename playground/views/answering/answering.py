"""Answers -> what the API returns, the table of several that `web/answers.js` draws, and a sentence."""

from math import isfinite
from typing import Any, TypedDict

from playground.tasks.answering.answering import Answering, ManyAnswers
from playground.views.text import percent


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


def answers_view(made: ManyAnswers, chosen: int = 0) -> dict[str, Any]:
    """The table of several answers, for `web/answers.js`; `chosen` is the one shown below it."""
    rows = [{"question": one.question, "answer": one.best.text if one.best else "no answer", "answered": one.best is not None,
             "p": one.score, "percent": percent(one.score)} for one in made.answers]  # fmt: skip
    return {"rows": rows, "asked": made.asked, "chosen": chosen}


def answering_sentence(made: Answering, threshold: float) -> str:
    """By the model's own `threshold` (infinite: it has none), which stays true when the page's is moved."""
    read = "" if made.windows == 1 else f" The context was read in {made.windows} overlapping windows."
    if made.best is None:
        sure = f"{100 * made.no_answer_score:.1f} %"
        by = "By its own threshold the" if isfinite(threshold) else "The"
        return f"{by} model finds no answer in this context ({sure}). The best spans are listed all the same.{read}"
    by = (
        "By the model's own threshold the best span is the answer, with"
        if isfinite(threshold)
        else "This model always answers; its best span has"
    )
    sure = f"{by} {100 * made.best.score:.1f} %."
    others = made.candidates[1:]
    if not others:
        return f"{sure} No other span of this context was possible.{read}"
    rest = f"{100 * sum(s.score for s in others):.1f} %"
    return f"{sure} The next best spans have {rest} together: often the same words, cut wider or narrower.{read}"
