"""Question answering: the span of a context that answers a question, or none. Requests and answers; span search is in `spans.py`.

A span's score is its probability among all allowed spans of all windows and "no answer": a softmax of start + end logits, divided
by the model's temperature where it has one.
"""

from dataclasses import dataclass
from typing import ClassVar

from playground.errors import BadInput
from playground.tasks.answering.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_text, check_whole
from playground.tasks.unread import Unread


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
    `unread`: what of question and context together came out as [UNK].
    """

    model: str
    source: str
    question: str
    context: str
    best: Span | None
    no_answer_score: float
    candidates: tuple[Span, ...]
    windows: int
    unread: Unread = Unread()

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


@dataclass(frozen=True)
class ManyAnswers:
    """`answers` so far, in the order of the questions; `asked` of them are wanted in all."""

    model: str
    context: str
    answers: tuple[Answering, ...]
    asked: int


@dataclass(frozen=True)
class AnswerManyRequest(Request[ManyAnswers]):
    """Several questions over one context, which is cut into tokens once; their windows share batches.

    Partial answers are cumulative, one more question at a time.
    """

    questions: tuple[str, ...]
    context: str
    model: str
    room: ClassVar[str] = "answering"

    def check(self) -> None:
        if not isinstance(self.questions, tuple) or not self.questions:
            raise BadInput("There is no question. Type one, or several, one a line.")
        if len(self.questions) > LIMITS.questions:
            raise BadInput(f"There are {len(self.questions)} questions; the limit is {LIMITS.questions}. Ask the others afterwards.")
        for number, question in enumerate(self.questions, 1):
            check_text(question, f"Question {number}", LIMITS.question_characters)
        check_text(self.context, "The context", LIMITS.context_characters)
        read = len(self.questions) * len(self.context)
        if read > LIMITS.many_characters:
            raise BadInput(
                f"{len(self.questions)} questions × {len(self.context):,} characters of context are {read:,} characters to read; the limit "
                f"is {LIMITS.many_characters:,}. Ask fewer questions at once, or shorten the context."
            )

    def each(self) -> tuple[AnsweringRequest, ...]:
        return tuple(AnsweringRequest(question, self.context, self.model) for question in self.questions)
