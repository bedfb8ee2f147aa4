"""Sentiment: which label a text gets and with what probability, or that it cannot be read. Requests, answers, softmax."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.tasks.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_flag, check_text
from playground.tasks.unread import Unread

NEGATIVE, POSITIVE, UNREADABLE = "negative", "positive", "unreadable"


@dataclass(frozen=True)
class Sentiment:
    """`labels`, `logits` and `probabilities` in the model's own order; probabilities sum to 1.

    `tokens` were read, special ones included; `left_out` more were past the model's window. `reason`: why the text cannot be
    read, a sentence; "" where it can, and always for a model without the label “unreadable”. `unread`: what of it came out as
    [UNK].
    """

    model: str
    source: str
    text: str
    labels: tuple[str, ...]
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]
    tokens: int
    left_out: int = 0
    reason: str = ""
    unread: Unread = Unread()

    @property
    def verdict(self) -> str:
        """The likeliest label, or “unreadable”."""
        return UNREADABLE if self.reason else self.labels[int(np.argmax(self.probabilities))]

    @property
    def label(self) -> str | None:
        """The verdict; None where the text cannot be read."""
        return None if self.reason else self.verdict

    @property
    def positive(self) -> float | None:
        """The probability of positive against negative alone: softmax of these two logits. None for other labels."""
        if not {NEGATIVE, POSITIVE} <= set(self.labels):
            return None
        gap = self.logits[self.labels.index(POSITIVE)] - self.logits[self.labels.index(NEGATIVE)]
        return 1 / (1 + math.exp(-gap)) if gap > -700 else 0.0

    @property
    def leaning(self) -> str:
        """Positive or negative, whichever of the two is likelier; the verdict for other labels."""
        return self.verdict if self.positive is None else POSITIVE if self.positive > 0.5 else NEGATIVE


@dataclass(frozen=True)
class SentimentRequest(Request[Sentiment]):
    """`cut`: a text past the model's window is read as far as it goes, instead of refused."""

    text: str
    model: str
    cut: bool = False
    room: ClassVar[str] = "sentiment"

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.sentiment_characters)
        check_flag(self.cut, "Whether to cut")


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """exp(x - max) over its sum, along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
