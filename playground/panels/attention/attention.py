"""The attention tab: a model reads a text once, then the lab in the page shows every head of it. Knows the port, not the models."""

import time
from collections.abc import Iterator
from typing import Any, Literal

import gradio as gr

from playground.catalog import DEFAULTS, models_for
from playground.panels.asking import QUIET, awaited, model_choices, model_field, publish, readable, stopped, streamed
from playground.panels.attention.comparing import build_comparing
from playground.panels.attention.dot_product import build_steps
from playground.panels.attention.experiment import build_experiment
from playground.panels.attention.influence import build_influence
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.service.port import Service
from playground.tasks.attention.attention import Attention, AttentionMapRequest, AttentionRequest, Head
from playground.tasks.limits import LIMITS
from playground.views.attention.attention import AttentionWeights, attention_figure, attention_weights, run_sentence
from playground.views.attention.lab import lab_view, read_map, read_runs
from playground.views.status import note
from playground.web.component import Component

DEFAULT = DEFAULTS["attention"]
FIRST = "The animal didn't cross the street because it was too tired."
EXAMPLES = (
    ("What does “it” mean?", (FIRST, "minilm-l6", "", "")),
    ("A decoder sees no future", ("When Mary and John went to the store, John gave a drink to", "smollm2-135m", "", "")),
    ("Word order in translation", ("The white house is small.", "en-fr", "", "")),
    ("A question and its context", ("Who sleeps?", "minilm-qa", "", "The dog barks while the cat sleeps.")),
)


# What each example is worth seeing for: the head that finds what “it” stands for, the mask, the words that cross.
COREFERENCE = {"kind": "self", "layer": 3, "head": 1, "pins": [10], "options": {"view": "sentence"}}
BEST: dict[AttentionRequest, dict[str, Any]] = {
    AttentionRequest(FIRST, "minilm-l6"): COREFERENCE,
    AttentionRequest("The white house is small.", "en-fr"): {"kind": "cross", "layer": 1, "head": 4, "options": {"view": "matrix"}},
}


def build(service: Service) -> None:
    """Text and model on top, then the lab, then what follows the head in view: its steps, comparisons, the plotly figure."""
    text = gr.Textbox(
        FIRST, label="Text", lines=2, max_lines=8, elem_id="attention-text",
        info=f"Up to {LIMITS.attention_characters:,} characters and {LIMITS.attention_tokens} tokens.",
    )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        model = model_field("attention")
        target = gr.Textbox(
            "", label="Target text", placeholder="empty: the model’s own translation", visible="hidden", max_lines=3,
            elem_id="attention-target",
        )  # fmt: skip
        pair = gr.Textbox(
            "", label="Second text (encoders only)", placeholder="optional: read with the first, as a pair",
            max_lines=3, elem_id="attention-pair",
        )  # fmt: skip
        run = gr.Button("Read the text", variant="primary", min_width=140, elem_id="attention-run")
        stop = gr.Button("Stop", min_width=100, elem_id="attention-stop")
    filled = example_row("attention", EXAMPLES, [text, model, target, pair])
    said = Component("note", elem_id="attention-note")
    lab = Component("attention/lab", elem_id="attention-lab")
    build_experiment(service, lab)
    build_comparing(service, lab)
    build_steps(service, lab)
    build_influence(service, lab)
    _build_figure(service, lab)
    publish(service, attention)
    inputs, outputs = [text, model, target, pair], [said, lab]
    runs = [
        run.click(readable(read, service), inputs, outputs, **QUIET),
        filled.then(readable(read_example, service), inputs, outputs, **QUIET),
        lab.linked(readable(linked, service), None, outputs, **QUIET),
    ]
    stopped(stop, said, runs)
    model.change(_fields, model, [target, pair], **QUIET)
    build_program(service, "attention", [lab], read_map)


def read(service: Service, text: str, model: str, target: str, pair: str) -> Iterator[tuple[Any, Any]]:
    """What the fields hold."""
    request = _request(text, model, target, pair)
    yield from opened(service, request, None, BEST.get(request))


def read_example(service: Service, text: str, model: str, target: str, pair: str) -> Iterator[tuple[Any, Any]]:
    """An example begins where it is best, else with the mean of the first layer as a matrix."""
    request = _request(text, model, target, pair)
    yield from opened(service, request, BEST.get(request, {"kind": "", "layer": 0, "head": "mean", "options": {"view": "matrix"}}))


