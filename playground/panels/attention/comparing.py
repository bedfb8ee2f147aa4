"""The part of the attention tab that puts a second reading beside the first. Knows the port, not the models."""

import time
from collections.abc import Iterator
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, awaited, model_choices, readable, stopped
from playground.service.port import Service
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.limits import LIMITS
from playground.views.attention.lab import lab_view, read_runs
from playground.views.status import note
from playground.web.component import Component

LEAD = "Put a second reading beside the first: change one word, or take another model. Pointing at a word marks it in both."
SAME = "the same model"
TRIO = (("encoder", "minilm-l6", "self"), ("decoder", "smollm2-135m", "masked"), ("encoder-decoder", "en-fr", "cross"))


def build_comparing(service: Service, lab: Component) -> None:
    """An accordion that gives `lab` a second or third run beside its first."""
    with gr.Accordion("Compare", open=False, elem_id="comparing"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            other = gr.Textbox(
                "", label="Second text", placeholder="empty: the same text", max_lines=4, min_width=260, elem_id="comparing-text",
                info=f"Up to {LIMITS.attention_characters:,} characters.",
            )  # fmt: skip
            model = gr.Dropdown(
                [(SAME, ""), *model_choices("attention")], value="", label="Model", min_width=200, elem_id="comparing-model"
            )
        with gr.Row(elem_classes="pg-row"):
            beside = gr.Button("Show both", min_width=110, elem_id="comparing-run")
            trio = gr.Button("Encoder, decoder and both", min_width=180, elem_id="comparing-trio")
            alone = gr.Button("First alone", min_width=100, elem_id="comparing-alone")
            stop = gr.Button("Stop", min_width=80, elem_id="comparing-stop")
        said = Component("note", elem_id="comparing-note")
    runs = [
        beside.click(readable(compare, service), [lab, other, model], [said, lab], **QUIET),
        trio.click(readable(compare_three, service), lab, [said, lab], **QUIET),
    ]
    alone.click(readable(first_alone), lab, [said, lab], **QUIET)
    stopped(stop, said, runs)


def compare(service: Service, lab: Any, other: str, model: str) -> Iterator[tuple[Any, Any]]:
    """Another text, another model or both, beside the first run."""
    first = read_runs(lab)[0]
    second = AttentionRequest(other or first[1].text, model or first[1].model)
    yield from side_by_side(service, [first, ("second text" if other else second.model, second)], {})


def compare_three(service: Service, lab: Any) -> Iterator[tuple[Any, Any]]:
    """The same words read by an encoder, a decoder, and by both in one model: what each may look at."""
    text = read_runs(lab)[0][1].text
    panes = [{"kind": kind, "layer": 0, "head": "mean", "pins": []} for _, _, kind in TRIO]
    yield from side_by_side(service, [(f"{family}: {slug}", AttentionRequest(text, slug)) for family, slug, _ in TRIO], {"panes": panes})


def side_by_side(service: Service, runs: list[tuple[str, AttentionRequest]], view: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """All the runs in the lab, once each is read."""
    for _, request in runs:
        yield from awaited(service, request)
    yield note("Shown above, side by side."), lab_view(runs, time.time_ns(), view)


def first_alone(lab: Any) -> tuple[Any, Any]:
    """The first run without the others."""
    return note(""), lab_view(read_runs(lab)[:1], time.time_ns())
