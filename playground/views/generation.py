"""A generation so far -> the figures under it: speed, first token, share of the window, seed, what ended it."""

from typing import TypedDict

from playground.catalog import find_model
from playground.tasks.generation import Generation
from playground.views.windows import Meter, meter


class GenerationView(TypedDict):
    """Figures as (name, value with unit), prompt + output against the window, and what to fill in for the same again (web/stage)."""

    figures: list[tuple[str, str]]
    meter: Meter
    repeat: dict[str, str]


def generation_view(made: Generation) -> GenerationView:
    name = find_model(made.model).name
    speed = f"{made.tokens_per_second:.1f} tokens/s" if made.tokens_per_second else "–"
    first = f"{made.first_token_seconds:.2f} s" if made.new_tokens else "–"
    return {
        "figures": [
            ("speed", speed),
            ("first token after", first),
            ("new tokens", f"{made.new_tokens:,} of at most {made.new_tokens_allowed:,}"),
            ("prompt", f"{made.prompt_tokens:,} tokens"),
            ("seed", str(made.seed)),
            ("model", f"{name}, from {made.source}"),
        ],
        "meter": meter(made.prompt_tokens + made.new_tokens, made.window, name),
        "repeat": {"generation-seed": str(made.seed)},
    }


def generation_sentence(made: Generation) -> str:
    """What happened, and what to try next."""
    if not made.finished:
        return f"Writing: {made.new_tokens:,} tokens in {made.seconds:.1f} s…"
    again = f"The same settings with seed {made.seed} write the same text again."
    if made.stopped == "length":
        return f"Stopped after {made.new_tokens:,} tokens, the most that were allowed. {again}"
    return f"The model ended its text by itself, after {made.new_tokens:,} tokens in {made.seconds:.1f} s. {again}"
