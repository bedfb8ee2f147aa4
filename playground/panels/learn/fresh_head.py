"""The part of the learn tab that counts what heads without training get right. Knows the port, not the models."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.panels.asking import readable, stopped
from playground.service.port import Service
from playground.tasks.learn.fresh_head import FreshHeadRequest
from playground.tasks.request import Batch, Progress
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.views.learn.fresh_head import fresh_head_sentence, fresh_head_view, sentences
from playground.views.status import note, progress_note
from playground.web.component import Component

BODY = "minilm-l6"
HEADS = 20
LEAD = (
    "Loading a classifier from a model that has no head gives it one of random numbers, and a warning that is easily missed. Here "
    f"{HEADS} such heads and the classifier trained here (head and body) read the same 64 sentences, half of them positive."
)


def build_fresh_head(service: Service) -> None:
    """A button that runs fresh heads, and one that draws others."""
    gr.Markdown(LEAD, elem_classes="pg-lead")
    with gr.Row(elem_classes="pg-row"):
        run = gr.Button(f"Count {HEADS} fresh heads", variant="primary", min_width=180, elem_id="fresh-run")
        other = gr.Button("Other seeds", min_width=120, elem_id="fresh-other")
        stop = gr.Button("Stop", min_width=80, elem_id="fresh-stop")
    begun = gr.State(0)
    said = Component("note", elem_id="fresh-note")
    shown = Component("learn/fresh_head", elem_id="fresh-shown")

    def count(begun: int) -> Iterator[tuple[Any, Any, Any]]:
        texts = tuple(text for text, _ in sentences())
        fresh = FreshHeadRequest(texts, BODY, tuple(range(begun, begun + HEADS)))
        answers: list[Any] = []
        for request in (fresh, Batch(tuple(SentimentRequest(text, DEFAULTS["sentiment"]) for text in texts))):
            with closing(service.stream(request)) as items:
                for item in items:
                    if isinstance(item, Progress):
                        yield begun, progress_note(item), gr.skip()
            answers.append(item)
        yield begun, note(fresh_head_sentence(answers[0], answers[1])), fresh_head_view(answers[0], answers[1])

    def count_others(begun: int) -> Iterator[tuple[Any, Any, Any]]:
        yield from count((begun + HEADS) % 10_000)

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    runs = [button.click(readable(act), begun, [begun, said, shown], **quiet) for button, act in ((run, count), (other, count_others))]
    stopped(stop, said, runs)
