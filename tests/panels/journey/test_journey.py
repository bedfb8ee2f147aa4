"""The journey tab as built: it asks nothing of the server by Gradio's queue, and its endpoint gives what the view makes."""

from playground.panels.journey import journey
from playground.web.component import Component
from tests.fake.service import FakeService
from tests.panels.panel import built, elem_ids


def test_it_is_the_first_tab_and_opens_with_a_text() -> None:
    from playground.panels import PANELS

    assert PANELS[0] is journey.PANEL
    demo = built(journey.PANEL, FakeService())
    assert {"journey-text", "journey-model", "journey-run", "journey-shown"} <= elem_ids(demo)
    shown = next(block for block in demo.blocks.values() if isinstance(block, Component))
    assert shown.value == {"text": "The capital of France is", "model": "smollm2-135m", "turn": 0}


def test_what_the_fields_hold_reaches_the_picture_without_the_server() -> None:
    demo = built(journey.PANEL, FakeService())
    shown = next(block for block in demo.blocks.values() if isinstance(block, Component))
    events = [fn for fn in demo.fns.values() if shown in fn.outputs]
    assert len(events) == 2 and all(fn.fn is None and fn.js for fn in events)


def test_the_endpoint_gives_the_journey() -> None:
    told = journey.journey(FakeService(), "one two")
    assert [one["text"] for one in told["tokens"]] == ["one", "two"] and told["model"] == "smollm2-135m"
