"""What is cut of a text that is too long, against places counted by hand."""

import numpy as np
import pytest

from playground.engine.codec import Encoded
from playground.engine.reading_in import without


@pytest.mark.parametrize(
    ("special", "cut", "left"),
    [
        ("x....x", 0, [0, 1, 2, 3, 4, 5]),
        ("x....x", 2, [0, 1, 2, 5]),
        ("x...xx", 1, [0, 1, 2, 4, 5]),  # two special tokens at the end stay
        ("......", 2, [0, 1, 2, 3]),
        ("xxxxxx", 2, [0, 1, 2, 3]),  # only special tokens: the last of them go
    ],
)
def test_the_end_goes_but_for_its_special_tokens(special: str, cut: int, left: list[int]) -> None:
    ids = np.arange(6, dtype=np.int32)
    made = without(Encoded(ids, tuple("abcdef"), ids, ids + 1, np.array([c == "x" for c in special])), cut)
    assert made.ids.tolist() == made.starts.tolist() == left
    assert "".join(made.pieces) == "".join("abcdef"[i] for i in left) and len(made.special) == len(made.ends) == len(left)
