"""The part of the learn tab where failures are provoked: the real message, its meaning, the fix run beside it. Knows the port only."""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.errors import PlaygroundError
from playground.panels.asking import QUIET, readable, stopped, streamed
from playground.service.port import Service
from playground.tasks.learn.hosted import HostedRequest
from playground.tasks.learn.issues import MOST_IDS, IssueRequest
from playground.tasks.limits import LIMITS
from playground.tasks.tokens.tokens import TokensRequest
from playground.views.learn.issues import issue_choices, issue_view, key_view
from playground.views.status import note
from playground.web.component import Component

LEAD = (
    "Choose a failure and provoke it, with your own text if you like. The message below comes from this machine: the library’s own, or "
    "this page’s where nothing is sent."
)
FIRST = "The cat sat on the mat because unbelievably it was tired."
OTHERS, READER = "smollm2-135m", "minilm-l6"


def build_issues(service: Service) -> None:
    gr.Markdown(LEAD, elem_classes="pg-lead")
    kind = gr.Radio(issue_choices(), value="tokens", label="Failure", elem_id="issues-kind")
    text = gr.Textbox(
        FIRST, label="Text", max_lines=4, elem_id="issues-text",
        info=f"Up to {LIMITS.attention_characters:,} characters, and {MOST_IDS} tokens.",
    )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        run = gr.Button("Provoke it", variant="primary", min_width=140, elem_id="issues-run")
        stop = gr.Button("Stop", min_width=80, elem_id="issues-stop")
    said = Component("note", elem_id="issues-note")
    shown = Component("learn/issue", elem_id="issues-shown")
    stopped(stop, said, [run.click(readable(provoke, service), [kind, text], [said, shown], **QUIET)])


def provoke(service: Service, kind: str, text: str) -> Iterator[tuple[Any, Any]]:
    """The failure, with its message, and the fix beside it."""
    if kind == "key":
        yield note("This is what the hosted-model part of this page says."), key_view(_without_key(service))
        return
    ids: tuple[int, ...] = ()
    if kind == "tokens":
        IssueRequest(kind, READER, text, (0,)).check()
        ids = tuple(service.run(TokensRequest(text, OTHERS, False)).ids[:MOST_IDS].tolist())
    yield from streamed(service, IssueRequest(kind, READER, text, ids), lambda made: "Provoked just now, on this machine.", issue_view)


def _without_key(service: Service) -> str:
    """The sentence a missing address or key gives. Nothing is sent."""
    try:
        service.run(HostedRequest("Hello", only_check=True))
    except PlaygroundError as error:
        return str(error)
    return "A hosted model is set up here, so nothing is missing."
