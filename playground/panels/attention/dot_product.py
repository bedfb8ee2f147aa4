"""The part of the attention tab that shows how a weight comes about, worked out only while it is open. Knows the port, not the models."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, awaited, readable
from playground.service.port import Service
from playground.tasks.attention.attention import Attention
from playground.tasks.attention.dot_product import StepsRequest
from playground.views.attention.dot_product import steps_view, token_choices
from playground.views.attention.lab import read_view
from playground.views.status import note
from playground.web.component import Component

LEAD = "One token of the head above, through softmax(QKᵀ / √d_k + mask) · V, with the model’s own numbers."
# Only while this is true does a move in the lab ask the server for anything.
OPENED = "() => { window.playgroundFollowing = true; }"
CLOSED = "() => { window.playgroundFollowing = false; }"
# Choosing a token here pins it in the lab's value, so that both speak of the same one.
PIN = "(lab, token) => (lab ? {...lab, view: {...lab.view, query: token}} : lab)"
HINT = "Read a text first, then choose one of its tokens here."


def build_steps(service: Service, lab: Component) -> None:
    """An accordion that follows the head in view of `lab` while it is open; a mean of heads shows head 0."""
    opened = gr.State(False)
    with gr.Accordion("How a weight comes about", open=False, elem_id="steps") as part:
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            token = gr.Dropdown([], label="Query token", info="The token that looks", min_width=200, elem_id="steps-token")
            unscaled = gr.Checkbox(False, label="without the scaling", min_width=160, elem_id="steps-unscaled")
            unmasked = gr.Checkbox(False, label="without the mask", min_width=160, elem_id="steps-unmasked")
        said = Component("note", elem_id="steps-note")
        shown = Component("attention/steps", elem_id="steps-shown")
    work: dict[str, Any] = {
        "fn": readable(steps, service), "inputs": [opened, lab, token, unscaled, unmasked], "outputs": [said, token, shown],
        "trigger_mode": "always_last", **QUIET,
    }  # fmt: skip
    part.expand(lambda: True, None, opened, js=OPENED, **QUIET).then(**work)
    part.collapse(lambda: False, None, opened, js=CLOSED, **QUIET)
    lab.moved(**work)
    gr.on([unscaled.input, unmasked.input], **work)
    token.input(None, [lab, token], lab, js=PIN, api_visibility="private").then(**work)


def steps(service: Service, opened: bool, lab: Any, token: int | None, unscaled: bool, unmasked: bool) -> Iterator[tuple[Any, Any, Any]]:
    """How the weights of one token in the head in view come about, while the accordion is open."""
    if not opened or not lab or (isinstance(lab, dict) and lab.get("view") == {}):  # what was read is not drawn yet: it tells when it is
        yield note(HINT), gr.skip(), gr.skip()
        return
    view = read_view(lab)
    run = yield from awaited(service, view.of, 2)
    places = _places(run, view.kind)
    wanted = token if view.query is None else view.query
    place = wanted if isinstance(wanted, int) and 0 <= wanted < len(places) else min(2, len(places) - 1)
    number = view.head if isinstance(view.head, int) else 0
    of = replace(view.of, target=run.target)  # the kept translation is not searched for again
    request = StepsRequest(of, view.kind, view.layer, number, place, not unscaled, not unmasked)
    made = yield from awaited(service, request, 2)
    mean = "" if isinstance(view.head, int) else "The mean of all heads has no steps of its own; this is head 0."
    yield note(mean), gr.Dropdown(places, value=place), steps_view(made)


def _places(run: Attention, kind: str) -> list[tuple[str, int]]:
    shape = next((s for s in run.shapes if s.kind == kind), run.shapes[0])
    return token_choices(shape.queries)
