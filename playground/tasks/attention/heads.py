"""What can be said about attention heads: means, rollout, words, and nine known patterns with a stated score each.

Pure numpy on weights (..., queries, keys); knows no model. Every score is a share of attention weight or of entropy, 0 to 1,
and NaN where the text or the mask leaves nothing to score. What a token may see is told by the mask: a weight of a sink's row
can be as good as 0 and yet be of a token that is seen.
Attention is not explanation (Jain & Wallace 2019): a label says where a head looks, not why the model decides.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float32]


def rollout(layers: Iterable[Weights]) -> Weights:
    """(queries, keys): how much of each input token reaches each last-layer position, if attention were all that mixed them.

    layers: (heads, n, n) each, looked at once and let go. Mean over heads, half identity for the residual, rows to sum 1; then multiplied.
    Source: Abnar & Zuidema 2020, "Quantifying Attention Flow in Transformers", eq. 1.
    """
    flow: NDArray[np.float64] | None = None
    for layer in layers:
        mixed = 0.5 * layer.mean(axis=0, dtype=np.float64) + 0.5 * np.eye(layer.shape[-1])
        mixed /= mixed.sum(axis=-1, keepdims=True)
        flow = mixed if flow is None else mixed @ flow
    assert flow is not None
    return flow.astype(np.float32)


@dataclass(frozen=True)
class Side:
    """What the pattern scores need to know of the tokens: ids (n,), which are delimiters (special tokens, punctuation) (n,), and
    `visible` (n, n): whether the mask lets a query (row) see a key (column)."""

    ids: NDArray[np.int32]
    delimiter: NDArray[np.bool_]
    visible: NDArray[np.bool_]

    @cached_property
    def after(self) -> NDArray[np.int16]:
        """(n, n): how many places the query stands after the key."""
        places = np.arange(len(self.ids), dtype=np.int16)
        return np.asarray(places[:, None] - places[None, :], np.int16)

    @cached_property
    def same(self) -> NDArray[np.bool_]:
        """(n, n): whether both are the same token."""
        return np.asarray(self.ids[:, None] == self.ids[None, :])


Score = Callable[[Weights, Side], float]


def _on(weights: Weights, side: Side, places: NDArray[np.bool_]) -> float:
    """Mean weight on those of `places` that are visible, over the rows that have any; NaN if none has."""
    seen = places & side.visible
    rows = seen.any(axis=1)
    return float((weights * seen).sum(axis=1)[rows].mean()) if rows.any() else np.nan


def score_self(weights: Weights, side: Side) -> float:
    """Mean weight of each token on itself (the diagonal)."""
    return _on(weights, side, side.after == 0)


def score_previous(weights: Weights, side: Side) -> float:
    """Mean weight of each token but the first on the one before it. Clark et al. 2019; Voita et al. 2019 ("positional")."""
    return _on(weights, side, side.after == 1)


def score_next(weights: Weights, side: Side) -> float:
    """Mean weight of each token but the last on the one after it; NaN under a causal mask."""
    return _on(weights, side, side.after == -1)


def score_first(weights: Weights, side: Side) -> float:
    """Mean weight on the first token, the first token's own row left out: the attention sink. Xiao et al. 2024."""
    places = side.after > 0
    places[:, 1:] = False
    return _on(weights, side, places)


def score_delimiter(weights: Weights, side: Side) -> float:
    """Mean weight on special tokens and punctuation but the first token, from tokens that are none. Clark et al. 2019, 3.2."""
    keys = side.delimiter.copy()
    keys[:1] = False
    rows = ~side.delimiter
    return float(weights[np.ix_(rows, keys)].sum(axis=1).mean()) if keys.any() and rows.any() else np.nan


def score_same(weights: Weights, side: Side) -> float:
    """Mean weight on other places of the same token, over tokens that occur elsewhere among what they may see."""
    return _on(weights, side, side.same & (side.after != 0))


def score_induction(weights: Weights, side: Side) -> float:
    """Mean weight on what followed earlier places of the same token, over tokens seen before. Olsson et al. 2022."""
    earlier = side.same & (side.after > 0)
    after = np.zeros_like(earlier)
    after[:, 1:] = earlier[:, :-1]
    return _on(weights, side, after & (side.after > 0))


def score_spread(weights: Weights, side: Side) -> float:
    """Mean entropy of each row over the entropy of an even row on the keys it may see: 1 is a head that averages all."""
    seen = side.visible.sum(axis=1)
    rows = seen > 1
    if not rows.any():
        return np.nan
    safe = np.where(weights > 0, weights, 1.0)
    entropy = -(weights * np.log(safe)).sum(axis=1)
    return float((entropy[rows] / np.log(seen[rows])).mean())


def score_local(weights: Weights, side: Side) -> float:
    """Mean weight on the two tokens before and after, the token itself left out."""
    near = np.abs(side.after)
    return float((weights * ((near >= 1) & (near <= 2))).sum(axis=1).mean())


@dataclass(frozen=True)
class Pattern:
    """`threshold`: the score from which a head is said to have the pattern; chosen on built inputs (tests/tasks/test_heads.py).

    `lacks`: why no head can have it where the score is NaN.
    """

    name: str
    words: str
    score: Score
    threshold: float
    lacks: str


ALONE = "there is one token"
PATTERNS: tuple[Pattern, ...] = (
    Pattern("previous", "looks at the token before", score_previous, 0.4, ALONE),
    Pattern("next", "looks at the token after", score_next, 0.4, "the mask hides what comes after"),
    Pattern("self", "looks at the token itself", score_self, 0.4, ALONE),
    Pattern("induction", "looks at what followed this token earlier", score_induction, 0.4, "no token comes again here"),
    Pattern("same token", "looks at the same token elsewhere", score_same, 0.4, "no token occurs twice here"),
    Pattern("delimiter", "looks at punctuation and special tokens", score_delimiter, 0.5, "there are none here but the first token"),
    Pattern("first token", "rests on the first token (a sink)", score_first, 0.6, ALONE),
    Pattern("local window", "looks at its near neighbours", score_local, 0.7, ALONE),
    Pattern("spread out", "averages over nearly everything", score_spread, 0.9, ALONE),
)
NO_PATTERN = "no simple pattern"


def pattern_scores(weights: Weights, side: Side) -> dict[str, float]:
    """Every pattern's score of one head's square map (n, n); NaN where there is nothing to score."""
    return {pattern.name: pattern.score(weights, side) for pattern in PATTERNS}


def label_of(scores: dict[str, float]) -> str:
    """The first pattern, most telling first, whose score reaches its threshold; NO_PATTERN if none does."""
    return next((p.name for p in PATTERNS if scores[p.name] >= p.threshold), NO_PATTERN)
