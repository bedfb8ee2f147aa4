"""The part of the attention tab that takes something away: tokens, heads, blocks. Knows the port, not the models."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from playground.catalog import find_model
from playground.errors import BadInput
from playground.panels.asking import QUIET, awaited, readable, stopped
from playground.service.port import Service
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.attention.outcome import OutcomeRequest
from playground.tasks.changes import Changes
from playground.views.attention.lab import View, lab_view, read_runs, read_view
from playground.views.attention.outcome import maps_sentence, outcome_sentence
from playground.views.status import note
from playground.web.component import Component

LEAD = "What does a token, a head or a block do? Take it away: before and after stand side by side, and what the model then says."
WRITTEN = "These rows are tokens the decoder writes. Hidden can be what it reads: choose the encoder’s self-attention and pin tokens there."
UNPINNED = "Pin the tokens to hide first: click their row in the matrix, or their word in the sentence."


def build_experiment(service: Service, lab: Component) -> None:
    """An accordion that puts a changed run beside the first of `lab`; changes add up until undone."""
    with gr.Accordion("Experiment: take something away", open=False, elem_id="experiment"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            hide = gr.Button("Hide the pinned tokens", min_width=170, elem_id="experiment-hide")
            head = gr.Button("Switch off the head in view", min_width=190, elem_id="experiment-head")
            block = gr.Button("Skip the block in view", min_width=160, elem_id="experiment-block")
            undo = gr.Button("Undo all", min_width=90, elem_id="experiment-undo")
            stop = gr.Button("Stop", min_width=80, elem_id="experiment-stop")
        said = Component("note", elem_id="experiment-note")
    runs = [
        button.click(readable(run, service), lab, [said, lab], **QUIET)
        for button, run in ((hide, hide_tokens), (head, switch_off_head), (block, skip_block))
    ]
    undo.click(readable(undo_all), lab, [said, lab], **QUIET)
    stopped(stop, said, runs)


def hide_tokens(service: Service, lab: Any) -> Iterator[tuple[Any, Any]]:
    """The pinned tokens, hidden from all others."""
    view = read_view(lab)
    if not view.pins:
        raise BadInput(UNPINNED)
    if view.kind != "self" and find_model(view.of.model).family == "encoder-decoder":
        raise BadInput(WRITTEN)
    now = _changes(lab)
    yield from changed(service, lab, view, replace(now, hidden=tuple(sorted({*now.hidden, *view.pins}))))


def switch_off_head(service: Service, lab: Any) -> Iterator[tuple[Any, Any]]:
    """The head in view, off."""
    view = read_view(lab)
    if not isinstance(view.head, int):
        raise BadInput("A mean of heads is in view. Choose one head first, in the grid or beside the picture.")
    now = _changes(lab)
    yield from changed(service, lab, view, replace(now, heads=tuple(sorted({*now.heads, (view.kind, view.layer, view.head)}))))


def skip_block(service: Service, lab: Any) -> Iterator[tuple[Any, Any]]:
    """The block in view, skipped."""
    view = read_view(lab)
    now = _changes(lab)
    kind = "masked" if view.kind == "cross" else view.kind
    yield from changed(service, lab, view, replace(now, blocks=tuple(sorted({*now.blocks, (kind, view.layer)}))))


def changed(service: Service, lab: Any, view: View, changes: Changes) -> Iterator[tuple[Any, Any]]:
    """The first run and what is left of it after the changes, side by side; then what the model says before and after."""
    name, first = read_runs(lab)[0]
    first = replace(first, changes=Changes())
    after = replace(first, changes=changes)
    for request in (first, after):
        yield from awaited(service, request)
    place = {"kind": view.kind, "layer": view.layer, "head": view.head, "pins": list(view.pins)}
    yield gr.skip(), lab_view([(name, first), (f"after: {what(changes)}", after)], time.time_ns(), {"panes": [place, place]})
    moved = maps_sentence(moved_by(service, first, after, view.kind), view.kind, view.layer, changes)
    outcomes = []
    for run in (first, after):
        outcomes.append((yield from awaited(service, OutcomeRequest(run))))
    yield note(f"{outcome_sentence(*outcomes)} {moved}"), gr.skip()


def undo_all(lab: Any) -> tuple[Any, Any]:
    """The first run as it was."""
    name, first = read_runs(lab)[0]
    return note(""), lab_view([(name, replace(first, changes=Changes()))], time.time_ns())


def moved_by(service: Service, before: AttentionRequest, after: AttentionRequest, kind: str) -> list[float]:
    """The largest change of a weight in each layer, in the mean over its heads; [] where the two runs' tokens are not the same."""
    shape = next(one for one in service.run(before).shapes if one.kind == kind)
    if next(one for one in service.run(after).shapes if one.kind == kind).queries != shape.queries:
        return []
    maps = ([service.run(AttentionMapRequest(of, layer, "mean", kind)).weights for layer in range(shape.layers)] for of in (before, after))
    return [float(abs(b - a).max()) for a, b in zip(*maps, strict=True)]


def _changes(lab: Any) -> Changes:
    """Those of the changed run beside the first, if there is one."""
    runs = read_runs(lab)
    return runs[1][1].changes if len(runs) == 2 and runs[1][1].text == runs[0][1].text else Changes()


def what(changes: Changes) -> str:
    """ "without tokens 3, 5; head 4 of layer 2 off; block 1 skipped"."""
    said = [f"token{'s' * (len(changes.hidden) > 1)} {', '.join(map(str, changes.hidden))} hidden"] if changes.hidden else []
    said += [f"layer {layer} head {head} off" for _, layer, head in changes.heads]
    said += [f"block {layer} skipped" for _, layer in changes.blocks]
    return "; ".join(said)
