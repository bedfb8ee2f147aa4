"""The sentiment tab: one text a line, a label and its probability for each. Knows the port, not the models."""

import sys
from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.panels.asking import QUIET, model_field, publish, readable, stopped, streamed
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.panels.sentiment.attribution import build_attribution
from playground.panels.sentiment.file import build_lines
from playground.panels.sentiment.twotexts import build_twotexts
from playground.service.port import Service
from playground.tasks.request import Batch
from playground.tasks.sentiment.limits import LIMITS
from playground.tasks.sentiment.sentiment import Sentiment, SentimentRequest
from playground.tasks.text import check_text
from playground.views.sentiment.sentiment import SentimentScores, sentiment_scores, sentiment_sentence, sentiment_view
from playground.web.component import Component

FIRST = "Great acting, but the story bored me to tears.\nThis movie is fantastic!"
EXAMPLES = (
    ("Praise and complaint", ("I love this product!\nThe food was cold and the waiter was rude.",)),
    ("Negation", ("The film is good.\nThe film is not good.\nThe film is not bad at all.",)),
    ("Mixed feelings", ("Great acting, but the story bored me to tears.\nThe story bored me to tears, but what acting!",)),
)


def build(service: Service) -> None:
    """Texts and model on top, one card a text below."""
    text = gr.Textbox(
        FIRST, label="Texts, one a line", lines=4, max_lines=12,
        info=f"Up to {LIMITS.sentiment_lines} lines of {LIMITS.sentiment_characters:,} characters; empty lines are passed over. English.",
        elem_id="sentiment-text",
    )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        model = model_field("sentiment")
        run = gr.Button("Classify", variant="primary", min_width=140, elem_id="sentiment-run")
        stop = gr.Button("Stop", min_width=100, elem_id="sentiment-stop")
    filled = example_row("sentiment", EXAMPLES, [text])
    said = Component("note", elem_id="sentiment-note")
    rows = Component("sentiment/sentiment", elem_id="sentiment-rows")
    build_attribution(service, model, rows)
    build_twotexts(service, model)
    build_lines(service, model)
    publish(service, sentiment)
    asked: dict[str, Any] = {"fn": readable(show, service), "inputs": [text, model], "outputs": [said, rows], **QUIET}
    stopped(stop, said, [run.click(**asked), filled.then(**asked)])
    build_program(service, "sentiment", [text, model], lines_of)


def show(service: Service, text: str, model: str) -> Iterator[tuple[Any, Any]]:
    """A card for every line."""
    yield from streamed(service, lines_of(text, model), sentiment_sentence, sentiment_view)


def lines_of(text: str, model: str) -> Batch[Sentiment]:
    """One request a line that is not blank. Raises BadInput where there are too many, or one is too long, and says which."""
    check_text(text, "The text", sys.maxsize, blank=True, empty=True)
    numbered = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    lines, most = [line for _, line in numbered], LIMITS.sentiment_characters
    if len(lines) > LIMITS.sentiment_lines:
        raise BadInput(f"There are {len(lines):,} lines; the limit is {LIMITS.sentiment_lines}. Send them in parts.")
    if long := next((one for one in numbered if len(one[1]) > most), None):
        raise BadInput(f"Line {long[0]} has {len(long[1]):,} characters; the limit is {most:,}. Shorten it by {len(long[1]) - most:,}.")
    return Batch(tuple(SentimentRequest(line, model) for line in lines or [text]))


def sentiment(service: Service, text: str, model: str = DEFAULTS["sentiment"]) -> SentimentScores:
    """Whether a text is positive, neutral or negative, or cannot be read.

    Args:
        text: at most 5,000 characters; read as one text, also over several lines.
        model: a model's slug; a wrong one is answered with the list.

    Returns:
        `label`, the likeliest, or null where the text cannot be read; `verdict`, the same or "unreadable"; `reason`, why it
        cannot be read, else empty; `scores`, the probability of each label; and `unread`, the share of its tokens that came out
        as [UNK].
    """
    return sentiment_scores(service.run(SentimentRequest(text, model)))


PANEL = Panel(
    "sentiment",
    "Sentiment",
    "Look at how sure the model is, not only at the label: change one word, or add “not”, and watch the probability move.",
    build,
    starts=("sentiment-run", "why-run"),
    live=True,
    needs="a model trained to classify",
)
