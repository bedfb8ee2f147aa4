"""What a token is drawn by: the settings of the sampler, and the place of a ranking that a random number falls on. Knows no model.

The stages themselves are transformers' own processors (engine/decoding.py), and the page's `web/stages.js`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Knobs:
    """What changes nothing: penalty 1, temperature 1, top_k 0, top_p 1, min_p 0. Temperature 0 takes the likeliest."""

    repetition_penalty: float = 1.0
    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0


def rank_order(probabilities: NDArray[np.float64] | Floats) -> NDArray[np.int64]:
    """Places from the likeliest down; of equals the lower id first."""
    return np.lexsort((np.arange(len(probabilities)), -probabilities))


def place_drawn(probabilities: NDArray[np.float64], uniform: float) -> int:
    """Which of `probabilities` (likeliest first) a number from 0 to 1 falls on when they are laid end to end."""
    ends = np.cumsum(probabilities, dtype=np.float64)
    place = int(np.searchsorted(ends, uniform * ends[-1], side="right"))
    return min(place, int(np.count_nonzero(probabilities)) - 1)
