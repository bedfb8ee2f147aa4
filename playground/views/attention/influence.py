"""Gradient × input beside one row of attention -> what `web/attention/influence.js` draws. Knows no model."""

from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from playground.tasks.attention.influence import Influence
from playground.tasks.ranks import rank_correlation
from playground.views.text import counted, in_quotes, number, visible

FEW = 5
MEANING = (
    "Attention shows where a head looks; gradient × input shows what, to first order, moves the result. "
    "Neither is the whole reason (Jain & Wallace 2019)."
)


class InfluenceRow(TypedDict):
    """Shares of the largest of each side; `score_share` below 0 moves the result down where the view is signed."""

    label: str
    weight: float
    weight_share: float
    score: float
    score_share: float


class InfluenceView(TypedDict):
    title: str
    rows: list[InfluenceRow]
    sentence: str
    signed: bool


def influence_view(made: Influence, weights: NDArray[np.float32], head: str) -> InfluenceView:
    """`weights` (keys,): the attention row of the same token. Bars are shares of the largest of each side."""
    most, top = float(np.abs(made.scores).max()) or 1.0, float(weights.max()) or 1.0
    word = visible(made.queries.labels[made.query].strip() or made.queries.labels[made.query])
    return {
        "title": f"{in_quotes(word)} ({made.query}): how much {head} looks at each token, and how much each token moves {made.of}",
        "rows": [
            {"label": visible(label.strip() or label), "weight": float(w), "weight_share": float(w) / top,
             "score": float(s), "score_share": float(s) / most}
            for label, w, s in zip(made.keys.labels, weights, made.scores, strict=True)
        ],
        "sentence": f"{_firsts(made, weights)} {_agreement(made, weights)} {MEANING}",
        "signed": made.signed,
    }  # fmt: skip


def _firsts(made: Influence, weights: NDArray[np.float32]) -> str:
    """What each of the two puts first, special tokens and the token itself included."""
    looked, moved = int(weights.argmax()), int(np.abs(made.scores).argmax())
    if looked == moved:
        return f"Both put {_name(made, looked)} first."
    return f"The head looks most at {_name(made, looked)}, but {_name(made, moved)} moves the result most."


def _name(made: Influence, place: int) -> str:
    same = made.kind != "cross" and place == made.query
    label = made.keys.labels[place]
    return f"{in_quotes(visible(label.strip() or label))} ({place}{', the token itself' if same else ''})"


def _agreement(made: Influence, weights: NDArray[np.float32]) -> str:
    """Over the tokens that may be seen: those that a mask hides are 0 on both sides, and would agree for nothing."""
    seen = made.query + 1 if made.kind == "masked" else len(weights)
    if seen < FEW:
        return f"{counted(seen, 'token')} {'are' if seen > 1 else 'is'} too few to compare two orders."
    agree = rank_correlation(np.abs(made.scores[:seen]), weights[:seen])
    return f"{_words(agree)} on the order of {seen} tokens (rank correlation {number(agree)})."


def _words(agree: float) -> str:
    if agree >= 0.6:
        return "They agree well"
    return "They agree somewhat" if agree >= 0.3 else "They agree little" if agree > -0.1 else "They disagree"
