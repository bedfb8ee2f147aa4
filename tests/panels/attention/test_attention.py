"""The attention panel: one run opens the lab, links bring it back, and a second run stands beside it."""

from typing import Any

import gradio as gr
import pytest

from playground.errors import BadInput
from playground.panels.attention.attention import COREFERENCE, EXAMPLES, PANEL, attention, figure, linked, read, read_example, read_head
from playground.panels.attention.comparing import compare, compare_three, first_alone
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.views.attention.lab import lab_view
from tests.panels.panel import WritingService, built, elem_ids

ENCODER, DECODER, BOTH = "minilm-l6", "smollm2-135m", "en-fr"


def last(items: Any) -> tuple[Any, ...]:
    return list(items)[-1]


@pytest.mark.parametrize(
    ("typed", "head"),
    [(3, 3), ("3", 3), (" 3 ", 3), (3.0, 3), ("mean", "mean"), ("-1", "-1"), ("²", "²"), (1.5, 1.5), (None, None), ("9" * 30, "9" * 30)],
)
def test_heads_as_they_come(typed: object, head: object) -> None:
    assert read_head(typed) == head


def lab_of(text: str, model: str, **view: Any) -> dict[str, Any]:
    shown = lab_view([("first", AttentionRequest(text, model))])
    return shown | {"view": {"pane": 0, "kind": "self", "layer": 0, "head": "mean", "query": None} | view}


def test_a_run_opens_the_lab_with_what_to_ask_for() -> None:
    service = WritingService()
    said, shown = last(read(service, "a b c", ENCODER, "", ""))
    assert service.asked == [AttentionRequest("a b c", ENCODER)]
    assert "layers" in said["text"]
    assert shown["runs"] == [{"name": ENCODER, "spec": {"text": "a b c", "model": ENCODER, "target": ""}}]


def test_the_plotly_figure_is_of_the_head_in_view() -> None:
    service = WritingService()
    drawn = figure(service, lab_of("a b c", ENCODER, layer=1, head=2))
    assert service.asked[-1] == AttentionMapRequest(AttentionRequest("a b c", ENCODER), 1, 2, "self")
    assert drawn.data[0].z.shape == (3, 3)


def test_a_state_brings_back_runs_and_view() -> None:
    service = WritingService()
    asked = {"runs": [{"name": "one", "spec": {"text": "a b", "model": BOTH, "target": "c"}}], "view": {"layer": 1}}
    made = last(linked(service, gr.EventData(None, asked)))
    assert made[1]["runs"][0]["spec"]["target"] == "c" and made[1]["view"] == {"layer": 1}


@pytest.mark.parametrize("asked", [None, 3, {}, {"runs": []}, {"runs": [3]}, {"runs": [{"name": 1, "spec": {}}]}, {"runs": [{}] * 9}])
def test_a_link_that_says_nothing_is_refused(asked: object) -> None:
    with pytest.raises(BadInput, match="can be read"):
        last(linked(WritingService(), gr.EventData(None, asked)))


def test_a_link_without_its_text_says_so() -> None:
    asked = {"runs": [{"name": "one", "spec": {"text": "", "model": ENCODER}}], "view": {}}
    with pytest.raises(BadInput, match="empty"):
        last(linked(WritingService(), gr.EventData(None, asked)))


def test_an_example_begins_where_it_is_best_and_with_cross_attention_where_there_is_any() -> None:
    service = WritingService()
    kinds = [last(read_example(service, *values))[1]["view"]["kind"] for _, values in EXAMPLES]
    assert kinds == ["self", "", "cross", ""]
    opened = last(read(service, *EXAMPLES[0][1]))[1]
    assert opened["view"] == {} and opened["first"] == COREFERENCE  # only where nothing is shown yet
    assert "cross" in kinds


def test_a_second_text_stands_beside_the_first() -> None:
    service = WritingService()
    shown = last(compare(service, lab_of("a b", ENCODER), "a c", ""))[1]
    assert [run["spec"]["text"] for run in shown["runs"]] == ["a b", "a c"]
    three = last(compare_three(service, lab_of("a b", ENCODER)))[1]
    assert [run["spec"]["model"] for run in three["runs"]] == [ENCODER, DECODER, BOTH]
    assert [pane["kind"] for pane in three["view"]["panes"]] == ["self", "masked", "cross"]
    assert len(first_alone(shown)[1]["runs"]) == 1


def test_the_target_is_for_encoder_decoders_only() -> None:
    service = WritingService()
    last(read(service, "a b", ENCODER, "left over", ""))
    last(read(service, "a b", BOTH, "x y", "left over"))
    targets = [request.target for request in service.asked if isinstance(request, AttentionRequest)]
    assert targets == ["", "x y"]


def test_errors_are_sentences() -> None:
    service = WritingService()
    with pytest.raises(BadInput, match="holds only spaces"):
        last(read(service, "  ", ENCODER, "", ""))
    with pytest.raises(BadInput, match="Layer 99 is out of range"):
        attention(service, "a b", ENCODER, 99)
    with pytest.raises(BadInput, match=r"Choose one of: .*minilm-l6"):
        attention(service, "a b", "nonsense")
    with pytest.raises(BadInput, match="or “mean”"):
        attention(service, "a b", ENCODER, 0, "first")


def test_leaving_ends_the_work() -> None:
    service = WritingService(delay=5)
    items = read(service, "a b", ENCODER, "", "")
    assert next(items)[0]["tone"] == "busy"
    items.close()  # type: ignore[attr-defined]
    assert service.calls == 0


def test_controls_have_names() -> None:
    names = {"text", "model", "target", "run", "stop", "note", "lab", "draw", "plot"}
    assert {f"attention-{name}" for name in names} <= elem_ids(built(PANEL, WritingService()))
