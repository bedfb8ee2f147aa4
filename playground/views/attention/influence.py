"""Gradient × input beside one row of attention -> what `web/influence.js` draws. Knows no model."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.tasks.attention.influence import Influence
from playground.tasks.ranks import rank_correlation
from playground.views.text import visible

MEANING = (
    "Attention shows where a head looks; gradient × input shows what, to first order, moves the result. "
    "Neither is the whole reason (Jain & Wallace 2019)."
)


def influence_view(made: Influence, weights: NDArray[np.float32], head: str) -> dict[str, Any]:
    """`weights` (keys,): the attention row of the same token. Bars are shares of the largest of each side."""
    most, top = float(np.abs(made.scores).max()) or 1.0, float(weights.max()) or 1.0
    agree = rank_correlation(np.abs(made.scores), weights)
    word = visible(made.queries.labels[made.query].strip() or made.queries.labels[made.query])
    return {
        "title": f"“{word}” ({made.query}): how much {head} looks at each token, and how much each token moves {made.of}",
        "rows": [
            {"label": visible(label.strip() or label), "weight": float(w), "weight_share": float(w) / top,
             "score": float(s), "score_share": float(s) / most}
            for label, w, s in zip(made.keys.labels, weights, made.scores, strict=True)
        ],
        "sentence": f"{_words(agree)} (rank correlation {agree:.2f}). {MEANING}",
        "signed": made.signed,
    }  # fmt: skip


def _words(agree: float) -> str:
    if agree >= 0.6:
        return "The two agree well here"
    return "The two agree somewhat" if agree >= 0.3 else "The two agree little" if agree > -0.1 else "The two disagree"
