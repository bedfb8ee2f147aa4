"""The header strip and the progress line."""

from playground.tasks.request import Progress
from playground.tasks.status import ModelStatus, Status
from playground.views.status import progress_note, status_view


def test_embedded_models_are_listed_before_they_are_touched() -> None:
    view = status_view(Status((ModelStatus("gpt2", "downloading", 10, 40),), "cpu", 2))
    states = {line["model"]: line["state"] for line in view["models"]}
    assert states["smollm2-135m"] == "waiting"
    assert states["gpt2"] == "downloading"
    assert "distilgpt2" not in states
    assert next(line["share"] for line in view["models"] if line["model"] == "gpt2") == 0.25
    assert not view["settled"]


def test_failed_says_why() -> None:
    view = status_view(Status((ModelStatus("smollm2-135m", "failed", why="No wheel."),), "", 0))
    assert next(line["detail"] for line in view["models"] if line["state"] == "failed") == "No wheel."


def test_place_in_the_queue_is_told() -> None:
    assert progress_note(Progress("waiting", "Waiting", place=2))["text"] == "Waiting · 2 ahead of you…"
