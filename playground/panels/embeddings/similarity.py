"""The part of the embeddings tab that compares whole sentences. Knows the port, not the models."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.catalog import models_for
from playground.errors import BadInput
from playground.panels.asking import QUIET, readable, stopped, streamed
from playground.panels.examples import example_row
from playground.service.port import Service
from playground.tasks.embeddings.limits import LIMITS
from playground.tasks.embeddings.similarity import SimilarityRequest
from playground.views.embeddings.similarity import similarity_view
from playground.web.component import Component

DEFAULT = "minilm-l6"
LEAD = "One vector for a whole sentence: the mean of its tokens’ last vectors. MiniLM was trained so that like meanings lie close."
FIRST = "A man is eating food.\nSomebody has lunch.\nThe girl carries a baby.\nA man is riding a horse.\nStock markets fell on Monday."
EXAMPLES = (
    ("Meaning or words?", (FIRST,)),
    ("Small words, large difference", ("I like this film.\nI do not like this film.\nI enjoyed the movie.\nThe film is two hours long.",)),
    ("The bank and the bank", ("He sat by the river bank.\nShe walked along the shore.\nHe opened a bank account.\nShe borrowed money.",)),
)


def build_similarity(service: Service) -> None:
    with gr.Accordion("Whole sentences", open=False, elem_id="similarity"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        texts = gr.Textbox(
            FIRST, label="Sentences, one on each line", lines=5, max_lines=12, elem_id="similarity-text",
            info=f"2 to {LIMITS.sentences} sentences, each up to {LIMITS.sentence_characters:,} characters; 256 tokens of each are read.",
        )  # fmt: skip
        with gr.Row(elem_classes="pg-row"):
            choices = [(card.name if card.embedded else f"{card.name} · needs the hub", card.slug)
                       for card in models_for("embeddings") if card.family == "encoder"]  # fmt: skip
            model = gr.Dropdown(choices, value=DEFAULT, label="Model", allow_custom_value=True, min_width=240, elem_id="similarity-model")
            run = gr.Button("Compare", variant="primary", min_width=120, elem_id="similarity-run")
            stop = gr.Button("Stop", min_width=80, elem_id="similarity-stop")
        filled = example_row("similarity", EXAMPLES, [texts])
        said = Component("note", elem_id="similarity-note")
        shown = Component("embeddings/similarity", elem_id="similarity-shown")
    asked: dict[str, Any] = {"fn": readable(compare, service), "inputs": [texts, model], "outputs": [said, shown], **QUIET}
    stopped(stop, said, [run.click(**asked), filled.then(**asked)])


def compare(service: Service, texts: str, model: str) -> Iterator[tuple[Any, Any]]:
    """Every sentence with every other."""
    yield from streamed(service, SimilarityRequest(read_lines(texts), model), None, similarity_view)


def read_lines(texts: Any) -> tuple[str, ...]:
    """The lines that hold something. Raises BadInput where it is no text."""
    if not isinstance(texts, str):
        raise BadInput("The sentences must be text, one on each line.")
    return tuple(line.strip() for line in texts.splitlines() if line.strip())
