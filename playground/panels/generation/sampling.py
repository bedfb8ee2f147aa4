"""The part of the generation tab that takes one step apart: logits, penalty, temperature, cuts, softmax, the draw.

The page fetches the logits itself (/playground/logits) and does the rest, so a slider asks nobody. Knows no model.
"""

import time
from dataclasses import replace
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, readable
from playground.panels.generation.knobs import read_request
from playground.service.door import check_request
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.nexttoken import NextLogitsRequest
from playground.tasks.wire import read
from playground.views.generation.generation import shown_request
from playground.views.generation.nexttoken import step_value
from playground.web.component import Component

LEAD = (
    "One step, from the model’s logits to the token that is drawn. Move a slider: the model is not asked again, only what is "
    "made of its logits changes. A temperature below 1 sharpens the bars, one above 1 flattens them. Look which cut removes most tokens."
)


def build_sampling(trace: Component, asked: list[Any]) -> None:
    """An accordion for the step chosen in `trace`, or the first after the prompt as `asked` has it, with the seed of the text shown."""
    with gr.Accordion("One step of the sampling", open=False, elem_id="sampling") as part:
        gr.Markdown(LEAD, elem_classes="pg-lead")
        first = gr.Button("Take the first step after the prompt apart", elem_id="sampling-run")
        shown = Component("generation/sampling", elem_id="sampling-shown")
    first.click(readable(take_first), [trace, *asked], shown, **QUIET)
    trace.apart(readable(take_chosen), None, [part, shown], **QUIET)


def take_first(seen: Any, *values: Any) -> Any:
    """The first step of what the controls hold; `seen` is the picture's value, which knows the seed of the text shown."""
    request = NextLogitsRequest(shown_request(read_request(*values), seen)).settled()
    check_request(request)
    return step_value(request.of, None, time.time_ns())


def take_chosen(event: gr.EventData) -> tuple[Any, Any]:
    """The step that somebody chose in the picture."""
    found = event._data if isinstance(event._data, dict) else {}
    request = NextLogitsRequest(replace(read(GenerationRequest, found.get("asked"), "The run"), alternatives=0)).settled()
    check_request(request)
    return gr.Accordion(open=True), step_value(request.of, found.get("drawn"), time.time_ns())
