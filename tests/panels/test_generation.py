"""What the generation panel reads from its controls."""

import pytest

from playground.errors import BadInput
from playground.panels.generation import read_seed


@pytest.mark.parametrize(("typed", "seed"), [("", None), (None, None), ("  ", None), ("0", 0), (" 42 ", 42)])
def test_seed(typed: object, seed: int | None) -> None:
    assert read_seed(typed) == seed


@pytest.mark.parametrize("typed", ["abc", "-1", "1.5", "²", "9" * 30])
def test_bad_seed(typed: str) -> None:
    with pytest.raises(BadInput, match="whole number"):
        read_seed(typed)
