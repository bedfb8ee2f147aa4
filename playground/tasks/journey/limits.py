"""The stated bounds of a journey: the service enforces them, the page shows them before they are hit."""

from dataclasses import dataclass

from playground.tasks.limits import Limits


@dataclass(frozen=True)
class JourneyLimits(Limits):
    """Characters are Unicode code points; tokens are the model's own. Of a longer text `tokens` are read, and the answer says so."""

    characters: int = 5_000
    tokens: int = 128
    best: int = 50
    named: int = 400
    words: int = 64


LIMITS = JourneyLimits()
