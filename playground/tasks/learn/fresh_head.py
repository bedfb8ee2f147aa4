"""A classification head that was never trained: random numbers on a trained body, for many seeds at once. Requests, answers, counting."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.tasks.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_list, check_text, check_whole

MOST_SEEDS = 100
MOST_TEXTS = 200


@dataclass(frozen=True)
class FreshHead:
    """`logits`: float32 (seeds, texts, 2), read-only; label 1 is “positive” only by name, since nothing taught the head."""

    model: str
    source: str
    texts: tuple[str, ...]
    seeds: tuple[int, ...]
    logits: NDArray[np.float32]


@dataclass(frozen=True)
class FreshHeadRequest(Request[FreshHead]):
    """What `AutoModelForSequenceClassification` makes of an encoder without a head: one head for each of `seeds`."""

    texts: tuple[str, ...]
    model: str
    seeds: tuple[int, ...] = tuple(range(20))
    room: ClassVar[str] = "attention"

    def check(self) -> None:
        check_list(self.texts, "The texts", 1, MOST_TEXTS)
        check_list(self.seeds, "The seeds", 1, MOST_SEEDS)
        for i, text in enumerate(self.texts, 1):
            check_text(text, f"Text {i}", LIMITS.sentiment_characters)
        for seed in self.seeds:
            check_whole(seed, "A seed", 0, 2**31 - 1)


def accuracies(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """(seeds,): the share of texts whose larger logit is that of their label; labels (texts,) are 0 or 1."""
    return np.asarray((logits.argmax(-1) == labels).mean(-1))


def one_sided(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """(seeds,): the share of texts that get the label this head gives most, 0.5 to 1."""
    ones = logits.argmax(-1).mean(-1)
    return np.asarray(np.maximum(ones, 1 - ones))
