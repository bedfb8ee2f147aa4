"""The embeddings tab: the vectors a text begins with and what the layers make of them. Knows the port, not the models."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.panels.asking import QUIET, model_field, publish, readable, stopped, streamed
from playground.panels.embeddings.paths import build_paths
from playground.panels.embeddings.positions import build_positions
from playground.panels.embeddings.similarity import build_similarity
from playground.panels.embeddings.stacks import read_request, stack_field, stack_shown
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.service.port import Service
from playground.tasks.embeddings.embeddings import EmbeddingsRequest
from playground.tasks.embeddings.limits import LIMITS
from playground.views.embeddings.embeddings import EmbeddingsTable, embeddings_sentence, embeddings_table, embeddings_view
from playground.web.component import Component

DEFAULT = DEFAULTS["embeddings"]
FIRST, SECOND = "She sat on the bank of the river.", "He took the money to the bank."
EXAMPLES = (
    ("Two banks", (FIRST, SECOND, "minilm-l6", "encoder")),
    ("A decoder’s bank", (FIRST, SECOND, "smollm2-135m", "decoder")),
    ("The same word twice", ("The dog chased the cat because the cat stole the food.", "", "en-fr", "encoder")),
    ("Two meanings of spring", ("The flowers open in spring.", "The spring in the old watch broke.", "minilm-l6", "encoder")),
)


def build(service: Service) -> None:
    """Texts and model on top, then the vectors in the page, then what follows the word in view."""
    with gr.Row(elem_classes="pg-row"):
        text = gr.Textbox(
            FIRST, label="Text", lines=2, max_lines=6, min_width=260, elem_id="embeddings-text",
            info=f"Up to {LIMITS.vector_characters:,} characters and {LIMITS.vector_tokens} tokens, both texts together.",
        )  # fmt: skip
        second = gr.Textbox(
            SECOND, label="Second text", lines=2, max_lines=6, min_width=260, elem_id="embeddings-second",
            info="Optional: read on its own, shown beside the first.",
        )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        model = model_field("embeddings")
        stack = stack_field("embeddings")
        run = gr.Button("Show the vectors", variant="primary", min_width=150, elem_id="embeddings-run")
        stop = gr.Button("Stop", min_width=90, elem_id="embeddings-stop")
    filled = example_row("embeddings", EXAMPLES, [text, second, model, stack])
    said, asked = Component("note", elem_id="embeddings-note"), gr.State(None)
    shown = Component("embeddings/embeddings", elem_id="embeddings-shown")
    build_paths(service, shown, asked)
    build_positions(service, [text, model, stack], read_request)
    build_similarity(service)
    publish(service, embeddings)
    inputs, outputs = [text, second, model, stack], [said, shown, asked]
    runs = [run.click(readable(show, service), inputs, outputs, **QUIET), filled.then(readable(show, service), inputs, outputs, **QUIET)]
    stopped(stop, said, runs)
    model.change(stack_shown, model, stack, **QUIET)
    build_program(service, "embeddings", [text, second, model, stack], asked_of)


def asked_of(text: str, second: str, model: str, stack: str) -> EmbeddingsRequest:
    """What the fields hold, in their order on the page."""
    return read_request(text, model, stack, second)


def show(service: Service, *fields: str) -> Iterator[tuple[Any, Any, Any]]:
    """The vectors of what the fields hold, and their request for what follows the word in view."""
    request = asked_of(*fields)
    yield from streamed(service, request, embeddings_sentence, embeddings_view, lambda made: request)


def embeddings(service: Service, text: str, model: str = DEFAULT, stage: int = -1, second: str = "", stack: str = "") -> EmbeddingsTable:
    """How alike the tokens' vectors are at one stage of a model: the embedding, after each block, after the final norm.

    Args:
        text: at most 2,000 characters; 96 tokens are read, together with `second`.
        model: a model's slug; a wrong one is answered with the list.
        stage: from 0, the embedding; -1 is the last one.
        second: another text, read on its own; its tokens follow.
        stack: "encoder" or "decoder"; empty is the model's first.

    Returns:
        `tokens`, `stages`, and for the stage asked for `cosines`, `lengths` and `coordinates` on three principal axes.
    """
    made = service.run(EmbeddingsRequest(text, model, second, stack))
    return embeddings_table(made, read_stage(stage, len(made.stages)))


def read_stage(stage: object, stages: int) -> int:
    """A stage that may count from the end. Raises BadInput with the range."""
    if isinstance(stage, bool) or not isinstance(stage, int) or not -stages <= stage < stages:
        raise BadInput(f"The stage must be a whole number from 0 to {stages - 1}, or -1 for the last.")
    return stage % stages


PANEL = Panel(
    "embeddings",
    "Embeddings",
    "Each token begins as a row of numbers, and every layer rewrites it: follow a word that both texts share.",
    build,
    starts=("embeddings-run",),
    live=True,
)
