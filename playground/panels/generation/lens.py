"""The part of the generation tab that looks into the layers with the logit lens. Knows the port, not the models."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, readable, stopped, streamed
from playground.service.port import Service
from playground.tasks.generation.lens import LensRequest
from playground.tasks.generation.limits import LIMITS
from playground.views.generation.lens import lens_sentence, lens_view
from playground.web.component import Component

LEAD = (
    "What would the model say next if it stopped after each layer? Each layer’s output goes through the last norm and the vocabulary "
    f"projection (the logit lens, nostalgebraist 2020). For prompts of up to {LIMITS.lens_tokens} tokens. Choose a token to look after it."
)


def build_lens(service: Service, prompt: gr.Textbox, model: gr.Dropdown, chat: gr.Checkbox) -> None:
    """An accordion on the prompt above; choosing one of its tokens looks after that one."""
    with gr.Accordion("Logit lens: the best next token after every layer", open=False, elem_id="lens"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            run = gr.Button("Look into the layers", min_width=200, elem_id="lens-run")
            stop = gr.Button("Stop", min_width=80, elem_id="lens-stop")
        said = Component("note", elem_id="lens-note")
        shown = Component("generation/lens", elem_id="lens-shown")
    asked: dict[str, Any] = {"inputs": [prompt, model, chat], "outputs": [said, shown], **QUIET}
    runs = [
        run.click(readable(look, service), **asked),
        shown.picked(readable(look_after, service), trigger_mode="always_last", **asked),
    ]
    stopped(stop, said, runs)


def look(service: Service, prompt: str, model: str, chat: bool, position: int = -1) -> Iterator[tuple[Any, Any]]:
    """The best next tokens after every layer, after the prompt's token at `position`."""
    yield from streamed(service, LensRequest(prompt, model, chat, position), lens_sentence, lens_view)


def look_after(service: Service, event: gr.EventData, prompt: str, model: str, chat: bool) -> Iterator[tuple[Any, Any]]:
    """The same after the token chosen."""
    yield from look(service, prompt, model, chat, event.index)
