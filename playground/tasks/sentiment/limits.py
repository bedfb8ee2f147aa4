"""The stated bounds of sentiment: the service enforces them, the page shows them before they are hit."""

from dataclasses import dataclass

from playground.tasks.limits import Limits


@dataclass(frozen=True)
class SentimentLimits(Limits):
    """Characters are Unicode code points; tokens are the model's own."""

    sentiment_lines: int = 200
    attribution_tokens: int = 256
    file_lines: int = 10_000
    table_bytes: int = 8_000_000


LIMITS = SentimentLimits()
