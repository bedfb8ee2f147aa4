"""Sentiment: which label a text gets and with what probability. Requests, answers, softmax."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.tasks.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_flag, check_text


@dataclass(frozen=True)
class Sentiment:
    """`labels`, `logits` and `probabilities` in the model's own order; probabilities sum to 1.

    `tokens` were read, special ones included; `left_out` more were past the model's window.
    """

    model: str
    source: str
    text: str
    labels: tuple[str, ...]
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]
    tokens: int
    left_out: int = 0

    @property
    def label(self) -> str:
        return self.labels[int(np.argmax(self.probabilities))]


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
