"""The part of every panel that shows the program behind it, with the reader's own words. Knows the port, not the models."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, readable
from playground.service.port import Service
from playground.tasks.request import Batch, Request
from playground.tasks.status import ModelStatus, StatusRequest
from playground.views.code import program
from playground.views.places import program_view
from playground.views.status import note
from playground.web.component import Component

LEAD = "The shortest Python program that does what this panel does, on plain transformers, with your own words in it."


def build_program(service: Service, room: str, inputs: Sequence[Any], request_of: Callable[..., Request[Any]]) -> None:
    """An accordion with the program for what `inputs` hold; `request_of` makes the request of their values."""
    with gr.Accordion("Show the code", open=False, elem_id=f"{room}-code") as part:
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            hub = gr.Checkbox(
                False, label="Model from the Hugging Face hub", info="else from this machine, as here", min_width=240,
                elem_id=f"{room}-code-hub",
            )  # fmt: skip
            again = gr.Button("Write it for what is above now", min_width=220, elem_id=f"{room}-code-run")
        said = Component("note", elem_id=f"{room}-code-note")
        shown = Component("program", elem_id=f"{room}-program")
    written = readable(write_program, service, room, request_of)
    gr.on([part.expand, again.click, hub.input], written, [hub, *inputs], [said, shown], **QUIET)


def write_program(service: Service, room: str, request_of: Callable[..., Request[Any]], hub: bool, *values: Any) -> tuple[Any, Any]:
    """The program of the request that `request_of` makes of the values; its model from the hub, or as it was loaded here."""
    request = request_of(*values)
    for one in request.requests if isinstance(request, Batch) else [request]:
        one.check()
    ran = _status(service, request)
    made = program(request, ran.source, hub, ran.precision)
    return note("Copy it, save it, and run it in this playground’s folder with .venv/bin/python."), program_view(made, room)


def _status(service: Service, request: Request[Any]) -> ModelStatus:
    """What the status says of the request's model: where it was loaded from and what it writes in, "" before that."""
    first = request.requests[0] if isinstance(request, Batch) and request.requests else request
    first = getattr(first, "of", first)
    slug = getattr(first, "model", "")
    return next((one for one in service.run(StatusRequest()).models if one.model == slug), ModelStatus(slug, "waiting"))
