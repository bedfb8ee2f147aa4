"""The generation tab: a prompt, the settings of the sampling, and a text that is written while you watch. Knows the port only.

The page asks for the text itself (/playground/generation), with what the controls hold: `ASK` puts that into the picture's value, and
`STOP` that it is to end.
"""

import gradio as gr

from playground.panels.asking import QUIET, model_field, publish
from playground.panels.examples import example_row
from playground.panels.generation.endpoints import ENDPOINTS
from playground.panels.generation.knobs import FIELDS, build_knobs, read_request
from playground.panels.generation.kv_cache import build_pace
from playground.panels.generation.lens import build_lens
from playground.panels.generation.prompt import build_reading
from playground.panels.generation.sampling import build_sampling
from playground.panels.generation.strategies import build_ways
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.service.port import Service
from playground.tasks.generation.limits import LIMITS
from playground.views.generation.generation import shown_request
from playground.web.component import Component

FIRST = "The capital of France is"
EXAMPLES = (
    ("A question, as chat", ("What is the capital of France? Answer in one sentence.", True, 0.0)),
    ("A tiny story, as chat", ("Write a three-sentence story about a lighthouse keeper and a whale.", True, 0.8)),
    ("Go on from a prompt", ("Once upon a time, in a library under the sea,", False, 0.8)),
)
ASK = f"(value, {', '.join(FIELDS)}) => ({{...value, asked: {{{', '.join(FIELDS)}}}, turn: Date.now()}})"
STOP = "(value) => ({...value, stopped: Date.now()})"
TYPED = "(prompt, chat) => ({prompt, chat})"
UNSPACED = "(prompt) => prompt.replace(/ +$/, '')"


def build(service: Service) -> None:
    """Prompt and settings, the text as it is written with its tokens and their alternatives, then what explains a step or a way."""
    prompt = gr.Textbox(
        FIRST, label="Prompt", lines=3, max_lines=10, elem_id="generation-prompt",
        info=f"Up to {LIMITS.prompt_characters:,} characters; prompt and output together must fit the model’s context window.",
    )  # fmt: skip
    with gr.Row():
        model = model_field("generation")
        chat = gr.Checkbox(
            False, label="As chat", info="Wraps the prompt in the model’s chat template", min_width=200, elem_id="generation-chat"
        )
    ends = Component("generation/trailing", elem_id="generation-trailing")
    knobs = build_knobs()
    with gr.Row(elem_classes="pg-row"):
        run = gr.Button("Generate", variant="primary", elem_id="generation-run")
        stop = gr.Button("Stop", elem_id="generation-stop")
    filled = example_row("generation", EXAMPLES, [prompt, chat, knobs[0]])
    Component("note", elem_id="generation-note")
    trace = Component("generation/trace", {"branches": LIMITS.branches, "most": LIMITS.written_tokens}, elem_id="generation-trace")
    asked = [prompt, model, chat, *knobs]
    build_sampling(trace, asked)
    build_ways(service, asked)
    build_reading(service, prompt, model, chat)
    publish(service, *ENDPOINTS)

    for begun in (run.click, prompt.submit, filled.then):
        begun(None, [trace, *asked], trace, js=ASK, **QUIET)
    stop.click(None, trace, trace, js=STOP, **QUIET)
    build_program(service, "generation", [trace, *asked], lambda shown, *values: shown_request(read_request(*values), shown))
    build_lens(service, prompt, model, chat)
    build_pace(service, prompt, model, chat)
    gr.on([prompt.change, chat.change], None, [prompt, chat], ends, js=TYPED, api_visibility="private")
    ends.cut(None, prompt, prompt, js=UNSPACED, api_visibility="private")


PANEL = Panel(
    "generation",
    "Generation",
    "Watch one token after another being chosen; point at one to see what else it might have been, and choose that instead.",
    build,
    starts=("generation-run",),
    needs="a model that writes",
)
