"""The attention tab: a model reads a text once, then any layer and head of it can be looked at. Knows the port, not the models."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.panels.asking import model_choices, readable, stopped
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.patterns import build_patterns
from playground.panels.steps import build_steps
from playground.service.port import Service
from playground.tasks.attention import Attention, AttentionMapRequest, AttentionRequest, Head
from playground.tasks.limits import LIMITS
from playground.tasks.request import Progress
from playground.views.attention import AttentionWeights, attention_figure, attention_sentence, attention_weights, run_sentence
from playground.views.status import note, progress_note
from playground.web.component import Component

DEFAULT = DEFAULTS["attention"]
KINDS = {"self": "self (encoder)", "masked": "masked self (decoder)", "cross": "cross (decoder to encoder)"}
FIRST = "The animal didn't cross the street because it was too tired."
EXAMPLES = (
    ("What does “it” mean?", (FIRST, "minilm-l6", "")),
    ("A decoder sees no future", ("When Mary and John went to the store, John gave a drink to", "smollm2-135m", "")),
    ("Word order in translation", ("The white house is small.", "en-fr", "")),
)


def build(service: Service) -> None:
    """Text and model on top, then one map with its layer, head and kind. The run's request is kept, so maps need no new run."""
    text = gr.Textbox(
        FIRST, label="Text", lines=2, max_lines=8, elem_id="attention-text",
        info=f"Up to {LIMITS.attention_characters:,} characters and {LIMITS.attention_tokens} tokens.",
    )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        model = gr.Dropdown(
            model_choices("attention"), value=DEFAULT, label="Model", allow_custom_value=True, min_width=240, elem_id="attention-model"
        )
        target = gr.Textbox(
            "", label="Target text", placeholder="empty: the model’s own translation", visible=False, max_lines=3,
            elem_id="attention-target",
        )  # fmt: skip
        run = gr.Button("Read the text", variant="primary", min_width=140, elem_id="attention-run")
        stop = gr.Button("Stop", min_width=100, elem_id="attention-stop")
    filled = example_row("attention", EXAMPLES, [text, model, target])
    said = Component("note", elem_id="attention-note")
    with gr.Row():
        kind = gr.Radio([("self (encoder)", "self")], value="self", label="Kind", elem_id="attention-kind")
        layer = gr.Slider(0, 5, 0, step=1, label="Layer", info="From 0, the first", elem_id="attention-layer")
        head = gr.Dropdown(["mean"], value="mean", label="Head", info="One head, or the mean of all", elem_id="attention-head")
    asked = gr.State(None)
    found = build_patterns(service, asked, kind, layer, head)
    sentence = Component("note", elem_id="attention-sentence")
    plot = gr.Plot(show_label=False, elem_id="attention-plot")
    build_steps(service, asked, kind, layer, head)

    def read(text: str, model: str, target: str, kind: str, layer: float, head: Any) -> Iterator[tuple[Any, ...]]:
        request = AttentionRequest(text, model, target if _has_target(model) else "")
        with closing(service.stream(request)) as items:
            for item in items:
                if isinstance(item, Progress):
                    yield progress_note(item), *[gr.skip()] * 6
                else:
                    wanted = _nearest(item, AttentionMapRequest(request, int(layer), read_head(head), kind))
                    yield note(run_sentence(item)), request, *_controls(item, wanted), *_shown(service, wanted)

    def read_example(text: str, model: str, target: str) -> Iterator[tuple[Any, ...]]:
        """An example begins at the first layer, with cross-attention where the model has it."""
        yield from read(text, model, target, "cross", 0, "mean")

    def look(asked: AttentionRequest | None, kind: str, layer: float, head: Any) -> tuple[Any, Any]:
        if asked is None:
            return gr.skip(), gr.skip()
        return _shown(service, AttentionMapRequest(asked, int(layer), read_head(head), kind))

    gr.api(readable(_endpoint(service), page=False), api_name="attention")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    controls = [kind, layer, head]
    inputs, outputs = [text, model, target], [said, asked, *controls, sentence, plot]
    runs = [
        run.click(readable(read), [*inputs, *controls], outputs, **quiet),
        filled.then(readable(read_example), inputs, outputs, **quiet),
    ]
    stopped(stop, said, runs)
    model.change(lambda model: gr.Textbox(visible=_has_target(model)), model, target, **quiet)
    looking: dict[str, Any] = {"fn": readable(look), "inputs": [asked, *controls], "outputs": [sentence, plot], **quiet}
    kind.input(readable(_layers(service)), [asked, *controls], [layer, head], trigger_mode="always_last", **quiet).then(**looking)
    gr.on([layer.input, layer.release, head.input], trigger_mode="always_last", **looking)
    found.then(**looking)


