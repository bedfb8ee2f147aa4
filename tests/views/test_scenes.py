"""Scenes come from a page as well, so from anybody: what is no scene is refused with a sentence, what is one comes back the same."""

from typing import Any

import pytest

from playground.errors import BadInput
from playground.views.learn.lessons import every_scene
from playground.views.scenes import guide_view, read_scene, scene_view


@pytest.mark.parametrize(("name", "scene"), every_scene(), ids=[name for name, _ in every_scene()])
def test_there_and_back(name: str, scene: Any) -> None:
    assert read_scene(scene_view(scene)) == scene


@pytest.mark.parametrize(
    "bad",
    [None, [], "tokens", {}, {"tab": ""}, {"tab": 1}, {"tab": "x", "more": 1}, {"tab": "x", "inputs": []},
     {"tab": "x", "inputs": {"a": []}}, {"tab": "x", "inputs": {"a": "x" * 20_001}}, {"tab": "x", "open": "a"},
     {"tab": "x", "inputs": {str(i): 1 for i in range(41)}},
     {"tab": "x", "open": [1]}, {"tab": "x", "press": 3}, {"tab": "x", "lab": "cross"}, {"tab": "x", "look": None}],
)  # fmt: skip
def test_what_is_no_scene_is_refused(bad: Any) -> None:
    with pytest.raises(BadInput, match="Reload the page"):
        read_scene(bad)
    with pytest.raises(BadInput, match="Reload the page"):
        guide_view({"scene": bad}, 1)


@pytest.mark.parametrize("told", [None, 7, {"scene": {"tab": "x"}, "title": 3}, {"scene": {"tab": "x"}, "back": []}])
def test_what_is_told_about_it_is_checked(told: Any) -> None:
    with pytest.raises(BadInput):
        guide_view(told, 1)


def test_the_guide_is_bounded() -> None:
    scene, shown = guide_view({"scene": {"tab": "tokens"}, "title": "t" * 1000, "back": "b" * 1000, "more": "yes"}, 5)
    assert scene.tab == "tokens"
    assert (len(shown["title"]), len(shown["back"]), shown["more"], shown["turn"]) == (200, 60, False, 5)
