"""The generation tab: a prompt, the settings of the sampling, and a text that is written while you watch. Knows the port only."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import gradio as gr

from playground.panels.asking import begun, model_field, publish, readable, stopped
from playground.panels.examples import example_row
from playground.panels.generation.endpoints import ENDPOINTS
from playground.panels.generation.knobs import build_knobs, read_request
from playground.panels.generation.kv_cache import build_pace
from playground.panels.generation.lens import build_lens
from playground.panels.generation.prompt import build_reading
from playground.panels.generation.sampling import build_sampling
from playground.panels.generation.strategies import build_ways
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.service.port import Service
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.limits import LIMITS
from playground.tasks.generation.tracing import ALTERNATIVES
from playground.tasks.request import Progress
from playground.tasks.wire import read
from playground.views.generation.generation import generation_sentence, generation_view, shown_request
from playground.views.generation.trace import trace_view
from playground.views.status import note, progress_note
from playground.web.component import Component

PAUSE = 0.07
EXAMPLES = (
    ("A question, as chat", ("What is the capital of France? Answer in one sentence.", True, 0.0)),
    ("A tiny story, as chat", ("Write a three-sentence story about a lighthouse keeper and a whale.", True, 0.8)),
    ("Go on from a prompt", ("Once upon a time, in a library under the sea,", False, 0.8)),
)
NAMES = ("generation-run", "generation-example", "generation-branch")  # its runs, by which web/generation/trace.js follows and halts them
TYPED = "(prompt, chat) => ({prompt, chat})"
UNSPACED = "(prompt) => prompt.replace(/ +$/, '')"
VIEWED = "() => window.playgroundViewedText || ''"


def build(service: Service) -> None:
    """Prompt and settings, the text as it is written, its tokens with their alternatives, then what explains a step or a way."""
    prompt = gr.Textbox(
        "Explain in two sentences why the sky is blue.", label="Prompt", lines=3, max_lines=10, elem_id="generation-prompt",
        info=f"Up to {LIMITS.prompt_characters:,} characters; prompt and output together must fit the model’s context window.",
    )  # fmt: skip
    with gr.Row():
        model = model_field("generation")
        chat = gr.Checkbox(
            True, label="As chat", info="Wraps the prompt in the model’s chat template", min_width=200, elem_id="generation-chat"
        )
    ends = Component("generation/trailing", elem_id="generation-trailing")
    knobs = build_knobs()
    with gr.Row(elem_classes="pg-row"):
        run = gr.Button("Generate", variant="primary", elem_id="generation-run")
        stop = gr.Button("Stop", elem_id="generation-stop")
    filled = example_row("generation", EXAMPLES, [prompt, chat, knobs[0]])
    said = Component("note", elem_id="generation-note")
    written = gr.Textbox(label="Text", lines=4, max_lines=24, interactive=False, buttons=["copy"], elem_id="generation-text")
    figures = Component("generation/generation", elem_id="generation-figures")
    trace = Component("generation/trace", elem_id="generation-trace")
    asked = [prompt, model, chat, *knobs]
    build_sampling(trace, figures, asked)
    build_ways(service, asked)
    build_reading(service, prompt, model, chat)
    publish(service, *ENDPOINTS)

    def show(*values: Any) -> Iterator[tuple[Any, ...]]:
        yield from _shown(service, read_request(*values), "", str(time.time_ns()))

    def branch(event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        """A branch the page began: another token, the same text longer, or a new seed. `run` is the page's own name for it."""
        found = event._data if isinstance(event._data, dict) else {}
        yield from _shown(service, read(GenerationRequest, found.get("asked"), "The run"), gr.skip(), str(found.get("run"))[:40])

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    outputs = [said, written, figures, trace]
    runs = [
        gr.on([run.click, prompt.submit], readable(show), asked, outputs, js=begun(NAMES[0]), **quiet),
        filled.then(readable(show), asked, outputs, js=begun(NAMES[1]), **quiet),
        trace.branch(readable(branch), None, outputs, js=begun(NAMES[2]), **quiet),
    ]
    stopped(stop, said, runs, NAMES)
    build_program(service, "generation", [figures, *asked], lambda shown, *values: shown_request(read_request(*values), shown))
    build_lens(service, prompt, model, chat)
    build_pace(service, prompt, model, chat)
    # An event for each: Gradio's page ends a list of runs one after another, and would end what begins meanwhile along with it.
    for halt, one in zip((trace.halt_run, trace.halt_example, trace.halt_branch), runs, strict=True):
        halt(None, None, None, cancels=[one], api_visibility="private")
    trace.viewed(None, None, written, js=VIEWED, api_visibility="private")
    gr.on([prompt.change, chat.change], None, [prompt, chat], ends, js=TYPED, api_visibility="private")
    ends.cut(None, prompt, prompt, js=UNSPACED, api_visibility="private")


def _shown(service: Service, request: GenerationRequest, text: Any, run: str) -> Iterator[tuple[Any, ...]]:
    """Note, text, figures and trace, again and again until the answer."""
    request, shown = replace(request, alternatives=ALTERNATIVES).settled(), 0.0
    with closing(service.stream(request)) as items:
        for item in items:
            if isinstance(item, Progress):
                yield progress_note(item), text, gr.skip(), gr.skip()
            elif item.finished or time.monotonic() - shown > PAUSE:
                shown, text = time.monotonic(), item.text
                yield note(generation_sentence(item)), text, generation_view(item), trace_view(item, request, run)


PANEL = Panel(
    "generation",
    "Generation",
    "Watch one token after another being chosen; point at one to see what else it might have been, and choose that instead.",
    build,
)
