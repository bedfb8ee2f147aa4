"""The question-answering panel: an answer with its place, or none."""

import gradio as gr
import pytest

from playground.catalog import DEFAULTS
from playground.panels.answering import PANEL
from tests.panels.panel import WritingService, built, elem_ids, handler

MODEL = DEFAULTS["answering"]
CONTEXT = "Zoë lives in Oslo."


def test_the_answer_is_a_part_of_the_context() -> None:
    shown = list(handler(built(PANEL, WritingService()), "show")("Who?", CONTEXT, MODEL))[-1][1]
    assert shown["answered"]
    assert "".join(shown["pieces"]) == CONTEXT


def test_no_answer_is_null_and_keeps_its_candidates() -> None:
    found = handler(built(PANEL, WritingService()), "answer")("nobody?", CONTEXT)
    assert (found["answer"], found["start"], found["end"]) == (None, None, None)
    assert len(found["candidates"]) == 3


@pytest.mark.parametrize(
    ("question", "context", "said"),
    [("", CONTEXT, "The question is empty"), ("Who?", "\n", "The context holds only spaces"), ("x" * 501, CONTEXT, "the limit is 500")],
)
def test_bad_input_is_a_sentence(question: str, context: str, said: str) -> None:
    demo = built(PANEL, WritingService())
    with pytest.raises(gr.Error, match=said):
        handler(demo, "answer")(question, context)
    with pytest.raises(gr.Error, match=said):
        list(handler(demo, "show")(question, context, MODEL))


def test_controls_have_names() -> None:
    names = {"question", "context", "model", "run", "stop", "note", "spans"}
    assert {f"answering-{name}" for name in names} <= elem_ids(built(PANEL, WritingService()))
