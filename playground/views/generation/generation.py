"""A generation so far -> the figures under it: speed, first token, share of the window, seed, what ended it."""

from dataclasses import replace
from typing import TypedDict

from playground.catalog import find_model
from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.views.prices import cost, known_prices, money
from playground.views.text import counted
from playground.views.windows import Meter, meter


class GenerationView(TypedDict):
    """Figures as (name, value with unit), prompt + output against the window, and what to fill in for the same again (web/stage)."""

    figures: list[tuple[str, str]]
    meter: Meter
    repeat: dict[str, str]


def generation_view(made: Generation) -> GenerationView:
    name = find_model(made.model).name
    speed = f"{made.tokens_per_second:.1f} tokens/s" if made.tokens_per_second else "–"
    first = f"{made.first_token_seconds:.2f} s" if made.first_token_seconds else "–"
    read = made.prompt_tokens + made.written_tokens
    before = [("written before", counted(made.written_tokens, "token"))] if made.written_tokens else []
    return {
        "figures": [
            ("speed", speed),
            ("first token after", first),
            ("new tokens", f"{made.new_tokens:,} of at most {made.new_tokens_allowed:,}"),
            ("prompt", f"{made.prompt_tokens:,} tokens"),
            *before,
            ("seed", str(made.seed)),
            ("model", f"{name}, from {made.source}"),
            ("computes in", made.precision),
            ("as many tokens elsewhere", cost_range(read, made.new_tokens)),
        ],
        "meter": meter(read + made.new_tokens, made.window, name),
        "repeat": {"generation-seed": str(made.seed)},
    }


def cost_range(read: int, written: int) -> str:
    """What the dated prices of hosted models make of so many tokens, cheapest to dearest. Their own tokenizers would count others."""
    costs = sorted((cost(row, read, written), row["currency"], row["model"], row["date"]) for row in known_prices())
    (low, money_low, cheap, day), (high, money_high, dear, later) = costs[0], costs[-1]
    return f"{money(low, money_low)} ({cheap}, {day}) to {money(high, money_high)} ({dear}, {later}), if counted as here"


def shown_request(request: GenerationRequest, view: object) -> GenerationRequest:
    """The request behind the text on the page: an empty seed is the one that was drawn for it, as its `generation_view` says."""
    return request if request.seed is not None else replace(request, seed=_shown_seed(view)).settled()


def _shown_seed(view: object) -> int | None:
    """The seed among the figures of a view that came back from a page, so from anybody; None where there is none."""
    figures = view.get("figures") if isinstance(view, dict) else None
    pairs = [one for one in figures if isinstance(one, list | tuple) and len(one) == 2] if isinstance(figures, list) else []
    said = next((str(value) for name, value in pairs if name == "seed"), "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 11 else None


def generation_sentence(made: Generation) -> str:
    """What happened, and what to try next."""
    if not made.finished:
        return f"Writing: {counted(made.new_tokens, 'token')} in {made.seconds:.1f} s…"
    begun = "From this beginning, the" if made.written_tokens else "The"
    again = f"{begun} same settings with seed {made.seed} write the same text again."
    if made.stopped == "length":
        return f"Stopped after {counted(made.new_tokens, 'token')}, the most that the settings allow. {again}"
    return f"The model ended its text by itself, after {counted(made.new_tokens, 'token')} in {made.seconds:.1f} s. {again}"
