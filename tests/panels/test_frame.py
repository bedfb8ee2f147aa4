"""Every tab's picture comes first, and is asked for as the page opens: read from the page as built, run on the fake service."""

from typing import Any

import gradio as gr
import pytest

from playground.panels import PANELS
from playground.panels.frame import frame
from playground.panels.stage import arrivals
from playground.ui import build_app
from playground.web.component import Component
from playground.web.events import RUN_THEMSELVES
from tests.fake.service import FakeService


def test_what_follows_the_note_is_the_picture_and_what_stands_before_it_the_drawer() -> None:
    with gr.Blocks(), gr.Tabs(), gr.Tab("Room") as tab:
        text = gr.Textbox(elem_id="room-text")
        run = gr.Button(elem_id="room-run")
        note = Component("note", elem_id="room-note")
        shown = Component("sentiment/sentiment", elem_id="room-shown")
        with gr.Accordion("More") as more:
            gr.Textbox()
        frame("room", tab)
    picture, drawer, views = (tab.children[i] for i in range(3))
    assert [one.elem_id for one in tab.children] == ["room-picture", "room-drawer", "room-views"]
    assert picture.children == [note, shown] and views.children == [more]
    assert drawer.children[0].children == [text] and drawer.children[1] is run


@pytest.fixture(scope="module")
def page() -> gr.Blocks:
    return build_app(FakeService())


def test_the_picture_is_the_first_thing_of_every_tab(page: gr.Blocks) -> None:
    tabs = [block for block in page.blocks.values() if isinstance(block, gr.Tab)]
    framed = {str(tab.id) for tab in tabs if tab.children[0].elem_id == f"{tab.id}-picture"}
    assert {panel.id for panel in PANELS if panel.starts} | {"tokens"} <= framed


def test_a_tab_starts_with_buttons_that_are_there_and_their_runs_need_no_one(page: gr.Blocks) -> None:
    """The last item of each is what the tab shows; the first is its note."""
    ids = {block.elem_id for block in page.blocks.values()}
    starts = [button for panel in PANELS for button in panel.starts]
    assert set(starts) <= ids
    runs = arrivals(page)
    assert len(runs) == len(set(starts) - set(RUN_THEMSELVES.values()))
    for run in runs:
        *_, last = run()
        assert last[1]


def test_who_types_on_gets_the_answer_to_the_last_where_a_panel_is_live(page: gr.Blocks) -> None:
    names = {block._id: block.elem_id for block in page.blocks.values()}
    modes: dict[str, Any] = {}
    for fn in page.fns.values():
        for target, event in fn.targets:
            if event == "click" and fn.fn is not None:
                modes[str(names.get(target))] = fn.trigger_mode
    assert {panel.id: modes[f"{panel.id}-run"] for panel in PANELS if panel.live} == {p.id: "always_last" for p in PANELS if p.live}
