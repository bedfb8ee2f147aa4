"""The block tab: one block of a model opened, its parts counted, and its attention written out. Knows the port, not the models."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.panels.asking import QUIET, awaited, model_field, publish, readable, stopped, streamed
from playground.panels.embeddings.anatomy import build_anatomy
from playground.panels.embeddings.multihead import build_multihead
from playground.panels.embeddings.stacks import read_request, stack_field, stack_shown
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.service.port import Service
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest
from playground.tasks.embeddings.limits import LIMITS
from playground.views.embeddings.block import BlockTable, block_table, block_view
from playground.web.component import Component

DEFAULT = DEFAULTS["embeddings"]
FIRST = "The animal didn't cross the street because it was too tired."
EXAMPLES = (
    ("An encoder’s block", (FIRST, "minilm-l6", "encoder")),
    ("A decoder’s block, SwiGLU", ("The capital of France is Paris, and the capital of Italy is", "smollm2-135m", "encoder")),
    ("A decoder beside an encoder", ("The white house is small.", "en-fr", "decoder")),
)


def build(service: Service) -> None:
    """Text and model on top, then the block, then what the model is made of and the lesson's own attention."""
    text = gr.Textbox(
        FIRST, label="Text", lines=2, max_lines=6, elem_id="block-text",
        info=f"Up to {LIMITS.vector_characters:,} characters and {LIMITS.vector_tokens} tokens.",
    )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        model = model_field("embeddings", name="block-model")
        stack = stack_field("block")
        run = gr.Button("Open a block", variant="primary", min_width=140, elem_id="block-run")
        stop = gr.Button("Stop", min_width=90, elem_id="block-stop")
    filled = example_row("block", EXAMPLES, [text, model, stack])
    said, asked = Component("note", elem_id="block-note"), gr.State(None)
    shown = Component("embeddings/block", elem_id="block-shown")
    build_anatomy(service, text, model)
    build_multihead(service, [text, model, stack], read_request)
    publish(service, block)
    inputs, outputs = [text, model, stack], [said, shown, asked]
    runs = [
        run.click(readable(open_block, service), inputs, outputs, **QUIET),
        filled.then(readable(open_block, service), inputs, outputs, **QUIET),
        shown.picked(readable(picked, service), asked, outputs, trigger_mode="always_last", **QUIET),
    ]
    stopped(stop, said, runs)
    model.change(stack_shown, model, stack, **QUIET)
    build_program(service, "block", [shown, asked, text, model, stack], shown_request)


def open_block(service: Service, text: str, model: str, stack: str) -> Iterator[tuple[Any, Any, Any]]:
    """The first block, at a token that is a fair example."""
    request = read_request(text, model, stack)
    read = (yield from awaited(service, request, 2)) if request.text else None
    yield from opened(service, BlockRequest(request, 0, _first_word(read.labels if read else ())))


def picked(service: Service, asked: Any, event: gr.EventData) -> Iterator[tuple[Any, Any, Any]]:
    """Another block or token of the same text."""
    yield from opened(service, read_pick(asked, event._data))


def opened(service: Service, request: BlockRequest) -> Iterator[tuple[Any, Any, Any]]:
    """The block, and the text's request for what is picked next."""
    yield from streamed(service, request, None, block_view, lambda made: request.of)


def shown_request(shown: Any, asked: Any, text: str, model: str, stack: str) -> BlockRequest:
    """The block in view; before there is one, the first block's work on the first token of what the fields hold."""
    return read_pick(asked, shown) if isinstance(asked, EmbeddingsRequest) else BlockRequest(read_request(text, model, stack))


def read_pick(asked: Any, pick: Any) -> BlockRequest:
    """The block the page names, of the text it shows. Raises BadInput for what is no place; the request's check does the rest."""
    if not isinstance(asked, EmbeddingsRequest):
        raise BadInput("Open a block first, then choose a token or another block.")
    found = pick if isinstance(pick, dict) else {}
    return BlockRequest(asked, found.get("layer", 0), found.get("token", 0))


def _first_word(labels: tuple[str, ...]) -> int:
    """The first token of four letters or more after the first; a decoder's first is no fair example (massive activations)."""
    return next((i for i, label in enumerate(labels) if i and sum(c.isalpha() for c in label) > 3 and label[:1] not in "<["), 0)


def block(
    service: Service, text: str, model: str = DEFAULT, layer: int = 0, token: int = 0, stack: str = "", neurons: int = 8
) -> BlockTable:
    """What one block of a model does to one token: every stage of its vector, and the feed-forward's neurons that add most.

    Args:
        text: at most 2,000 characters; 96 tokens are read.
        model: a model's slug; a wrong one is answered with the list.
        layer: the block, from 0.
        token: from 0, special tokens included.
        stack: "encoder" or "decoder"; empty is the model's first.
        neurons: how many to list, 1 to 50.

    Returns:
        `stages` with vectors and lengths, `neurons`, and for all blocks the lengths of what each sub-layer adds (`flow`).
    """
    return block_table(service.run(BlockRequest(EmbeddingsRequest(text, model, "", stack), layer, token, neurons)))


PANEL = Panel(
    "block",
    "One block",
    "Attention and feed-forward each add a vector to every token’s own: look which adds more, and which neurons do it.",
    build,
    starts=("block-run",),
)
