"""What is written down of each token a model writes: its logit, its probabilities, and the alternatives beside it. Knows no model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.tasks.vocabulary import Words

ALTERNATIVES = 50
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Trace:
    """n written tokens and the a likeliest at each place, by logit. All arrays are read-only.

    ids int32 (n,); logits float32 (n,) as the model gave them; normalisers float32 (n,) = log Σ exp(logit) over the whole
    vocabulary, so that ln p = logit - normaliser (temperature 1, nothing cut); after float32 (n,) the probability the token was
    drawn with, after the sampling pipeline (1 where the likeliest is always taken); uniforms float64 (n,) the number from 0 to 1
    that drew it, nan where nothing was drawn; ranks int32 (n,) from 1, by logit. others int32, other_logits and other_after
    float32 (n, a).
    """

    ids: NDArray[np.int32]
    logits: Floats
    normalisers: Floats
    after: Floats
    uniforms: NDArray[np.float64]
    ranks: NDArray[np.int32]
    others: NDArray[np.int32]
    other_logits: Floats
    other_after: Floats
    words: Words

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def log_probabilities(self) -> Floats:
        """Natural logarithms, (n,), at temperature 1."""
        return self.logits - self.normalisers


def perplexity_of(log_probabilities: Floats) -> float:
    """exp(-mean ln p): as unsure as between so many equally likely tokens. nan of none."""
    return float(np.exp(-np.mean(log_probabilities, dtype=np.float64))) if len(log_probabilities) else float("nan")
