"""Scenes as the lesson's files write them: what is none is refused with a sentence, and each is a state that the page opens."""

from typing import Any

import pytest

from playground.errors import BadInput
from playground.views.scenes import Scene, read_scene, scene_view, state_of


@pytest.mark.parametrize(
    "bad",
    [None, [], "tokens", {}, {"tab": ""}, {"tab": 1}, {"tab": "x", "more": 1}, {"tab": "x", "inputs": []},
     {"tab": "x", "inputs": {"a": []}}, {"tab": "x", "inputs": {"a": "x" * 20_001}}, {"tab": "x", "open": "a"},
     {"tab": "x", "inputs": {str(i): 1 for i in range(41)}},
     {"tab": "x", "open": [1]}, {"tab": "x", "press": 3}, {"tab": "x", "lab": "cross"}, {"tab": "x", "look": None}],
)  # fmt: skip
def test_what_is_no_scene_is_refused(bad: Any) -> None:
    with pytest.raises(BadInput, match="no scene"):
        read_scene(bad)


def test_a_scene_is_a_state() -> None:
    """All of it is said: what is not open is closed, and nothing runs that is not named."""
    assert scene_view(Scene("sentiment", {"sentiment-text": "Good."}, look="the bar")) == {
        "state": {
            "version": 1, "tab": "sentiment", "values": {"sentiment-text": "Good."}, "open": [],
            "runs": [{"run": "sentiment-run", "turn": 1}], "views": {}, "at": "",
        },
        "look": "the bar",
    }  # fmt: skip
    assert state_of(Scene("learn", run=False, open=("learn-models",)))["runs"] == []
    assert state_of(Scene("embeddings", press="shuffle-run", at="shuffle"))["runs"] == [{"run": "shuffle-run", "turn": 1}]


def test_a_view_of_the_lab_reads_its_text_itself() -> None:
    state = state_of(Scene("attention", {"attention-text": "It."}, lab={"kind": "self", "layer": 3, "head": 1}, open=("steps",)))
    assert (state["runs"], state["views"]) == ([], {"lab": {"view": {"kind": "self", "layer": 3, "head": 1}}})
    pressed = state_of(Scene("attention", press="comparing-trio", lab={"kind": "self", "layer": 0, "head": "mean"}))
    assert pressed["runs"] == [{"run": "comparing-trio", "turn": 1}]
