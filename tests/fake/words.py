"""What the fake's rooms share: where the words of a text are, and what a list of rules is."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.tasks.request import Request

Rules = dict[type[Request[Any]], Callable[[Any], Any]]
SOURCE = "fake"


def places_of(text: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(starts, ends) of what white space parts, in code points."""
    words, starts = text.split(), list[int]()
    for word in words:
        starts.append(text.index(word, starts[-1] + 1 if starts else 0))
    return np.array(starts, np.int32), np.array([s + len(w) for s, w in zip(starts, words, strict=True)], np.int32)
