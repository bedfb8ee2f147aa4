"""Gradient × input is of the pinned token, in the kind in view; its correlation is Spearman's."""

from typing import Any

import numpy as np
import pytest

from playground.panels.attention.influence import last_word, weigh
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.influence import InfluenceRequest
from playground.tasks.ranks import rank_correlation
from playground.tasks.side import Side
from playground.views.attention.lab import lab_view
from tests.panels.panel import WritingService


def ask(query: Any) -> tuple[WritingService, Any]:
    service = WritingService()
    view = {"pane": 0, "kind": "masked", "layer": 0, "head": "mean", "query": query, "pins": []}
    lab = lab_view([("first", AttentionRequest("a b c d e f", "smollm2-135m"))]) | {"view": view}
    return service, list(weigh(service, lab))[-1]


@pytest.mark.parametrize(("pinned", "query", "said"), [(4, 4, ""), (None, 5, "No token is pinned, so this is for “f” (5).")])
def test_it_is_of_the_pinned_token(pinned: Any, query: int, said: str) -> None:
    service, (note, shown) = ask(pinned)
    asked = next(one for one in service.asked if isinstance(one, InfluenceRequest))
    assert (asked.query, asked.kind) == (query, "masked") and said in note["text"]
    assert len(shown["rows"]) == 6 and "rank correlation" in shown["sentence"]


def test_without_a_pin_it_is_of_the_last_word_and_not_of_sep() -> None:
    side = Side(("[CLS]", "so", "tired", ".", "[SEP]"), ("",) * 5, (True, False, False, False, True))
    assert last_word(side, "self") == 2 and last_word(side, "masked") == 4
    assert last_word(Side(("!", "?"), ("", ""), (False, False)), "self") == 1


def test_ranks_share_ties() -> None:
    a, b = np.array([1, 2, 2, 3], np.float32), np.array([10, 40, 20, 30], np.float32)
    assert rank_correlation(a, a) == pytest.approx(1) and rank_correlation(a, -a) == pytest.approx(-1)
    x, y = np.array([1, 2.5, 2.5, 4]), np.array([1, 4, 2, 3])
    assert rank_correlation(a, b) == pytest.approx(float(np.corrcoef(x, y)[0, 1]))
    assert rank_correlation(a, np.ones(4, np.float32)) == 0
