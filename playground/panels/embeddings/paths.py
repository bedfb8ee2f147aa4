"""The part of the embeddings tab that follows the word in view: its path on principal axes, and its nearest vocabulary entries."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.errors import BadInput
from playground.panels.asking import QUIET, awaited, readable
from playground.service.port import Service
from playground.tasks.embeddings.embeddings import EmbeddingsRequest, NeighboursRequest
from playground.views.embeddings.embeddings import Axes, neighbours_view, paths_figure, paths_sentence
from playground.views.status import note
from playground.web.component import Component

LEAD = "The token chosen above on its way through the layers, and the vocabulary entries its vector is nearest to at the stage in view."
# Only while this is true does choosing a token above ask the server for anything.
OPENED = "() => { window.playgroundPaths = true; window.dispatchEvent(new Event('playground-paths')); }"
CLOSED = "() => { window.playgroundPaths = false; }"
FIRST = "Read a text first, then choose a token above."


def build_paths(service: Service, shown: Component, asked: gr.State) -> None:
    """An accordion that follows `shown` while it is open; `asked` holds the request it shows."""
    view = gr.State({"token": 0, "stage": 0})
    with gr.Accordion("Its path and its neighbours", open=False, elem_id="paths") as part:
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            flat = gr.Radio([("2-D", True), ("3-D", False)], value=True, label="Principal axes", min_width=140, elem_id="paths-flat")
            axes = gr.Radio(
                [("all stages, with the path", "together"), ("this stage alone", "apart")], value="together", label="Axes fitted to",
                min_width=260, elem_id="paths-axes",
            )  # fmt: skip
        said = Component("note", elem_id="paths-note")
        plot = gr.Plot(show_label=False, elem_id="paths-plot")
        nearest = Component("embeddings/neighbours", elem_id="paths-neighbours")
    work: dict[str, Any] = {"fn": readable(follow, service), "inputs": [asked, view, flat, axes], "outputs": [said, plot, nearest],
                            "trigger_mode": "always_last", **QUIET}  # fmt: skip
    part.expand(None, None, None, js=OPENED, **QUIET)
    part.collapse(None, None, None, js=CLOSED, **QUIET)
    shown.picked(_picked, None, view, trigger_mode="always_last", **QUIET).then(**work)
    gr.on([flat.input, axes.input], **work)


def follow(service: Service, asked: Any, view: Any, flat: bool, axes: str) -> Iterator[tuple[Any, Any, Any]]:
    """The path and the neighbours of the token in view."""
    if not isinstance(asked, EmbeddingsRequest):
        raise BadInput(FIRST)
    token, stage = read_place(view)
    near = yield from awaited(service, NeighboursRequest(asked, token, stage), 2)
    made = yield from awaited(service, asked, 2)
    shape: Axes = "apart" if axes == "apart" else "together"
    of = (made, token, stage, shape, bool(flat))
    yield note(paths_sentence(*of)), paths_figure(*of), neighbours_view(near)


def _picked(event: gr.EventData) -> Any:
    return event._data


def read_place(view: Any) -> tuple[int, int]:
    """(token, stage) as the page told them. Raises BadInput for what is no place; the request's check does the rest."""
    found = view if isinstance(view, dict) else {}
    token, stage = found.get("token", 0), found.get("stage", 0)
    if not all(isinstance(n, int) and not isinstance(n, bool) for n in (token, stage)):
        raise BadInput("The page named no token. Choose one above.")
    return token, stage
