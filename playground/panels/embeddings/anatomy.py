"""The part of the block tab that counts a model's parameters, alone or the three families side by side. Knows the port alone."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, awaited, readable, stopped
from playground.service.port import Service
from playground.tasks.embeddings.anatomy import Anatomy, AnatomyRequest
from playground.views.embeddings.anatomy import anatomy_view
from playground.views.status import note
from playground.web.component import Component

LEAD = "Where a model keeps its parameters, what each of its tokens may see, and what that makes it good for."
TRIO = ("minilm-l6", "smollm2-135m", "en-fr")


def build_anatomy(service: Service, text: Any, model: Any) -> None:
    with gr.Accordion("What the model is made of", open=False, elem_id="anatomy"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            alone = gr.Button("This model", variant="primary", min_width=120, elem_id="anatomy-run")
            trio = gr.Button("Encoder, decoder and both, side by side", min_width=260, elem_id="anatomy-trio")
            stop = gr.Button("Stop", min_width=80, elem_id="anatomy-stop")
        said = Component("note", elem_id="anatomy-note")
        shown = Component("embeddings/anatomy", elem_id="anatomy-shown")

    runs = [
        alone.click(readable(take_apart, service), [text, model], [said, shown], **QUIET),
        trio.click(readable(side_by_side, service), text, [said, shown], **QUIET),
    ]
    stopped(stop, said, runs)


def take_apart(service: Service, text: str, *models: str) -> Iterator[tuple[Any, Any]]:
    """The parameters of each of the models, and what its tokens may see of the text."""
    made: list[Anatomy] = []
    for name in models:
        made.append((yield from awaited(service, AnatomyRequest(name))))
    yield note(""), anatomy_view(made, text if isinstance(text, str) else "")


def side_by_side(service: Service, text: str) -> Iterator[tuple[Any, Any]]:
    """An encoder, a decoder and both in one."""
    yield from take_apart(service, text, *TRIO)
