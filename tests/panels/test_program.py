"""Show the code, in every panel: the program holds what the panel's inputs hold, and what cannot be written is a sentence."""

from typing import Any

import gradio as gr
import pytest

from playground.panels import PANELS
from playground.panels.panel import Panel
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest
from playground.views.attention.lab import lab_view
from tests.fake.service import FakeService
from tests.panels.panel import WritingService, built, elem_ids, handler
from tests.rooms import APART

WITH = [panel for panel in PANELS if panel.id not in APART]
LAB = lab_view([("x", AttentionRequest("Some words here", "minilm-l6"))], 1, {"kind": "self", "layer": 2, "head": 3})
FIGURES = {"figures": [["speed", "1"]], "repeat": {"generation-seed": "77"}}
SETTINGS = (0.8, 50, 0.95, 1.1, 1, 20, "", 0.0)
VALUES: dict[str, tuple[Any, ...]] = {
    "journey": ("Some words here", "smollm2-135m"),
    "tokens": ("Some words here", "minilm-l6", True),
    "attention": (LAB,),
    "embeddings": ("Some words here", "And more", "minilm-l6", "encoder"),
    "block": (None, None, "Some words here", "minilm-l6", "encoder"),
    "generation": (FIGURES, "Some words here", "smollm2-135m", False, *SETTINGS),
    "sentiment": ("Some words here\nmore", "minilm-sentiment"),
    "answering": ("Some words here", "In a context.", "minilm-qa"),
    "translation": ("Some words here", "en-fr", 4.0),
}


@pytest.mark.parametrize("panel", WITH, ids=lambda panel: panel.id)
def test_every_panel_writes_its_program(panel: Panel) -> None:
    page = built(panel, FakeService())
    assert {f"{panel.id}-{part}" for part in ("code", "code-run", "code-hub", "program")} <= elem_ids(page)
    said, shown = handler(page, "write_program")(False, *VALUES[panel.id])
    compile(shown["text"], "program.py", "exec")
    assert "'Some words here'" in shown["text"]
    assert shown["name"] == f"{panel.id}.py"
    assert ".venv/bin/python" in said["text"]


def test_the_block_in_view_is_the_programs() -> None:
    panel = next(panel for panel in WITH if panel.id == "block")
    values = ({"layer": 4, "token": 2}, EmbeddingsRequest("Words it was opened for", "minilm-l6"), "changed since", "minilm-l6", "encoder")
    _, shown = handler(built(panel, FakeService()), "write_program")(False, *values)
    assert "LAYER, TOKEN = 4, 2" in shown["text"] and "'Words it was opened for'" in shown["text"]


def test_the_seed_that_was_drawn_is_the_programs() -> None:
    panel = next(panel for panel in WITH if panel.id == "generation")
    _, shown = handler(built(panel, FakeService()), "write_program")(False, *VALUES["generation"])
    assert ".manual_seed(77)" in shown["text"]
    typed = (*SETTINGS[:-2], "5", 0.0)
    _, shown = handler(built(panel, FakeService()), "write_program")(False, FIGURES, "Some", "smollm2-135m", False, *typed)
    assert ".manual_seed(5)" in shown["text"]


def test_where_the_status_says_the_hub_ran_the_program_names_it() -> None:
    """FakeService says that SmolLM2 came from “fake”, so it is this machine's; a hub source is named."""
    panel = next(panel for panel in WITH if panel.id == "generation")
    assert "PLAYGROUND_CACHE" in handler(built(panel, FakeService()), "write_program")(False, *VALUES["generation"])[1]["text"]
    assert 'MODEL = "HuggingFaceTB/' in handler(built(panel, FakeService()), "write_program")(True, *VALUES["generation"])[1]["text"]


@pytest.mark.parametrize(
    ("room", "values", "told"),
    [
        ("tokens", ("", "minilm-l6", True), "empty"),
        ("attention", (None,), "Read the text again"),
        ("sentiment", ("x", "nosuch"), "Choose one of"),
        ("translation", ("x" * 20_001, "en-fr", 4), "limit"),
    ],
)
def test_what_cannot_be_written_is_a_sentence(room: str, values: tuple[Any, ...], told: str) -> None:
    panel = next(panel for panel in WITH if panel.id == room)
    service = WritingService()
    with pytest.raises(gr.Error, match=told):
        handler(built(panel, service), "write_program")(False, *values)


def test_a_model_on_no_hub() -> None:
    panel = next(panel for panel in WITH if panel.id == "translation")
    with pytest.raises(gr.Error, match="on no hub"):
        handler(built(panel, FakeService()), "write_program")(True, *VALUES["translation"])