def opened(
    service: Service, request: AttentionRequest, view: dict[str, Any] | None = None, first: dict[str, Any] | None = None
) -> Iterator[tuple[Any, Any]]:
    """The text in the lab, with the view it is to open with, or the one where nothing is shown yet."""

    def shown(made: Attention) -> dict[str, Any]:
        return lab_view([(made.model, request)], time.time_ns(), view, first=first)

    yield from streamed(service, request, run_sentence, shown)


def linked(service: Service, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
    """A state that is opened: its runs are read, then shown as they were. One named by its model's slug gets the model's name."""
    found = event._data if isinstance(event._data, dict) else {}
    runs, made = read_runs(found), dict[AttentionRequest, Attention]()
    for _, request in runs:
        if request not in made:
            made[request] = yield from awaited(service, request)
    named = [(made[request].model if name == request.model else name, request) for name, request in runs]
    view = found.get("view")
    yield note(run_sentence(made[runs[0][1]])), lab_view(named, time.time_ns(), view if isinstance(view, dict) else None)


def _build_figure(service: Service, lab: Component) -> None:
    """The head in view as a plotly figure, drawn when asked for."""

    with gr.Accordion("The same as a plotly figure", open=False, elem_id="attention-figure"):
        draw = gr.Button("Draw the head in view", elem_id="attention-draw")
        plot = gr.Plot(show_label=False, elem_id="attention-plot")
    draw.click(readable(figure, service), lab, plot, **QUIET)


def figure(service: Service, lab: Any) -> Any:
    """The head in view as a plotly figure."""
    return attention_figure(service.run(read_map(lab)))


def _request(text: str, model: str, target: str, pair: str) -> AttentionRequest:
    """What a field holds that this model does not read stays out."""
    return AttentionRequest(text, model, target if _has_target(model) else "", pair if _is_encoder(model) else "")


def _fields(model: object, target: str | None = None, pair: str | None = None) -> tuple[Any, Any]:
    """The target for models that have a decoder beside an encoder; None leaves a text as it is."""
    on = _shown(_has_target(model))
    return gr.Textbox(visible=on) if target is None else gr.Textbox(target, visible=on), gr.skip() if pair is None else pair


def _shown(on: bool) -> Literal["hidden"] | bool:
    """Gradio takes what is not visible out of the page, and a value put in meanwhile is lost; what is hidden stays."""
    return True if on else "hidden"


def _is_encoder(model: object) -> bool:
    return any(card.slug == model and card.family == "encoder" for card in models_for("attention"))


def _has_target(model: object) -> bool:
    """Whether a decoder of this model reads a text of its own."""
    return isinstance(model, str) and model in {slug for _, slug in model_choices("translation")}


def read_head(head: Any) -> Head:
    """A head as it comes from a dropdown or over the API: 3, "3", 3.0 or "mean"; anything else is left for the check to refuse."""
    if isinstance(head, str) and head.strip().isdecimal() and head.isascii() and len(head) < 9:
        return int(head)
    if isinstance(head, float) and head.is_integer():
        return int(head)
    return head


def attention(
    service: Service, text: str, model: str = DEFAULT, layer: int = 0, head: int | str = "mean", kind: str = "", target: str = ""
) -> AttentionWeights:
    """How much each token looks at each other one, in one head.

    Args:
        text: at most 5,000 characters; of more than 512 tokens the last are left out.
        model: a model's slug; a wrong one is answered with the list.
        layer: from 0.
        head: a number from 0, or "mean" over the layer's heads.
        kind: "self" (encoder), "masked" (decoder) or "cross"; empty is the model's first.
        target: what an encoder-decoder's decoder reads; empty is the model's own translation.

    Returns:
        `query_tokens`, `key_tokens`, and `weights`, one row a query, each summing to 1 within 0.001; `left_out`, how many tokens
        were too many, and `note`, which says so.
    """
    return attention_weights(service.run(AttentionMapRequest(AttentionRequest(text, model, target), layer, read_head(head), kind)))


PANEL = Panel(
    "attention",
    "Attention",
    "Each row is a token, each column a token it looks at: find a head that looks back by one, and one that rests on the first token.",
    build,
    starts=("attention-run",),
    live=True,
)
