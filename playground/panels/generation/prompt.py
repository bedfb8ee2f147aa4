"""The part of the generation tab that shows the prompt as the model reads it, with each token's surprisal. Knows the port only."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, readable, stopped, streamed
from playground.service.port import Service
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.limits import LIMITS
from playground.tasks.generation.prompt import PromptReadingRequest
from playground.views.generation.prompt import reading_sentence, reading_view
from playground.web.component import Component

LEAD = (
    "What the model really reads: as chat, with the template’s own words and special tokens around yours. Pale tokens surprised "
    f"the model, dark ones it saw coming. Up to {LIMITS.read_tokens:,} tokens."
)


def build_reading(service: Service, prompt: Any, model: Any, chat: Any) -> None:
    """An accordion with a button: one forward pass over the prompt."""
    with gr.Accordion("The prompt as the model reads it", open=False, elem_id="reading"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            run = gr.Button("Read the prompt", elem_id="reading-run")
            stop = gr.Button("Stop", elem_id="reading-stop")
        said = Component("note", elem_id="reading-note")
        shown = Component("generation/reading", elem_id="reading-shown")
    stopped(stop, said, [run.click(readable(read, service), [prompt, model, chat], [said, shown], **QUIET)])


def read(service: Service, prompt: str, model: str, chat: bool) -> Iterator[tuple[Any, Any]]:
    """The prompt token by token, each with its surprisal."""
    yield from streamed(service, PromptReadingRequest(GenerationRequest(prompt, model, chat)), reading_sentence, reading_view)
