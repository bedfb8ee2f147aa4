"""The controls that say how the next token is chosen, and what they say. Knows the request's fields, no model."""

from dataclasses import fields
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.tasks.generation.generation import SEEDS, GenerationRequest, read_seed
from playground.tasks.generation.limits import LIMITS

DEFAULT = GenerationRequest("", DEFAULTS["generation"])
FIELDS = tuple(field.name for field in fields(GenerationRequest))[:11]  # prompt, model, chat and those of `build_knobs`, in its order
FIRST_SEED = 7  # what the page opens with, so that everybody sees the same first text


def build_knobs() -> list[Any]:
    """The sampling controls, in the order of GenerationRequest's fields; a row of the page shows those that belong together."""
    with gr.Accordion("Settings: how the next token is chosen", open=False, elem_id="generation-settings"):
        with gr.Row():
            temperature = gr.Slider(
                0, 2, DEFAULT.temperature, step=0.05, label="Temperature", elem_id="generation-temperature",
                info="0 takes the likeliest token, after the repetition penalty; higher is more surprising",
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
            min_p = gr.Slider(
                0, 1, DEFAULT.min_p, step=0.01, label="Min-p", elem_id="generation-min-p",
                info="Only tokens at least this share as likely as the likeliest; 0 is no limit",
            )  # fmt: skip
            penalty = gr.Slider(
                0.8, 2, DEFAULT.repetition_penalty, step=0.05, label="Repetition penalty", elem_id="generation-penalty",
                info="Above 1 makes tokens of the prompt and the text so far less likely",
            )  # fmt: skip
            beams = gr.Slider(
                1, LIMITS.beams, DEFAULT.beams, step=1, label="Beams", elem_id="generation-beams",
                info="More than 1 searches for the text with the best mean log-probability a token; beams × (prompt + new tokens) up to "
                f"{LIMITS.searched_tokens:,}",
            )  # fmt: skip
        with gr.Row():
            most = gr.Slider(
                1, LIMITS.new_tokens, DEFAULT.max_new_tokens, step=1, label="Max new tokens", elem_id="generation-most",
                info=f"The text ends there at the latest; at most {LIMITS.new_tokens:,}",
            )  # fmt: skip
            seed = gr.Textbox(
                str(FIRST_SEED), label="Seed", max_lines=1, placeholder="random", elem_id="generation-seed",
                info=f"A whole number from 0 to {SEEDS:,} repeats the same draw; empty draws one and shows it",
            )  # fmt: skip
    return [temperature, top_k, top_p, penalty, beams, most, seed, min_p]


def read_request(prompt: str, model: str, chat: bool, *values: Any) -> GenerationRequest:
    """The request as the controls say it: the browser sends whole numbers as floats at times, and the seed as text."""
    temperature, top_k, top_p, penalty, beams, most, seed, min_p = values
    return GenerationRequest(
        prompt, model, chat, temperature, _whole(top_k), top_p, penalty, _whole(beams), _whole(most), read_seed(seed), min_p
    )


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
