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
            ("seed", str(made.seed) if made.drawn else "no part in it: nothing is drawn"),
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
    """The request behind the text on the page: an empty seed is the one that was drawn for it, as its `generation_view` repeats it."""
    return request if request.seed is not None else replace(request, seed=_shown_seed(view)).settled()


def _shown_seed(view: object) -> int | None:
    """The seed in a view that came back from a page, so from anybody; None where there is none."""
    repeat = view.get("repeat") if isinstance(view, dict) else None
    said = str(repeat.get("generation-seed", "")) if isinstance(repeat, dict) else ""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 11 else None


def generation_sentence(made: Generation) -> str:
    """What happened, and what to try next."""
    if not made.finished:
        return f"Writing: {counted(made.new_tokens, 'token')} in {made.seconds:.1f} s…"
    return f"{_ended(made)}{_held(made)} {_repeated(made)}"


def _ended(made: Generation) -> str:
    written = counted(made.new_tokens, "token")
    if made.stopped != "length":
        return f"The model ended its text by itself, after {written} in {made.seconds:.1f} s."
    if made.prompt_tokens + made.written_tokens + made.new_tokens >= made.window:
        return f"Stopped after {written}: the context window of {made.window:,} tokens is full."
    return f"Stopped after {written}, the most that the settings allow."


def _held(made: Generation) -> str:
    """That the text ends before the character its tokens end inside of."""
    if not made.held:
        return ""
    go_on = " “Continue” writes the rest." if made.stopped == "length" else ""
    return f" It ends inside a character, of which only the bytes {made.held} are written: they are held back here.{go_on}"


def _repeated(made: Generation) -> str:
    begun = "From this beginning, the" if made.written_tokens else "The"
    if not made.drawn:
        return f"{begun} same settings write the same text again, whatever the seed: nothing is drawn."
    return f"{begun} same settings with seed {made.seed} write the same text again."