def _has_target(model: object) -> bool:
    """Whether a decoder of this model reads a text of its own."""
    return isinstance(model, str) and model in {slug for _, slug in model_choices("translation")}


def _shown(service: Service, request: AttentionMapRequest) -> tuple[Any, Any]:
    made = service.run(request)
    return note(attention_sentence(made)), attention_figure(made)


def _nearest(run: Attention, wanted: AttentionMapRequest) -> AttentionMapRequest:
    """`wanted` where this run has it; a kind, layer or head it has not goes back to the first, or to the mean."""
    shape = next((s for s in run.shapes if s.kind == wanted.kind), run.shapes[0])
    layer = wanted.layer if 0 <= wanted.layer < shape.layers else 0
    head: Head = wanted.head if isinstance(wanted.head, int) and 0 <= wanted.head < shape.heads else "mean"
    return AttentionMapRequest(wanted.of, layer, head, shape.kind)


def _controls(run: Attention, wanted: AttentionMapRequest) -> tuple[Any, Any, Any]:
    """Kind, layer and head as this run has them, set to what is wanted."""
    shape = next(s for s in run.shapes if s.kind == wanted.kind)
    kinds = gr.Radio([(KINDS[s.kind], s.kind) for s in run.shapes], value=shape.kind)
    layers = gr.Slider(0, max(1, shape.layers - 1), wanted.layer, interactive=shape.layers > 1)
    return kinds, layers, gr.Dropdown(["mean", *map(str, range(shape.heads))], value=str(wanted.head))


def _layers(service: Service) -> Any:
    def sizes(asked: AttentionRequest | None, kind: str, layer: float, head: Any) -> tuple[Any, Any]:
        """Another kind may have other layers and heads."""
        if asked is None:
            return gr.skip(), gr.skip()
        run = service.run(asked)
        return _controls(run, _nearest(run, AttentionMapRequest(asked, int(layer), read_head(head), kind)))[1:]

    return sizes


def read_head(head: Any) -> Head:
    """A head as it comes from a dropdown or over the API: 3, "3", 3.0 or "mean"; anything else is left for the check to refuse."""
    if isinstance(head, str) and head.strip().isdecimal() and head.isascii() and len(head) < 9:
        return int(head)
    if isinstance(head, float) and head.is_integer():
        return int(head)
    return head


def _endpoint(service: Service) -> Any:
    def attention(
        text: str, model: str = DEFAULT, layer: int = 0, head: int | str = "mean", kind: str = "", target: str = ""
    ) -> AttentionWeights:
        """How much each token looks at each other one, in one head.

        Args:
            text: at most 5,000 characters and 512 tokens.
            model: a model's slug; a wrong one is answered with the list.
            layer: from 0.
            head: a number from 0, or "mean" over the layer's heads.
            kind: "self" (encoder), "masked" (decoder) or "cross"; empty is the model's first.
            target: what an encoder-decoder's decoder reads; empty is the model's own translation.

        Returns:
            `query_tokens`, `key_tokens`, and `weights`, one row a query, each summing to 1.
        """
        return attention_weights(service.run(AttentionMapRequest(AttentionRequest(text, model, target), layer, read_head(head), kind)))

    return attention


PANEL = Panel(
    "attention",
    "Attention",
    "Each row is a token, each column a token it looks at: find a head that looks back by one, and one that rests on the first token.",
    build,
)
