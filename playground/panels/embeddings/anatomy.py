"""The part of the block tab that counts a model's parameters, alone or the three families side by side. Knows the port alone."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.panels.asking import readable, stopped
from playground.service.port import Service
from playground.tasks.embeddings.anatomy import Anatomy, AnatomyRequest
from playground.tasks.request import Progress
from playground.views.embeddings.anatomy import anatomy_view
from playground.views.status import note, progress_note
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
        shown = Component("anatomy", elem_id="anatomy-shown")

    def take_apart(text: str, model: str) -> Iterator[tuple[Any, Any]]:
        yield from opened(text, (model,))

    def side_by_side(text: str) -> Iterator[tuple[Any, Any]]:
        yield from opened(text, TRIO)

    def opened(text: str, models: tuple[str, ...]) -> Iterator[tuple[Any, Any]]:
        made: list[Anatomy] = []
        for name in models:
            with closing(service.stream(AnatomyRequest(name))) as items:
                for item in items:
                    if isinstance(item, Progress):
                        yield progress_note(item), gr.skip()
                    else:
                        made.append(item)
        yield note(""), anatomy_view(made, text if isinstance(text, str) else "")

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    runs = [
        alone.click(readable(take_apart), [text, model], [said, shown], **quiet),
        trio.click(readable(side_by_side), text, [said, shown], **quiet),
    ]
    stopped(stop, said, runs)
