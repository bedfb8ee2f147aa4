"""Sentiment: which label a text gets and with what probability. Requests, answers, softmax."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.tasks.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_text


@dataclass(frozen=True)
class Sentiment:
    """`labels`, `logits` and `probabilities` in the model's own order; probabilities sum to 1."""

    model: str
    source: str
    text: str
    labels: tuple[str, ...]
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]
    tokens: int

    @property
    def label(self) -> str:
        return self.labels[int(np.argmax(self.probabilities))]


@dataclass(frozen=True)
class SentimentRequest(Request[Sentiment]):
    text: str
    model: str
    room: ClassVar[str] = "sentiment"

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.sentiment_characters)


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """exp(x - max) over its sum, along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))
