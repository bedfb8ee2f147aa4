"""The part of the block tab that runs the lesson's own attention class beside torch's. Knows the port, not the models."""

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, readable, stopped, streamed
from playground.service.port import Service
from playground.tasks.embeddings.multihead import MultiHeadRequest
from playground.views.embeddings.multihead import multihead_view
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
        shown = Component("embeddings/multihead", elem_id="multihead-shown")
    stopped(stop, said, [run.click(readable(run_beside, service, request_of), [layer, *inputs], [said, code, shown], **QUIET)])


def run_beside(service: Service, request_of: Callable[..., Any], layer: int, *values: Any) -> Iterator[tuple[Any, Any, Any]]:
    """The class as it runs, and its numbers beside torch's."""
    request = MultiHeadRequest(request_of(*values), layer)
    yield from streamed(service, request, None, lambda made: gr.Code(made.code, visible=True), multihead_view)
