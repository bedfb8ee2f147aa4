"""Choosing a pattern brings the head that has it most into view, without a new run of the model."""

from playground.panels.attention import PANEL
from playground.tasks.attention import AttentionRequest
from playground.tasks.packing import AttentionPackRequest
from tests.panels.panel import WritingService, built, elem_ids, handler

RUN = AttentionRequest("the cat sat on the mat", "minilm-l6")


def test_the_best_head_comes_into_view() -> None:
    service = WritingService()
    find = handler(built(PANEL, service), "find")
    layer, head, said = find(RUN, "self", "previous")
    scores = service.run(AttentionPackRequest(RUN, "self", patterns=True)).scores[:, :, 0]
    assert scores[layer, int(head)] == scores.max()
    assert f"layer {layer}, head {head}" in said["text"].lower()
    assert not any(isinstance(one, AttentionRequest) for one in service.asked)


def test_without_a_run_it_says_what_to_do_first() -> None:
    service = WritingService()
    demo = built(PANEL, service)
    said = handler(demo, "find")(None, "self", "previous")[2]
    assert "Read a text first" in said["text"] and service.asked == []
    assert {"attention-pattern", "attention-found"} <= elem_ids(demo)
