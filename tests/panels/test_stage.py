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
            assert room["runs"] or room["id"] == "journey", room["id"]  # its picture asks by itself
        names = [field["name"] for field in room["fields"]]
        assert len(names) == len(set(names)) and not {"tab", "v", "open", "run", "at", "left", "class", *room["views"]} & set(names)
    assert {"text", "model"} <= {field["name"] for field in rooms["sentiment"]["fields"]}
    assert "sentiment-run" in rooms["sentiment"]["runs"]
    assert "attention-run" not in rooms["attention"]["runs"]  # the lab shows itself
    assert rooms["attention"]["views"] == ["lab"] and rooms["learn"]["views"] == ["lesson"]
    assert {"attention-run", "comparing-trio"} <= set(rooms["attention"]["buttons"]) and "hosted-run" in rooms["learn"]["buttons"]
    assert (
        rooms["attention"]["shows"]["comparing-trio"] == "attention-lab" and rooms["embeddings"]["shows"]["shuffle-run"] == "shuffle-shown"
    )
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
    failed = [fn for fn in demo.fns.values() if "'over', 'room-run', true" in str(fn.js)]
    assert len(failed) == 2 and all(fn.trigger_only_on_failure for fn in failed)


def test_what_a_change_sets_in_other_inputs_is_waited_for() -> None:
    with gr.Blocks() as demo:
        stage = build_stage()
        with gr.Tabs() as tabs, gr.Tab("Room", id="room") as tab:
            model, stack = gr.Textbox("a", elem_id="room-model"), gr.Radio(["x", "y"], value="x", elem_id="room-stack")
            run, shown = gr.Button("Go", elem_id="room-run"), Component("sentiment/sentiment", elem_id="room-shown")
            set_stack = model.change(lambda model: "y", model, stack)
            run.click(lambda model, stack: {}, [model, stack], shown)
        fill_stage(demo, stage, tabs, {"room": tab})
    fields = {field["id"]: field for field in stage.value["rooms"][0]["fields"]}
    assert fields["room-model"]["follow"] == [set_stack["id"]] and "follow" not in fields["room-stack"]
    told = [fn for fn in demo.fns.values() if f"'over', {set_stack['id']}, false" in str(fn.js)]
    assert len(told) == 1 and told[0].trigger_after == set_stack["id"] and not told[0].trigger_only_on_success


def test_a_view_that_the_server_could_not_give_is_told() -> None:
    demo = build_app(FakeService())
    failed = [fn for fn in demo.fns.values() if "'over', 'lab', true" in str(fn.js)]
    assert failed and all(fn.trigger_only_on_failure for fn in failed)
    assert "linked" in {demo.fns[fn.trigger_after].name for fn in failed}
