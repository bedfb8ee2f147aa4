"""The part that shows how a weight comes about: nothing is asked while it is closed, and it follows what is in view."""

from typing import Any

import pytest

from playground.errors import BadInput
from playground.panels.attention.attention import PANEL
from playground.panels.attention.dot_product import steps
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.dot_product import StepsRequest
from playground.views.attention.lab import lab_view
from tests.panels.panel import WritingService, built, elem_ids

OF = AttentionRequest("a b c d", "smollm2-135m")


def lab(layer: Any = 0, head: Any = "mean", query: Any = None) -> dict[str, Any]:
    view = {"pane": 0, "kind": "masked", "layer": layer, "head": head, "query": query}
    return lab_view([("first", OF)]) | {"view": view}


def ask(service: WritingService, *values: Any) -> list[Any]:
    return list(steps(service, *values))


@pytest.mark.parametrize("values", [(False, lab()), (True, None)])
def test_nothing_is_asked_while_closed_or_before_a_run(values: tuple[Any, ...]) -> None:
    service = WritingService()
    ask(service, *values, 1, False, False)
    assert not [one for one in service.asked if isinstance(one, StepsRequest | AttentionRequest)]


def test_it_shows_the_head_in_view() -> None:
    service = WritingService()
    said, token, shown = ask(service, True, lab(1, 2), 3, True, False)[-1]
    assert service.asked[-1] == StepsRequest(OF, "masked", 1, 2, 3, False, True)
    assert token.value == 3 and said["text"] == "" and "“d”" in shown["title"]


def test_the_mean_shows_head_0_and_a_token_that_is_gone_another() -> None:
    service = WritingService()
    said, *_ = ask(service, True, lab(), 99, False, False)[-1]
    assert service.asked[-1] == StepsRequest(OF, "masked", 0, 0, 2)
    assert "head 0" in said["text"]


def test_a_pinned_token_is_the_query() -> None:
    service = WritingService()
    ask(service, True, lab(0, 1, query=1), 3, False, False)
    assert service.asked[-1] == StepsRequest(OF, "masked", 0, 1, 1)


def test_errors_are_sentences() -> None:
    with pytest.raises(BadInput, match="out of range"):
        ask(WritingService(), True, lab(99, 0), 0, False, False)


def test_controls_have_names() -> None:
    assert {"steps", "steps-token", "steps-unscaled", "steps-unmasked", "steps-note", "steps-shown"} <= elem_ids(
        built(PANEL, WritingService())
    )
