"""Which spans several tokenizers cut differently, and files as text."""

from typing import Any

import numpy as np
import pytest

from playground.errors import BadInput
from playground.tasks.tokens.comparison import check_contrast, contrast
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.tokens import Tokens


def tokens(text: str, spans: list[tuple[int, int]], pieces: list[str] | None = None) -> Tokens:
    starts, ends = (np.array([span[i] for span in spans], np.int32) for i in (0, 1))
    names = tuple(pieces or [text[s:e] for s, e in spans])
    ids, special = np.arange(len(spans), dtype=np.int32), np.zeros(len(spans), bool)
    return Tokens(text, "minilm-l6", "WordPiece", names, ids, starts, ends, special, 512)


def test_spaces_at_the_ends_of_spans_do_not_count() -> None:
    one, other = contrast([tokens("the cats", [(0, 3), (3, 8)]), tokens("the cats", [(0, 3), (4, 7), (7, 8)])])
    assert one.differs == (False, True)
    assert other.differs == (False, True, True)


def test_a_character_that_is_cut_differs_from_one_that_is_not() -> None:
    whole, cut = contrast([tokens("🦙", [(0, 1)], ["[UNK]"]), tokens("🦙", [(0, 1), (0, 1)])])
    assert whole.differs == (True,) and cut.differs == (True, True)
    assert (whole.lost, cut.lost) == (1, 0)


def test_equal_cuts_do_not_differ() -> None:
    rows = contrast([tokens("a b", [(0, 1), (2, 3)])] * 3)
    assert not any(any(row.differs) for row in rows)


@pytest.mark.parametrize("names", [None, "ab", [], ["a"], ["a", "a"], ["a", 3], ["a", "b", "c", "d", "e"]])
def test_two_to_four_tokenizers(names: Any) -> None:
    with pytest.raises(BadInput):
        check_contrast("text", names)
    assert check_contrast("text", ["a", "b", "a"]) == ("a", "b")


@pytest.mark.parametrize("text", ["", None, 3, "\ud800", "x" * (LIMITS.contrast_characters + 1)])
def test_text_of_a_comparison(text: Any) -> None:
    with pytest.raises(BadInput):
        check_contrast(text, ["a", "b"])
