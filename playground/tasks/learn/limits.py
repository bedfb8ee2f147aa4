"""The stated bounds of the lesson: the service enforces them, the page shows them before they are hit."""

from dataclasses import dataclass

from playground.tasks.limits import Limits


@dataclass(frozen=True)
class LearnLimits(Limits):
    """Characters are Unicode code points; tokens are the model's own."""

    hosted_characters: int = 4_000
    hosted_tokens: int = 512


LIMITS = LearnLimits()
