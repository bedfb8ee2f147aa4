"""The part of the sentiment tab that puts two sentences side by side. Knows the port, not the models."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, readable, stopped, streamed
from playground.panels.examples import example_row
from playground.service.port import Service
from playground.tasks.limits import LIMITS
from playground.tasks.request import Batch
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.views.sentiment.twotexts import twotexts_sentence, twotexts_view
from playground.web.component import Component

LEAD = "Change one word and see how far the logits move. Words that only one of the two has are marked."
EXAMPLES = (
    ("One “not”", ("The film is good.", "The film is not good.")),
    ("One name", ("Maria cooked for us.", "Kevin cooked for us.")),
    ("Order", ("Great acting, but the story bored me.", "The story bored me, but great acting.")),
)


def build_twotexts(service: Service, model: gr.Dropdown) -> None:
    """An accordion with two texts, both classified in one batch."""
    with gr.Accordion("Compare two sentences", open=False, elem_id="twotexts"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            limit = f"Up to {LIMITS.sentiment_characters:,} characters."
            first = gr.Textbox(EXAMPLES[0][1][0], label="First text", info=limit, max_lines=6, min_width=240, elem_id="twotexts-first")
            second = gr.Textbox(EXAMPLES[0][1][1], label="Second text", info=limit, max_lines=6, min_width=240, elem_id="twotexts-second")
        with gr.Row(elem_classes="pg-row"):
            run = gr.Button("Compare", variant="primary", min_width=120, elem_id="twotexts-run")
            stop = gr.Button("Stop", min_width=80, elem_id="twotexts-stop")
        filled = example_row("twotexts", EXAMPLES, [first, second])
        said = Component("note", elem_id="twotexts-note")
        shown = Component("sentiment/twotexts", elem_id="twotexts-shown")
    asked: dict[str, Any] = {"fn": readable(twotexts, service), "inputs": [first, second, model], "outputs": [said, shown], **QUIET}
    stopped(stop, said, [run.click(**asked), filled.then(**asked)])


def twotexts(service: Service, first: str, second: str, model: str) -> Iterator[tuple[Any, Any]]:
    """Both texts, asked together."""
    both = Batch((SentimentRequest(first, model), SentimentRequest(second, model)))
    yield from streamed(service, both, lambda made: twotexts_sentence(made[0], made[1]), lambda made: twotexts_view(made[0], made[1]))
