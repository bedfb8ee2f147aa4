"""The stated bounds of question answering: the service enforces them, the page shows them before they are hit."""

from dataclasses import dataclass

from playground.tasks.limits import Limits


@dataclass(frozen=True)
class AnsweringLimits(Limits):
    """Characters are Unicode code points; tokens are the model's own."""

    question_characters: int = 500
    context_characters: int = 100_000
    questions: int = 20
    many_characters: int = 500_000
    candidates: int = 10


LIMITS = AnsweringLimits()
