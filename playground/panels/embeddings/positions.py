"""The part of the embeddings tab about positions: how the model has them, and what a text is without them. Knows the port alone."""

from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, readable, stopped, streamed
from playground.service.port import Service
from playground.tasks.embeddings.embeddings import EmbeddingsRequest
from playground.tasks.embeddings.positions import PositionsRequest, ShuffleRequest
from playground.views.embeddings.positions import positions_view, shuffle_view
from playground.web.component import Component

TABLE = (
    "All tokens are read at once: without help, an encoder could not tell the first from the last. (A decoder’s mask already tells it what "
    "came before.) Models differ in the help they get."
)
ORDER = "Change the order of the words above and compare each word’s last vector with what it was; then once more with positions removed."
Read = Callable[..., EmbeddingsRequest]


def build_positions(service: Service, inputs: list[Any], request_of: Read) -> None:
    """Two accordions over the text and model in `inputs`, which `request_of` makes a request of."""
    with gr.Accordion("Positions", open=False, elem_id="positions"):
        gr.Markdown(TABLE, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            query, key = _place("Query token", 2), _place("Key token", 1)
            layer, head = _place("Layer", 0), _place("Head", 0)
            run = gr.Button("Show its positions", variant="primary", min_width=150, elem_id="positions-run")
            stop = gr.Button("Stop", min_width=80, elem_id="positions-stop")
        said = Component("note", elem_id="positions-note")
        shown = Component("embeddings/positions", elem_id="positions-shown")
    with gr.Accordion("Change the order, remove the positions", open=False, elem_id="shuffle"):
        gr.Markdown(ORDER, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            reverse = gr.Button("Reverse the words", variant="primary", min_width=150, elem_id="shuffle-run")
            mix = gr.Button("Shuffle them", min_width=120, elem_id="shuffle-mix")
            seed = gr.Number(1, label="Shuffle number", precision=0, minimum=0, min_width=110, elem_id="shuffle-seed")
            halt = gr.Button("Stop", min_width=80, elem_id="shuffle-stop")
        told = Component("note", elem_id="shuffle-note")
        mixed = Component("embeddings/shuffle", elem_id="shuffle-shown")
    stopped(stop, said, [run.click(readable(positions, service, request_of), [query, key, layer, head, *inputs], [said, shown], **QUIET)])
    runs = [
        reverse.click(readable(reversed_words, service, request_of), inputs, [told, mixed], **QUIET),
        mix.click(readable(shuffled_words, service, request_of), [seed, *inputs], [told, mixed], **QUIET).then(_next, seed, seed, **QUIET),
    ]
    stopped(halt, told, runs)


def positions(service: Service, request_of: Read, query: int, key: int, layer: int, head: int, *values: Any) -> Iterator[tuple[Any, Any]]:
    """How the model tells one place from another; for rotary ones, by one query and one key."""
    yield from streamed(service, PositionsRequest(request_of(*values), query, key, layer, head), None, positions_view)


def reversed_words(service: Service, request_of: Read, *values: Any) -> Iterator[tuple[Any, Any]]:
    """The words from the last to the first."""
    yield from streamed(service, ShuffleRequest(request_of(*values)), None, shuffle_view)


def shuffled_words(service: Service, request_of: Read, seed: int, *values: Any) -> Iterator[tuple[Any, Any]]:
    """The words in an order drawn with this seed."""
    yield from streamed(service, ShuffleRequest(request_of(*values), "shuffled", seed), None, shuffle_view)


def _next(seed: int | None) -> int:
    """So that the button shuffles anew each time."""
    return (seed or 0) + 1


def _place(name: str, value: int) -> gr.Number:
    part = name.split()[0].lower()
    return gr.Number(value, label=name, info="Rotary models only", precision=0, minimum=0, min_width=110, elem_id=f"positions-{part}")
