"""The generation tab: a prompt, the settings of the sampling, and a text that is written while you watch. Knows the port only."""

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.panels.asking import model_choices, readable, stopped
from playground.panels.examples import example_row
from playground.panels.lens import build_lens
from playground.panels.pace import build_pace
from playground.panels.panel import Panel
from playground.service.port import Service
from playground.tasks.generation import SEEDS, GenerationRequest
from playground.tasks.limits import LIMITS
from playground.tasks.request import Progress
from playground.views.generation import generation_sentence, generation_view
from playground.views.status import note, progress_note
from playground.web.component import Component

DEFAULT = GenerationRequest("", DEFAULTS["generation"])
PAUSE = 0.07
EXAMPLES = (
    ("A question, as chat", ("What is the capital of France? Answer in one sentence.", True, 0.0)),
    ("A tiny story, as chat", ("Write a three-sentence story about a lighthouse keeper and a whale.", True, 0.8)),
    ("Go on from a prompt", ("Once upon a time, in a library under the sea,", False, 0.8)),
)


def build(service: Service) -> None:
    """Prompt and settings, then the text as it is written and its figures."""
    prompt = gr.Textbox(
        "Explain in two sentences why the sky is blue.", label="Prompt", lines=3, max_lines=10, elem_id="generation-prompt",
        info=f"Up to {LIMITS.prompt_characters:,} characters; prompt and output together must fit the model’s context window.",
    )  # fmt: skip
    with gr.Row():
        model = gr.Dropdown(
            model_choices("generation"),
            value=DEFAULT.model,
            label="Model",
            allow_custom_value=True,
            min_width=240,
            elem_id="generation-model",
        )
        chat = gr.Checkbox(
            True, label="As chat", info="Wraps the prompt in the model’s chat template", min_width=200, elem_id="generation-chat"
        )
    settings = _settings()
    with gr.Row(elem_classes="pg-row"):
        run = gr.Button("Generate", variant="primary", elem_id="generation-run")
        stop = gr.Button("Stop", elem_id="generation-stop")
    filled = example_row("generation", EXAMPLES, [prompt, chat, settings[0]])
    said = Component("note", elem_id="generation-note")
    written = gr.Textbox(label="Text", lines=6, max_lines=24, interactive=False, buttons=["copy"], elem_id="generation-text")
    figures = Component("generation", elem_id="generation-figures")

    def show(prompt: str, model: str, chat: bool, *values: Any) -> Iterator[tuple[Any, Any, Any]]:
        request = GenerationRequest(prompt, model, chat, *_read(values))
        shown, text = 0.0, ""
        with closing(service.stream(request)) as items:
            for item in items:
                if isinstance(item, Progress):
                    yield progress_note(item), text, gr.skip()
                elif item.finished or time.monotonic() - shown > PAUSE:
                    shown, text = time.monotonic(), item.text
                    yield note(generation_sentence(item)), text, generation_view(item)

    gr.api(readable(_endpoint(service), page=False), api_name="generate")
    asked: dict[str, Any] = {
        "inputs": [prompt, model, chat, *settings],
        "outputs": [said, written, figures],
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    runs = [gr.on([run.click, prompt.submit], readable(show), **asked), filled.then(readable(show), **asked)]
    stopped(stop, said, runs)
    build_lens(service, prompt, model, chat)
    build_pace(service, prompt, model, chat)


def _settings() -> list[Any]:
    """The sampling controls, in the order of GenerationRequest's fields."""
    with gr.Accordion("Settings: how the next token is chosen", open=False, elem_id="generation-settings"):
        with gr.Row():
            temperature = gr.Slider(
                0, 2, DEFAULT.temperature, step=0.05, label="Temperature", elem_id="generation-temperature",
                info="0 always takes the likeliest token; higher is more surprising",
            )  # fmt: skip
            top_k = gr.Slider(
                0, 200, DEFAULT.top_k, step=1, label="Top-k", elem_id="generation-top-k",
                info="Only the k likeliest tokens may be drawn; 0 is no limit",
            )  # fmt: skip
            top_p = gr.Slider(
                0.05, 1, DEFAULT.top_p, step=0.05, label="Top-p", elem_id="generation-top-p",
                info="Only the likeliest tokens that together reach p; 1 is no limit",
            )  # fmt: skip
        with gr.Row():
            penalty = gr.Slider(
                0.8, 2, DEFAULT.repetition_penalty, step=0.05, label="Repetition penalty", elem_id="generation-penalty",
                info="Above 1 makes tokens already used less likely",
            )  # fmt: skip
            beams = gr.Slider(
                1, LIMITS.beams, DEFAULT.beams, step=1, label="Beams", elem_id="generation-beams",
                info="More than 1 searches for the likeliest text instead of drawing",
            )  # fmt: skip
            most = gr.Slider(
                1, LIMITS.new_tokens, DEFAULT.max_new_tokens, step=1, label="Max new tokens", elem_id="generation-most",
                info=f"The text ends there at the latest; at most {LIMITS.new_tokens:,}",
            )  # fmt: skip
        seed = gr.Textbox(
            "", label="Seed", max_lines=1, placeholder="random", elem_id="generation-seed",
            info=f"A whole number from 0 to {SEEDS:,} repeats the same draw; empty draws one and shows it",
        )  # fmt: skip
    return [temperature, top_k, top_p, penalty, beams, most, seed]


def _read(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The settings as the request wants them: the browser sends whole numbers as floats at times, and the seed as text."""
    temperature, top_k, top_p, penalty, beams, most, seed = values
    return temperature, _whole(top_k), top_p, penalty, _whole(beams), _whole(most), read_seed(seed)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def read_seed(text: object) -> int | None:
    """A seed as typed; empty is None. Raises BadInput where it is no whole number."""
    typed = str(text or "").strip()
    if text is None or not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 20):
        raise BadInput(f"The seed must be a whole number from 0 to {SEEDS:,}, or empty for a random one.")
    return int(typed)


def _endpoint(service: Service) -> Any:
    def generate(
        prompt: str,
        model: str = DEFAULT.model,
        chat: bool = DEFAULT.chat,
        temperature: float = DEFAULT.temperature,
        top_k: int = DEFAULT.top_k,
        top_p: float = DEFAULT.top_p,
        repetition_penalty: float = DEFAULT.repetition_penalty,
        beams: int = DEFAULT.beams,
        max_new_tokens: int = DEFAULT.max_new_tokens,
        seed: int | None = None,
    ) -> Iterator[str]:
        """Write on from a prompt; streams the text so far.

        Args:
            prompt: at most 50,000 characters; with the output it must fit the model's context window.
            model: a model's slug; a wrong one is answered with the list.
            chat: wrap the prompt in the model's chat template.
            temperature: 0 (greedy) to 5.
            top_k: draw from the k likeliest tokens; 0 is no limit.
            top_p: draw from the likeliest tokens that together reach this probability; 1 is no limit.
            repetition_penalty: 0.5 to 3; above 1 makes tokens already used less likely.
            beams: 1 to 8; more than 1 searches instead of drawing.
            max_new_tokens: 1 to 1,024.
            seed: a whole number repeats the same draw; null draws one.

        Yields:
            The whole text so far; the last is the answer.
        """
        request = GenerationRequest(prompt, model, chat, temperature, top_k, top_p, repetition_penalty, beams, max_new_tokens, seed)
        with closing(service.stream(request)) as items:
            for item in items:
                if not isinstance(item, Progress):
                    yield item.text

    generate.__annotations__["return"] = str  # Gradio documents the type of one streamed item
    return generate


PANEL = Panel(
    "generation",
    "Generation",
    "Watch one token after another being chosen; then change temperature or seed and see what stays and what does not.",
    build,
)
