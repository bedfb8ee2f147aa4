"""The part of the generation tab that races the key-value cache against writing without it. Knows the port, not the models."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, readable, stopped, streamed
from playground.service.port import Service
from playground.tasks.generation.kv_cache import Pace, PaceRequest
from playground.tasks.generation.limits import LIMITS
from playground.views.generation.kv_cache import pace_figure, pace_figures, pace_sentence
from playground.web.component import Component

PAUSE = 0.6
LEAD = (
    "The same prompt is written on twice, greedily: once keeping the keys and values of all tokens read so far (the key-value cache), once "
    "reading everything again for each new token. Without the cache each token makes the next one dearer."
)


def build_pace(service: Service, prompt: gr.Textbox, model: gr.Dropdown, chat: gr.Checkbox) -> None:
    """An accordion on the prompt above, with a curve that grows while the model writes."""
    with gr.Accordion("Speed: what the key-value cache saves", open=False, elem_id="pace"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            tokens = gr.Slider(
                8, LIMITS.pace_tokens, 32, step=1, label="New tokens", info="Written both ways; some seconds", min_width=200,
                elem_id="pace-tokens",
            )  # fmt: skip
            run = gr.Button("Race", min_width=120, elem_id="pace-run")
            stop = gr.Button("Stop", min_width=80, elem_id="pace-stop")
        said = Component("note", elem_id="pace-note")
        figures = Component("generation/figuresbox", elem_id="pace-figures")
        curve = gr.Plot(show_label=False, elem_id="pace-curve", visible="hidden")
    stopped(stop, said, [run.click(readable(race, service), [prompt, model, chat, tokens], [said, figures, curve], **QUIET)])


def race(service: Service, prompt: str, model: str, chat: bool, tokens: float) -> Iterator[tuple[Any, Any, Any]]:
    """Both ways of writing, and the curve of their times."""

    def curve(made: Pace) -> gr.Plot:
        return gr.Plot(pace_figure(made), visible=True)

    yield from streamed(service, PaceRequest(prompt, model, chat, int(tokens)), pace_sentence, pace_figures, curve, pause=PAUSE)
