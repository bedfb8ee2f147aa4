"""The part of the generation tab that writes one text in three ways, and shows the beam search's tree. Knows the port only."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from playground.panels.asking import QUIET, awaited, readable, stopped
from playground.panels.generation.knobs import read_request
from playground.service.port import Service
from playground.tasks.generation.beams import BeamTree, BeamTreeRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.limits import LIMITS
from playground.views.generation.strategies import Way, way_of, way_of_tree, ways_sentence, ways_view
from playground.views.status import note
from playground.web.component import Component

LEAD = (
    "Greedy takes the likeliest token each time, sampling draws one, beam search keeps several texts alive, drops the least likely of "
    "each step, and of those that end takes the best mean log-probability a token, as transformers’ `generate` does. No repetition "
    "penalty here, so that these compare."
)


def build_ways(service: Service, asked: list[Any]) -> None:
    """An accordion that runs all three on the prompt above, with the settings above but for beams, length and penalty."""
    with gr.Accordion("Greedy, sampling and beam search side by side", open=False, elem_id="ways"):
        gr.Markdown(LEAD, elem_classes="pg-lead")
        with gr.Row(elem_classes="pg-row"):
            beams = gr.Slider(2, LIMITS.beams, 4, step=1, label="Beams", min_width=160, elem_id="ways-beams")
            most = gr.Slider(1, LIMITS.beam_tokens, 16, step=1, label="New tokens", min_width=160, elem_id="ways-most")
        with gr.Row(elem_classes="pg-row"):
            run = gr.Button("Write in all three ways", elem_id="ways-run")
            stop = gr.Button("Stop", elem_id="ways-stop")
        said = Component("note", elem_id="ways-note")
        shown = Component("generation/ways", elem_id="ways-shown")
    stopped(stop, said, [run.click(readable(write, service), [beams, most, *asked], [said, shown], **QUIET)])


def write(service: Service, beams: float, most: float, *values: Any) -> Iterator[tuple[Any, Any]]:
    """Greedily, by drawing, and by a search with these beams."""
    asked = read_request(*values)
    base = replace(asked, repetition_penalty=1.0, max_new_tokens=int(most), beams=1, alternatives=1).settled()
    yield from _written(service, replace(base, beams=int(beams)), _columns(base))


def _columns(base: GenerationRequest) -> list[tuple[str, str, GenerationRequest]]:
    """(name, what it does, request); a temperature of 0 would draw nothing, so 1 is used then."""
    warm = replace(base, temperature=base.temperature or 1.0)
    drawn = f"draws with temperature {warm.temperature:g}, top-k {warm.top_k}, top-p {warm.top_p:g}, min-p {warm.min_p:g}, seed {warm.seed}"
    return [
        ("greedy", "takes the likeliest token each time", replace(base, temperature=0.0)),
        ("sampling", drawn, warm),
    ]


def _written(service: Service, searched: GenerationRequest, columns: list[tuple[str, str, GenerationRequest]]) -> Iterator[tuple[Any, Any]]:
    """A column as soon as it is there, the tree while it grows."""
    ways: list[Way] = []
    for name, about, request in columns:
        ways.append(way_of(name, about, (yield from awaited(service, request))))
        yield _busy(name), ways_view(ways, None)

    def grown(tree: BeamTree) -> tuple[Any, Any]:
        if tree.finished:
            ways.append(way_of_tree(tree))
        return note(ways_sentence(ways, tree)) if tree.finished else _searching(tree, searched), ways_view(ways, tree)

    yield from awaited(service, BeamTreeRequest(replace(searched, alternatives=0)), 1, grown)


def _busy(name: str) -> Any:
    return {"text": f"Written by {name}; the next is at work…", "done": 0, "total": 0, "tone": "busy"}


def _searching(tree: BeamTree, searched: GenerationRequest) -> Any:
    return {"text": "Beam search is at work…", "done": tree.steps, "total": searched.max_new_tokens, "tone": "busy"}
