"""The part of the tokens tab where a text is written with one tokenizer and read with another. Knows the port alone."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, awaited, model_choices, readable
from playground.service.port import Service
from playground.tasks.text import check_text
from playground.tasks.tokens.misreading import MisreadingRequest
from playground.tasks.tokens.tokens import TokensRequest
from playground.views.status import note
from playground.views.tokens.misreading import misreading_sentence, misreading_view
from playground.web.component import Component

LEAD = (
    "A model knows only ids. Loaded with another model’s tokenizer it gets the right numbers of the wrong words: a *token mismatch*, "
    "the mistake that gives gibberish without any error."
)
CHARACTERS = 5_000


def build_misreading(service: Service, text: gr.Textbox) -> None:
    """An accordion over the tab's `text`."""
    with gr.Accordion("The wrong tokenizer", open=False, elem_id="misreading"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            writer = gr.Dropdown(
                model_choices("tokens"), value="minilm-l6", label="Written with", min_width=200, elem_id="misreading-writer"
            )
            reader = gr.Dropdown(
                model_choices("tokens"), value="smollm2-135m", label="Read with", min_width=200, elem_id="misreading-reader"
            )
            run = gr.Button("Read the text above wrongly", variant="primary", min_width=200, elem_id="misreading-run")
        gr.Markdown(f"Text up to {CHARACTERS:,} characters.", elem_classes="pg-lead")
        said = Component("note", elem_id="misreading-note")
        shown = Component("tokens/misreading", elem_id="misreading-shown")

    gr.on([run.click, writer.input, reader.input], readable(misread, service), [text, writer, reader], [said, shown], **QUIET)


def misread(service: Service, text: str, writer: str, reader: str) -> Iterator[tuple[Any, Any]]:
    """What one tokenizer wrote as the other reads it."""
    check_text(text, "The text", CHARACTERS, blank=True)
    written = yield from awaited(service, TokensRequest(text, writer, special=False))
    made = yield from awaited(service, MisreadingRequest(tuple(int(i) for i in written.ids), reader))
    yield note(misreading_sentence(written, made)), misreading_view(written, made)
