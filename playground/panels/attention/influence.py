"""The part of the attention tab that puts gradient × input beside a row of attention. Knows the port, not the models."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, awaited, readable, stopped
from playground.service.port import Service
from playground.tasks.attention.attention import AttentionMapRequest
from playground.tasks.attention.influence import MOST_TOKENS, InfluenceRequest
from playground.tasks.side import Side
from playground.views.attention.dot_product import token_label
from playground.views.attention.influence import influence_view
from playground.views.attention.lab import read_view
from playground.views.status import note
from playground.web.component import Component

LEAD = (
    "A head can look at a token that hardly matters. Pin a token, then see how much each other token moves what the model makes of it: "
    f"gradient × input. Where that is a vector and no logit (in encoders other than the sentiment model), up to {MOST_TOKENS} tokens."
)


def build_influence(service: Service, lab: Component) -> None:
    """An accordion that works out, for the pinned token of `lab` (else the last word), what moves it."""
    with gr.Accordion("Is attention an explanation? Gradient × input beside it", open=False, elem_id="influence"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            run = gr.Button("Work it out for the pinned token", min_width=220, elem_id="influence-run")
            stop = gr.Button("Stop", min_width=80, elem_id="influence-stop")
        said = Component("note", elem_id="influence-note")
        shown = Component("attention/influence", elem_id="influence-shown")
    stopped(stop, said, [run.click(readable(weigh, service), lab, [said, shown], **QUIET)])


def weigh(service: Service, lab: Any) -> Iterator[tuple[Any, Any]]:
    """Gradient × input beside the attention of the pinned token, else of the last word."""
    view = read_view(lab)
    target = view.of.target or (yield from awaited(service, view.of)).target
    of = replace(view.of, target=target)
    row = yield from awaited(service, AttentionMapRequest(of, view.layer, view.head, view.kind))
    query = last_word(row.queries, view.kind) if view.query is None else view.query
    made = yield from awaited(service, InfluenceRequest(of, query, view.kind))
    head = "the mean of the heads" if view.head == "mean" else f"head {view.head}"
    said = "" if view.query is not None else f"No token is pinned, so this is for “{token_label(row.queries, query)}” ({query})."
    yield note(said), influence_view(made, row.weights[query], f"{head} of layer {view.layer}")


def last_word(side: Side, kind: str) -> int:
    """A decoder's last token, from which it goes on; an encoder's last token that is a word, since [SEP] and marks say little."""
    words = [i for i, label in enumerate(side.labels) if not side.special[i] and any(c.isalnum() for c in label)]
    return words[-1] if kind == "self" and words else len(side) - 1
