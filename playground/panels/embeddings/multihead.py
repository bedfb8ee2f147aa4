"""The part of the block tab that runs the lesson's own attention class beside torch's. Knows the port, not the models."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.panels.asking import readable, stopped
from playground.service.port import Service
from playground.tasks.embeddings.multihead import MultiHeadRequest
from playground.tasks.request import Progress
from playground.views.embeddings.multihead import multihead_view
from playground.views.status import note, progress_note
from playground.web.component import Component

LEAD = (
    "Multi-head attention in thirty lines, run on the text above with the weights of one of the model’s layers, beside "
    "torch.nn.MultiheadAttention and the layer itself. For models without rotary positions: MiniLM, BERT, Marian, GPT-2."
)


def build_multihead(service: Service, inputs: list[Any], request_of: Callable[..., Any]) -> None:
    with gr.Accordion("MultiHeadAttention, written out", open=False, elem_id="multihead"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            layer = gr.Number(0, label="Layer", precision=0, minimum=0, min_width=110, elem_id="multihead-layer")
            run = gr.Button("Run it", variant="primary", min_width=110, elem_id="multihead-run")
            stop = gr.Button("Stop", min_width=80, elem_id="multihead-stop")
        said = Component("note", elem_id="multihead-note")
        code = gr.Code("", language="python", label="The class as it runs", visible=False, elem_id="multihead-code")
        shown = Component("multihead", elem_id="multihead-shown")

    def run_beside(layer: int, *values: Any) -> Iterator[tuple[Any, Any, Any]]:
        with closing(service.stream(MultiHeadRequest(request_of(*values), layer))) as items:
            for item in items:
                if isinstance(item, Progress):
                    yield progress_note(item), gr.skip(), gr.skip()
                else:
                    yield note(""), gr.Code(item.code, visible=True), multihead_view(item)

    asked: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    stopped(stop, said, [run.click(readable(run_beside), [layer, *inputs], [said, code, shown], **asked)])
