"""The lens and the race of the generation tab, on the fake service: what is asked, what is shown, and that text is not markup."""

from typing import Any

import gradio as gr
import numpy as np

from playground.panels.generation.kv_cache import race
from playground.panels.generation.lens import look, look_after
from playground.tasks.generation.kv_cache import PaceRequest
from playground.tasks.generation.lens import Lens, LensRequest
from playground.views.generation.lens import lens_sentence, lens_view
from tests.panels.panel import WritingService

MODEL = "smollm2-135m"


def last(items: Any) -> Any:
    return list(items)[-1]


def test_a_chosen_token_is_looked_after() -> None:
    service = WritingService()
    note, shown = last(look_after(service, gr.EventData(None, {"index": 1}), "a b c", MODEL, False))
    assert service.asked == [LensRequest("a b c", MODEL, False, 1)] and shown["position"] == 1 and "After “b”" in note["text"]
    assert last(look(service, "a b c", MODEL, False))[1]["position"] == 2


def test_the_race_ends_with_its_curve() -> None:
    service = WritingService()
    said, figures, curve = last(race(service, "a b", MODEL, True, 8.0))
    assert service.asked == [PaceRequest("a b", MODEL, True, 8)]
    assert "times as fast" in said["text"] and dict(figures["figures"])["prompt"] == "2 tokens" and curve.visible is True


def test_tokens_are_shown_and_not_read() -> None:
    lens = Lens(MODEL, "test", ("<b>\n",), (False,), 0, (("\u202e", "x"), ("<i>", "y")), np.array([[0.5, 0.1], [0.9, 0.0001]], np.float32),
                np.array([7, 1], np.int32))  # fmt: skip
    shown = lens_view(lens)
    assert shown["tokens"] == [{"text": "<b>⏎", "special": False, "newline": True}]
    assert shown["rows"][0]["guesses"][0]["text"] == "⟨U+202E⟩" and shown["rows"][1]["guesses"][1]["percent"] == "<0.01 %"
    assert "only in the last layer" in lens_sentence(lens) and "place 7" in lens_sentence(lens)
