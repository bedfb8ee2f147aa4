"""The part of the attention tab that shows how a weight comes about, worked out only while it is open. Knows the port, not the models."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.panels.asking import readable
from playground.service.port import Service
from playground.tasks.attention import Attention, AttentionRequest
from playground.tasks.request import Progress
from playground.tasks.steps import StepsRequest
from playground.views.status import note, progress_note
from playground.views.steps import steps_view, token_choices
from playground.web.component import Component

LEAD = "One token of the head above, through softmax(QKᵀ / √d + mask) · V, with the model’s own numbers."
# A state tells of its change before the page has set kind, layer and head to what the new run has.
SETTLE = "() => new Promise((passed) => setTimeout(passed, 100))"
HINT = "Read a text first, then choose one of its tokens here."


def build_steps(service: Service, asked: gr.State, kind: Any, layer: Any, head: Any) -> None:
    """An accordion that follows the run `asked` and the kind, layer and head in view; the mean of all heads shows head 0."""
    opened = gr.State(False)
    with gr.Accordion("How a weight comes about", open=False, elem_id="steps") as part:
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            token = gr.Dropdown([], label="Query token", info="The token that looks", min_width=200, elem_id="steps-token")
            unscaled = gr.Checkbox(False, label="without the scaling", min_width=160, elem_id="steps-unscaled")
            unmasked = gr.Checkbox(False, label="without the mask", min_width=160, elem_id="steps-unmasked")
        said = Component("note", elem_id="steps-note")
        shown = Component("steps", elem_id="steps-shown")

    def steps(
        opened: bool, asked: AttentionRequest | None, kind: str, layer: float, head: Any, token: int | None, unscaled: bool, unmasked: bool
    ) -> Iterator[tuple[Any, Any, Any]]:
        if not opened or asked is None:
            yield gr.skip(), note(HINT), gr.skip()
            return
        places = _places(service.run(asked), kind)
        place = token if token is not None and token < len(places) else min(2, len(places) - 1)
        number = int(head) if str(head).isdecimal() else 0
        request = StepsRequest(asked, kind, int(layer), number, place, not unscaled, not unmasked)
        with closing(service.stream(request)) as items:
            for item in items:
                if isinstance(item, Progress):
                    yield gr.skip(), progress_note(item), gr.skip()
                else:
                    mean = "" if str(head).isdecimal() else "The mean of all heads has no steps of its own; this is head 0."
                    yield gr.Dropdown(places, value=place), note(mean), steps_view(item)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    work: dict[str, Any] = {
        "fn": readable(steps), "inputs": [opened, asked, kind, layer, head, token, unscaled, unmasked], "outputs": [token, said, shown],
        "trigger_mode": "always_last", **quiet,
    }  # fmt: skip
    part.expand(lambda: True, None, opened, **quiet).then(**work)
    part.collapse(lambda: False, None, opened, **quiet)
    asked.change(None, None, None, js=SETTLE, api_visibility="private").then(**work)
    gr.on([kind.change, layer.change, head.change, token.input, unscaled.input, unmasked.input], **work)


def _places(run: Attention, kind: str) -> list[tuple[str, int]]:
    shape = next((s for s in run.shapes if s.kind == kind), run.shapes[0])
    return token_choices(shape.queries)
