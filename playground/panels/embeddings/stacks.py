"""Which half of a model is read: the field for it, and the request the fields of a panel make. What two tabs share; knows no room."""

from typing import Any

import gradio as gr

from playground.catalog import models_for
from playground.tasks.embeddings.embeddings import STACKS, EmbeddingsRequest


def stack_field(room: str) -> gr.Radio:
    """Hidden, not gone, while the model has one stack: Gradio loses what is put into a field that is not in the page."""
    return gr.Radio(
        list(STACKS), value=STACKS[0], label="Which half", visible="hidden", min_width=200, elem_id=f"{room}-stack",
        info="The decoder reads the model’s own translation.",
    )  # fmt: skip


def stack_shown(model: object) -> gr.Radio:
    return gr.Radio(visible=True if has_two_stacks(model) else "hidden")


def has_two_stacks(model: object) -> bool:
    """Whether this model has an encoder and a decoder."""
    return any(card.slug == model and card.family == "encoder-decoder" for card in models_for("embeddings"))


def read_request(text: str, model: str, stack: Any, second: str = "") -> EmbeddingsRequest:
    """What a field holds that this model does not read stays out."""
    return EmbeddingsRequest(text, model, second, stack if has_two_stacks(model) else "")
