"""The translation panel: as many candidates as beams."""

from typing import Any

import gradio as gr
import pytest

from playground.panels.translation import DEFAULT, PANEL
from tests.panels.panel import WritingService, built, elem_ids, handler


@pytest.mark.parametrize("beams", [1, 4.0, 8])
def test_as_many_candidates_as_beams(beams: float) -> None:
    shown = list(handler(built(PANEL, WritingService()), "show")("Hello", DEFAULT.model, beams))[-1]
    assert len(shown[1]["rows"]) == beams


def test_the_api_has_defaults() -> None:
    found = handler(built(PANEL, WritingService()), "translate")("Hello")
    assert found["translation"] == found["candidates"][0]["text"]
    assert len(found["candidates"]) == DEFAULT.beams


@pytest.mark.parametrize(("beams", "said"), [(0, "from 1 to 8"), (9, "from 1 to 8"), (1.5, "whole number"), ("4", "whole number")])
def test_bad_beams_are_a_sentence(beams: Any, said: str) -> None:
    with pytest.raises(gr.Error, match=said):
        handler(built(PANEL, WritingService()), "translate")("Hello", beams=beams)


def test_controls_have_names() -> None:
    names = {"text", "model", "beams", "run", "stop", "note", "candidates"}
    assert {f"translation-{name}" for name in names} <= elem_ids(built(PANEL, WritingService()))
