"""The part of the learn tab that counts what heads without training get right. Knows the port, not the models."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.panels.asking import QUIET, awaited, readable, stopped
from playground.service.port import Service
from playground.tasks.learn.fresh_head import FreshHeadRequest
from playground.tasks.request import Batch
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.views.learn.fresh_head import fresh_head_sentence, fresh_head_view, sentences
from playground.views.status import note
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
    runs = [
        button.click(readable(act, service), begun, [said, shown, begun], **QUIET) for button, act in ((run, count), (other, count_others))
    ]
    stopped(stop, said, runs)


def count(service: Service, begun: int) -> Iterator[tuple[Any, Any, Any]]:
    """The heads of the seeds from `begun` on, and the trained one."""
    yield gr.skip(), gr.skip(), begun
    texts = tuple(text for text, _ in sentences())
    fresh = yield from awaited(service, FreshHeadRequest(texts, BODY, tuple(range(begun, begun + HEADS))), 2)
    trained = yield from awaited(service, Batch(tuple(SentimentRequest(text, DEFAULTS["sentiment"]) for text in texts)), 2)
    yield note(fresh_head_sentence(fresh, trained)), fresh_head_view(fresh, trained), begun


def count_others(service: Service, begun: int) -> Iterator[tuple[Any, Any, Any]]:
    """Heads of seeds that were not drawn yet."""
    yield from count(service, (begun + HEADS) % 10_000)
