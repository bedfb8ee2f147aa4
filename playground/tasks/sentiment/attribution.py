"""Which words of a text speak for a label, by occlusion or by integrated gradients. Requests, answers, pure maths on numpy.

What is shared out is the label's log-odds: its logit − log Σ exp(the other logits). With two labels that is the difference of the
two logits, and softmax makes 1 / (1 + exp(−log-odds)) of it.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.tasks.request import Request
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.text import check_choice, check_text, check_whole
from playground.tasks.words import words_at, words_of

METHODS = ("occlusion", "integrated gradients")
UNITS = ("word", "token")
FILLERS = ("mask", "pad", "nothing")
MOST_STEPS = 256
Method = Literal["occlusion", "integrated gradients"]


@dataclass(frozen=True)
class Attribution:
    """How much each unit moves the log-odds of `label`, and how far these numbers add up.

    `starts`, `ends` int32 and `scores` float64 (units,), read-only: spans in code points of `text`, and log-odds, above 0 towards
    `label`. `log_odds` is of the whole text, `base` of the text with every unit replaced. `filler` is the token put in a unit's
    place, "" where it was taken out. `steps`: points of the integral, 0 for occlusion. `labels`, `logits`, `probabilities` as in
    `Sentiment`.
    """

    model: str
    source: str
    text: str
    method: str
    unit: str
    filler: str
    label: str
    labels: tuple[str, ...]
    logits: tuple[float, ...]
    probabilities: tuple[float, ...]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    scores: NDArray[np.float64]
    log_odds: float
    base: float
    steps: int

    @property
    def gap(self) -> float:
        """What the scores leave unexplained of `log_odds` − `base`. Exact integrated gradients have none (completeness)."""
        return self.log_odds - self.base - float(self.scores.sum())


@dataclass(frozen=True)
class AttributionRequest(Request[Attribution]):
    """For the label the model gives, or for `label`.

    Occlusion (Zeiler & Fergus 2014): the log-odds of the text minus those with one unit replaced by `filler` (or taken out).
    Integrated gradients (Sundararajan et al. 2017, eq. 1): from a baseline with every token's embedding replaced, in `steps`
    points by Gauss–Legendre quadrature; a word's score is the sum of its tokens'.
    """

    of: SentimentRequest
    method: str = "occlusion"
    unit: str = "word"
    label: str = ""
    filler: str = "mask"
    steps: int = 32
    room: ClassVar[str] = "sentiment"

    def check(self) -> None:
        self.of.check()
        check_choice(self.method, "The method", METHODS)
        check_choice(self.unit, "The unit", UNITS)
        check_choice(self.filler, "What is put in a word’s place,", FILLERS if self.method == "occlusion" else FILLERS[:2])
        check_text(self.label, "The label", 100, empty=True)
        check_whole(self.steps, "The number of steps", 1, MOST_STEPS)


def merged(tokens: Attribution) -> Attribution:
    """Integrated gradients of tokens added up to words: what a request by word would give, without running it."""
    words = words_of(tokens.text)
    scores = np.zeros(len(words))
    places = words_at(words, tokens.starts.tolist(), tokens.ends.tolist())
    np.add.at(scores, np.maximum(places, 0).astype(int), tokens.scores)
    starts, ends = np.array(words, np.int32).reshape(-1, 2).T.copy()
    for array in (starts, ends, scores):
        array.setflags(write=False)
    return replace(tokens, unit="word", starts=starts, ends=ends, scores=scores)


def log_odds(logits: NDArray[np.float64], label: int) -> NDArray[np.float64]:
    """Of `label`, from logits (…, labels): its logit − log Σ exp(others)."""
    others = np.delete(np.asarray(logits, np.float64), label, axis=-1)
    top = others.max(axis=-1, keepdims=True)
    return np.asarray(logits[..., label] - (top[..., 0] + np.log(np.exp(others - top).sum(axis=-1))))


def probability_of(log_odds: float) -> float:
    """The probability with these log-odds."""
    return float(1 / (1 + np.exp(-log_odds)))
