"""The attention panel: one run, many maps; controls that keep what the next run has too."""

from typing import Any

import gradio as gr
import pytest

from playground.panels.attention import EXAMPLES, PANEL, read_head
from playground.tasks.attention import AttentionMapRequest, AttentionRequest
from tests.panels.panel import WritingService, built, elem_ids, handler

ENCODER, DECODER, BOTH = "minilm-l6", "smollm2-135m", "en-fr"


def last(items: Any) -> tuple[Any, ...]:
    return list(items)[-1]


def set_to(update: Any) -> Any:
    return update["value"] if isinstance(update, dict) else update.value


@pytest.mark.parametrize(
    ("typed", "head"),
    [(3, 3), ("3", 3), (" 3 ", 3), (3.0, 3), ("mean", "mean"), ("-1", "-1"), ("²", "²"), (1.5, 1.5), (None, None), ("9" * 30, "9" * 30)],
)
def test_heads_as_they_come(typed: object, head: object) -> None:
    assert read_head(typed) == head


def test_another_layer_asks_for_a_map_of_the_same_run() -> None:
    service = WritingService()
    demo = built(PANEL, service)
    request = last(handler(demo, "read")("a b c", ENCODER, "", "self", 0, "mean"))[1]
    del service.asked[:]
    sentence, figure = handler(demo, "look")(request, "self", 1.0, "2")
    assert service.asked == [AttentionMapRequest(AttentionRequest("a b c", ENCODER), 1, 2, "self")]
    assert "Head 2 of layer 1" in sentence["text"]
    assert figure.data[0].z.shape == (3, 3)


def test_looking_before_any_run_asks_nothing() -> None:
    service = WritingService()
    handler(built(PANEL, service), "look")(None, "self", 0, "mean")
    assert service.asked == []


@pytest.mark.parametrize(
    ("model", "before", "after"),
    [
        (ENCODER, ("self", 1, "2"), ("self", 1, "2")),
        (DECODER, ("self", 1, "2"), ("masked", 1, "2")),
        (DECODER, ("cross", 7, "11"), ("masked", 0, "mean")),
        (BOTH, ("cross", 1, "mean"), ("cross", 1, "mean")),
    ],
)
def test_a_new_run_keeps_what_it_has_too(model: str, before: tuple[str, int, str], after: tuple[str, int, str]) -> None:
    shown = last(handler(built(PANEL, WritingService()), "read")("a b c", model, "", *before))
    assert tuple(set_to(update) for update in shown[2:5]) == after


def test_an_example_begins_with_cross_attention_where_there_is_any() -> None:
    demo = built(PANEL, WritingService())
    for _, (text, model, target) in EXAMPLES:
        shown = last(handler(demo, "read_example")(text, model, target))
        assert set_to(shown[2]) == {ENCODER: "self", DECODER: "masked", BOTH: "cross"}[model]


def test_the_target_is_for_encoder_decoders_only() -> None:
    service = WritingService()
    read = handler(built(PANEL, service), "read")
    last(read("a b", ENCODER, "left over", "self", 0, "mean"))
    last(read("a b", BOTH, "x y", "self", 0, "mean"))
    targets = [request.target for request in service.asked if isinstance(request, AttentionRequest)]
    assert targets == ["", "x y"]


def test_errors_are_sentences() -> None:
    demo = built(PANEL, WritingService())
    with pytest.raises(gr.Error, match="holds only spaces"):
        last(handler(demo, "read")("  ", ENCODER, "", "self", 0, "mean"))
    with pytest.raises(gr.Error, match="Layer 99 is out of range"):
        handler(demo, "attention")("a b", ENCODER, 99)
    with pytest.raises(gr.Error, match=r"Choose one of: .*minilm-l6"):
        handler(demo, "attention")("a b", "nonsense")
    with pytest.raises(gr.Error, match="or “mean”"):
        handler(demo, "attention")("a b", ENCODER, 0, "first")


def test_leaving_ends_the_work() -> None:
    service = WritingService(delay=5)
    items = handler(built(PANEL, service), "read")("a b", ENCODER, "", "self", 0, "mean")
    assert next(items)[0]["tone"] == "busy"
    items.close()
    assert service.calls == 0


def test_controls_have_names() -> None:
    names = {"text", "model", "target", "run", "stop", "kind", "layer", "head", "note", "sentence", "plot"}
    assert {f"attention-{name}" for name in names} <= elem_ids(built(PANEL, WritingService()))
