"""What the strip is told of the page: every panel's inputs and runs, found on the page as built, and nothing that is no input."""

from typing import Any

import gradio as gr
import pytest

from playground.catalog import MODELS
from playground.panels import PANELS
from playground.panels.stage import build_stage, field_of, fill_stage
from playground.ui import build_app
from playground.web.component import Component
from tests.fake.service import FakeService


def told() -> dict[str, Any]:
    blocks = build_app(FakeService()).blocks.values()
    rooms = next(block for block in blocks if getattr(block, "elem_id", "") == "stage").value["rooms"]
    return {room["id"]: room for room in rooms}


def test_every_panel_takes_part_without_a_line_of_its_own() -> None:
    rooms = told()
    assert list(rooms) == [panel.id for panel in PANELS]
    for room in rooms.values():
        if any(room["id"] in card.rooms for card in MODELS):
            assert any(field["kind"] == "text" for field in room["fields"]), room["id"]
            assert room["runs"], room["id"]
        names = [field["name"] for field in room["fields"]]
        assert len(names) == len(set(names)) and not {"tab", "open", "run", "left", "class"} & set(names)
    assert {"text", "model"} <= {field["name"] for field in rooms["sentiment"]["fields"]}
    assert "sentiment-run" in rooms["sentiment"]["runs"]
    assert "attention-run" not in rooms["attention"]["runs"]  # the lab shows itself
    assert "steps" in rooms["attention"]["parts"]


def test_one_event_hears_all_and_no_event_asks_the_server() -> None:
    demo = build_app(FakeService())
    ours = [fn for fn in demo.fns.values() if isinstance(fn.js, str) and "playgroundSaid" in fn.js]
    assert len([fn for fn in ours if "heard" in str(fn.js)]) == 1
    assert all(fn.fn is None for fn in ours)


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (lambda: gr.Textbox("a", elem_id="room-a"), "text"),
        (lambda: gr.Textbox("a", elem_id="room-a", type="password"), None),
        (lambda: gr.Textbox("a"), None),
        (lambda: gr.Textbox("a", elem_id="room-a", interactive=False), None),
        (lambda: gr.Slider(0, 2, 1, elem_id="room-a"), "number"),
        (lambda: gr.Number(3, elem_id="room-a"), "number"),
        (lambda: gr.Checkbox(True, elem_id="room-a"), "flag"),
        (lambda: gr.Radio(["x", "y"], value="x", elem_id="room-a"), "choice"),
        (lambda: gr.Dropdown(["x", "y"], multiselect=True, elem_id="room-a"), "choices"),
        (lambda: gr.Dropdown([], elem_id="room-a"), None),
        (lambda: gr.File(elem_id="room-a"), None),
    ],
)
def test_fields(made: Any, kind: str | None) -> None:
    with gr.Blocks():
        field = field_of("room", made())
    assert (field and field["kind"]) == kind
    assert field is None or (field["id"] == "room-a" and field["name"] == "a")


def test_an_examples_run_is_repeated_by_the_button_that_does_the_same() -> None:
    with gr.Blocks() as demo:
        stage = build_stage()
        with gr.Tabs() as tabs, gr.Tab("Room", id="room") as tab:
            text, run = gr.Textbox("a", elem_id="room-text"), gr.Button("Go", elem_id="room-run")
            said, shown = Component("note", elem_id="room-note"), Component("sentiment/sentiment", elem_id="room-shown")

            def show(text: str) -> Any:
                return text, {}

            first = run.click(show, text, [said, shown])
            text.submit(show, text, [said, shown])
            run.click(lambda text: text, text, said)
        fill_stage(demo, stage, tabs, {"room": tab})
    assert stage.value["rooms"][0]["runs"] == ["room-run"]
    ended = [fn for fn in demo.fns.values() if "ended" in str(fn.js)]
    assert len(ended) == 2 and ended[0].trigger_after == first["id"]
    assert all("'room-run'" in str(fn.js) and fn.trigger_only_on_success for fn in ended)
