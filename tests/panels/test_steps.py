"""The part that shows how a weight comes about: nothing is asked while it is closed, and it follows what is in view."""

from typing import Any

import gradio as gr
import pytest

from playground.panels.attention import PANEL
from playground.tasks.attention import AttentionRequest
from playground.tasks.steps import StepsRequest
from tests.panels.panel import WritingService, built, elem_ids, handler

OF = AttentionRequest("a b c d", "smollm2-135m")


def ask(service: WritingService, *values: Any) -> list[Any]:
    return list(handler(built(PANEL, service), "steps")(*values))


@pytest.mark.parametrize("values", [(False, OF), (True, None)])
def test_nothing_is_asked_while_closed_or_before_a_run(values: tuple[Any, ...]) -> None:
    service = WritingService()
    del service.asked[:]
    ask(service, *values, "masked", 0, "1", 1, False, False)
    assert not [one for one in service.asked if isinstance(one, StepsRequest | AttentionRequest)]


def test_it_shows_the_head_in_view() -> None:
    service = WritingService()
    token, said, shown = ask(service, True, OF, "masked", 1.0, "2", 3, True, False)[-1]
    assert service.asked[-1] == StepsRequest(OF, "masked", 1, 2, 3, False, True)
    assert token.value == 3 and said["text"] == "" and "“d”" in shown["title"]


def test_the_mean_shows_head_0_and_a_token_that_is_gone_another() -> None:
    service = WritingService()
    _, said, _ = ask(service, True, OF, "masked", 0, "mean", 99, False, False)[-1]
    assert service.asked[-1] == StepsRequest(OF, "masked", 0, 0, 2)
    assert "head 0" in said["text"]


def test_errors_are_sentences() -> None:
    with pytest.raises(gr.Error, match="out of range"):
        ask(WritingService(), True, OF, "masked", 99, "0", 0, False, False)


def test_controls_have_names() -> None:
    assert {"steps", "steps-token", "steps-unscaled", "steps-unmasked", "steps-note", "steps-shown"} <= elem_ids(
        built(PANEL, WritingService())
    )
