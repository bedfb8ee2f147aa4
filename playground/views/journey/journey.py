"""A journey as plain JSON for programs: tokens, what each block adds, what would be said after each, and the next tokens."""

from typing import Any, TypedDict

import numpy as np

from playground.tasks.journey.journey import Journey, Saying

FIRST = 10


class Guess(TypedDict):
    """`probability` at temperature 1, nothing cut."""

    id: int
    text: str
    probability: float


class After(TypedDict):
    """What would be said after `block` (−1: before the first); `rank`, from 1, of what is said in the end."""

    block: int
    best: Guess
    rank: int


class BlockSize(TypedDict):
    """For each token: the length of its vector after the block, and of what the two halves add to it."""

    stream: list[float]
    attention_adds: list[float]
    feed_forward_adds: list[float]


class JourneyTold(TypedDict):
    """`lens` and `next_tokens` are of the last token, and of a decoder alone; `labels` of a classifier."""

    model: str
    tokens: list[dict[str, Any]]
    blocks: list[BlockSize]
    lens: list[After]
    next_tokens: list[Guess]
    labels: dict[str, float]
    left_out: int
    note: str


def journey_told(made: Journey) -> JourneyTold:
    """What `/journey` gives."""
    lens = [] if made.saying is None else [_after(made.saying, row) for row in range(len(made.saying.ranks))]
    last = [] if made.saying is None else [_guess(made.saying, -1, place) for place in range(min(FIRST, made.saying.best.shape[1]))]
    return {
        "model": made.model,
        "tokens": [{"id": i, "piece": piece, "text": label}
                   for i, piece, label in zip(made.ids, made.side.pieces, made.side.labels, strict=True)],
        "blocks": [{"stream": _digits(made.stream[i + 1]), "attention_adds": _digits(made.added[i, 0]),
                    "feed_forward_adds": _digits(made.added[i, 1])} for i in range(made.blocks)],
        "lens": lens, "next_tokens": last, "labels": {name: round(share, 6) for name, share in made.labels},
        "left_out": made.cut, "note": left_out_sentence(made),
    }  # fmt: skip


def left_out_sentence(made: Journey) -> str:
    """Which tokens were left out, "" for none."""
    if not made.cut:
        return ""
    where = "the last" if made.kind == "masked" else "the first"
    return f"The text has {len(made) + made.cut:,} tokens; {where} {len(made)} are read and shown, without the other {made.cut:,}."


def _after(made: Saying, row: int) -> After:
    return {"block": row - 1, "best": _guess(made, row, 0), "rank": int(made.ranks[row])}


def _guess(made: Saying, row: int, place: int) -> Guess:
    number = int(made.best[row, place])
    return {"id": number, "text": made.words.label_of(number), "probability": round(float(made.probabilities[row, place]), 6)}


def _digits(numbers: np.ndarray[Any, np.dtype[np.float32]]) -> list[float]:
    return [float(f"{number:.5g}") for number in numbers]
