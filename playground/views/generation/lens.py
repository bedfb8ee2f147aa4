"""A logit lens -> the table that `web/generation/lens.js` draws, and a sentence. Knows no model."""

from typing import TypedDict

from playground.catalog import find_model
from playground.tasks.generation.lens import Lens
from playground.views.text import in_quotes, percent, visible


class LensToken(TypedDict):
    text: str
    special: bool
    newline: bool


class Guess(TypedDict):
    text: str
    p: float
    percent: str


class LensRow(TypedDict):
    """A layer's best next tokens; `rank` of the one the model says, `first` where that is the likeliest here too."""

    name: str
    guesses: list[Guess]
    rank: str
    first: bool


class LensView(TypedDict):
    tokens: list[LensToken]
    position: int
    rows: list[LensRow]
    final: str
    model: str


def lens_view(made: Lens) -> LensView:
    """The text's tokens, and one row for the embedding and each layer: its best next tokens with their probability."""
    last = len(made.texts) - 1
    return {
        "tokens": [{"text": visible(t), "special": s, "newline": "\n" in t} for t, s in zip(made.tokens, made.special, strict=True)],
        "position": made.position,
        "rows": [
            {
                "name": "embedding" if row == 0 else f"layer {row - 1}" + (" (what it says)" if row == last else ""),
                "guesses": [
                    {"text": visible(text), "p": float(p), "percent": percent(float(p))}
                    for text, p in zip(made.texts[row], made.probabilities[row], strict=True)
                ],
                "rank": f"{int(made.ranks[row]):,}",
                "first": int(made.ranks[row]) == 1,
            }
            for row in range(last + 1)
        ],
        "final": visible(made.texts[last][0]),
        "model": f"{find_model(made.model).name}, from {made.source}; computes in {made.precision}, as it writes",
    }


def lens_sentence(made: Lens) -> str:
    """From which layer the model is of the mind it ends with, whether it was before, and the row at which that rose most."""
    final = visible(made.texts[-1][0])
    return (
        f"After {in_quotes(visible(made.tokens[made.position]))} the model says {in_quotes(final)} "
        f"({percent(float(made.probabilities[-1, 0]))}); "
        f"{_settled(made)}.{_risen(made)}"
    )


def _settled(made: Lens) -> str:
    if made.settled == 0:
        return "it comes first from the embedding on"
    before = [row for row in range(made.settled) if made.ranks[row] == 1]
    last = made.settled == len(made.ranks) - 1
    where = "only in the last layer does it come first" if last else f"it comes first from layer {made.settled - 1} on"
    return f"{where} for good; after {_row(before[0])} it did so for a while too" if before else where


def _risen(made: Lens) -> str:
    """The largest step up, counted as a ratio of places: from 1,000th to 100th is as far as from 10th to first."""
    first = int(made.ranks[0])
    if made.settled == 0:
        return ""
    climbs = made.ranks[:-1] / made.ranks[1:]
    row = int(climbs.argmax()) + 1
    before, after = int(made.ranks[row - 1]), int(made.ranks[row])
    return (
        f" Before the layers it stands in place {first:,}. It rises most in layer {row - 1}, from place {before:,} to {after:,}; before "
        f"that layer the likeliest is {in_quotes(visible(made.texts[row - 1][0]))}."
    )


def _row(row: int) -> str:
    return "the embedding" if row == 0 else f"layer {row - 1}"
