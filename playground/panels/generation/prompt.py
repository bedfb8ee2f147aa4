"""The part of the generation tab that shows the prompt as the model reads it, with each token's surprisal. Knows the port only."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.panels.asking import readable, stopped
from playground.service.port import Service
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.limits import LIMITS
from playground.tasks.generation.prompt import PromptReadingRequest
from playground.tasks.request import Progress
from playground.views.generation.prompt import reading_sentence, reading_view
from playground.views.status import note, progress_note
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

    def read(prompt: str, model: str, chat: bool) -> Iterator[tuple[Any, Any]]:
        with closing(service.stream(PromptReadingRequest(GenerationRequest(prompt, model, chat)))) as items:
            for item in items:
                if isinstance(item, Progress):
                    yield progress_note(item), gr.skip()
                else:
                    yield note(reading_sentence(item)), reading_view(item)

    done = run.click(readable(read), [prompt, model, chat], [said, shown], show_progress="hidden", api_visibility="private")
    stopped(stop, said, [done])
