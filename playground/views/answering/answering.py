"""Answers -> what the API returns, the table of several that `web/answering/answers.js` draws, and a sentence."""

from math import isfinite
from typing import TypedDict

from playground.tasks.answering.answering import Answering, ManyAnswers
from playground.views.text import percent
from playground.views.unread import unread_sentence


class Candidate(TypedDict):
    """One span of the context: `answer` == context[start:end] in code points; `score` its probability."""

    answer: str
    start: int
    end: int
    score: float


class Answer(TypedDict):
    """The best span, or null in `answer`, `start` and `end` where the model finds no answer; `score` is what it chose's probability.

    `unread`: the share of the question's and the context's tokens that came out as [UNK].
    """

    answer: str | None
    start: int | None
    end: int | None
    score: float
    candidates: list[Candidate]
    unread: float


class AnswerRow(TypedDict):
    question: str
    answer: str
    answered: bool
    p: float
    percent: str


class AnswersView(TypedDict):
    """`asked` questions in all; `chosen` is the row shown below."""

    rows: list[AnswerRow]
    asked: int
    chosen: int


def answer_scores(made: Answering) -> Answer:
    best = made.best
    return {
        "answer": best.text if best else None,
        "start": best.start if best else None,
        "end": best.end if best else None,
        "score": made.score,
        "candidates": [{"answer": s.text, "start": s.start, "end": s.end, "score": s.score} for s in made.candidates],
        "unread": made.unread.share,
    }


def answers_view(made: ManyAnswers, chosen: int = 0) -> AnswersView:
    """The table of several answers, for `web/answering/answers.js`; `chosen` is the one shown below it."""
    rows: list[AnswerRow] = [
        {"question": one.question, "answer": one.best.text if one.best else "no answer", "answered": one.best is not None,
         "p": one.score, "percent": percent(one.score)} for one in made.answers
    ]  # fmt: skip
    return {"rows": rows, "asked": made.asked, "chosen": chosen}


def answering_sentence(made: Answering, threshold: float) -> str:
    """By the model's own `threshold` (infinite: it has none), which stays true when the page's is moved."""
    read = "" if made.windows == 1 else f" The context was read in {made.windows} overlapping windows."
    if told := unread_sentence(made.unread, "question and context"):
        read += f" {told}"
    if made.best is None:
        sure = percent(made.no_answer_score)
        by = "By its own threshold the" if isfinite(threshold) else "The"
        return f"{by} model finds no answer in this context ({sure}). The best spans are listed all the same.{read}"
    by = (
        "By the model's own threshold the best span is the answer, with"
        if isfinite(threshold)
        else "This model always answers; its best span has"
    )
    sure = f"{by} {percent(made.best.score)}."
    others = made.candidates[1:]
    if not others:
        return f"{sure} No other span of this context was possible.{read}"
    rest = percent(sum(s.score for s in others))
    if len(others) == 1:
        return f"{sure} The next best span has {rest}; it {'shares words' if _alike(made) else 'shares no word'} with it.{read}"
    return f"{sure} The next best {len(others)} spans have {rest} together; {_shared(_alike(made), len(others))}.{read}"


def _alike(made: Answering) -> int:
    """How many of the other spans are the best one's words, cut wider or narrower, in part at least."""
    best, *others = made.candidates
    return sum(one.start < best.end and one.end > best.start for one in others)


def _shared(alike: int, others: int) -> str:
    if alike == others:
        return "all of them share words with it, cut wider or narrower"
    return f"{alike} of them {'shares' if alike == 1 else 'share'} words with it" if alike else "none of them shares a word with it"
