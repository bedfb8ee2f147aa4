"""A prompt's tokens with their surprisal -> what `web/generation/reading.js` shows, and what a program is told. Knows no model."""

import math
from typing import TypedDict

import numpy as np

from playground.catalog import find_model
from playground.tasks.generation.prompt import PromptReading
from playground.views.text import in_quotes, two_precisions, visible


class ReadingView(TypedDict):
    """One list a column, a row a token; `p`, `bits` and `expected_p` are null for the first token. `own`: not put in by the template."""

    labels: list[str]
    ids: list[int]
    special: list[bool]
    own: list[bool]
    p: list[float | None]
    bits: list[float | None]
    expected: list[str]
    expected_p: list[float | None]
    figures: list[tuple[str, str]]
    rendered: str


def reading_view(made: PromptReading) -> ReadingView:
    first: list[float | None] = [None]
    return {
        "labels": [visible(label) for label in made.labels],
        "ids": made.ids.tolist(),
        "special": list(made.special),
        "own": list(made.own),
        "p": first + np.exp(made.log_probabilities[1:].astype(np.float64)).tolist(),
        "bits": first + made.bits[1:].astype(float).tolist(),
        "expected": [visible(label) for label in made.likeliest],
        "expected_p": first + made.likeliest_p[1:].astype(float).tolist(),
        "figures": _figures(made),
        "rendered": made.rendered if made.chat else "",
    }


def _figures(made: PromptReading) -> list[tuple[str, str]]:
    bits = float(np.nansum(made.bits))
    figures = [
        ("tokens", f"{len(made.ids):,}, {sum(made.special):,} of them special"),
        ("perplexity", f"{_number(made.perplexity)} over the tokens after the first"),
        ("surprisal", f"{bits:,.1f} bits in all, {bits / max(1, len(made.ids) - 1):.2f} a token"),
        ("computes in", two_precisions(made.precision, made.writes_in)),
    ]
    if made.chat:
        figures.insert(2, ("perplexity of your words", _number(made.own_perplexity)))
    return figures


def _number(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:,.4g}" if value < 1e6 else f"{value:.3g}"


def reading_sentence(made: PromptReading) -> str:
    """What to look for."""
    name = find_model(made.model).name
    if len(made.ids) < 2:
        return f"A single token: {name} has nothing to expect it by, so there is no surprisal."
    worst = int(np.nanargmax(made.bits))
    said = f"{in_quotes(visible(made.labels[worst]))} surprised {name} most: {float(made.bits[worst]):.1f} bits."
    added = len(made.own) - sum(made.own)
    return f"{said} The chat template added {added:,} of the {len(made.own):,} tokens; dashed ones are special." if made.chat else said


class PromptToken(TypedDict):
    """`log_probability` is natural, `bits` the surprisal; both null for the first token."""

    id: int
    text: str
    special: bool
    own: bool
    log_probability: float | None
    bits: float | None


class ReadPrompt(TypedDict):
    """`perplexity` is over all tokens after the first, null of a single token."""

    rendered: str
    perplexity: float | None
    tokens: list[PromptToken]


def read_prompt(made: PromptReading) -> ReadPrompt:
    chances, bits = made.log_probabilities.astype(float).tolist(), made.bits.astype(float).tolist()
    tokens: list[PromptToken] = [
        {"id": int(made.ids[i]), "text": made.labels[i], "special": made.special[i], "own": made.own[i],
         "log_probability": chances[i] if i else None, "bits": bits[i] if i else None}
        for i in range(len(made.ids))
    ]  # fmt: skip
    return {"rendered": made.rendered, "perplexity": None if len(tokens) < 2 else made.perplexity, "tokens": tokens}
