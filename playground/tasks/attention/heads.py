"""What can be said about attention heads: means, rollout, words, and nine known patterns with a stated score each.

Pure numpy on weights (..., queries, keys); knows no model. Every score is a share of attention weight or of entropy, 0 to 1.
Attention is not explanation (Jain & Wallace 2019): a label says where a head looks, not why the model decides.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

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


def without_keys(weights: Weights, hidden: NDArray[np.bool_]) -> Weights:
    """The same weights with `hidden` keys at 0 and each row summing to 1 again; a row with nothing left is all 0."""
    kept = np.where(hidden, 0.0, weights)
    total = kept.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(kept, total, out=np.zeros_like(kept), where=total > 0), np.float32)


def by_word(weights: Weights, query_words: NDArray[np.int64], key_words: NDArray[np.int64]) -> Weights:
    """(..., query words, key words): weight to a word is the sum to its pieces, from a word the mean from its pieces.

    `*_words`: the word number of each token, from 0 without gaps. Rows still sum to 1. Source: Clark et al. 2019, section 4.1.
    """
    to_words = np.zeros((len(key_words), int(key_words.max()) + 1), np.float32)
    to_words[np.arange(len(key_words)), key_words] = 1.0
    from_words = np.zeros((int(query_words.max()) + 1, len(query_words)), np.float32)
    from_words[query_words, np.arange(len(query_words))] = 1.0
    from_words /= from_words.sum(axis=1, keepdims=True)
    return np.asarray(from_words @ (weights @ to_words), np.float32)


@dataclass(frozen=True)
class Side:
    """What the pattern scores need to know of the tokens: ids (n,) and which are delimiters (special tokens, punctuation)."""

    ids: NDArray[np.int32]
    delimiter: NDArray[np.bool_]


Score = Callable[[Weights, Side], float]


def _mean_at(weights: Weights, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> float:
    return float(weights[rows, columns].mean()) if len(rows) else 0.0


def score_self(weights: Weights, side: Side) -> float:
    """Mean weight of each token on itself (the diagonal)."""
    places = np.arange(len(weights))
    return _mean_at(weights, places, places)


def score_previous(weights: Weights, side: Side) -> float:
    """Mean weight of each token but the first on the one before it. Clark et al. 2019; Voita et al. 2019 ("positional")."""
    places = np.arange(1, len(weights))
    return _mean_at(weights, places, places - 1)


def score_next(weights: Weights, side: Side) -> float:
    """Mean weight of each token but the last on the one after it (0 under a causal mask)."""
    places = np.arange(len(weights) - 1)
    return _mean_at(weights, places, places + 1)


def score_first(weights: Weights, side: Side) -> float:
    """Mean weight on the first token, the first token's own row left out: the attention sink. Xiao et al. 2024."""
    return float(weights[1:, 0].mean()) if len(weights) > 1 else 0.0


def score_delimiter(weights: Weights, side: Side) -> float:
    """Mean weight on special tokens and punctuation but the first token, from tokens that are none. Clark et al. 2019, 3.2."""
    keys = side.delimiter.copy()
    keys[:1] = False
    rows = ~side.delimiter
    return float(weights[np.ix_(rows, keys)].sum(axis=1).mean()) if keys.any() and rows.any() else 0.0


def score_same(weights: Weights, side: Side) -> float:
    """Mean weight on other places of the same token, over tokens that occur elsewhere among what they may see."""
    same = (side.ids[:, None] == side.ids[None, :]) & ~np.eye(len(weights), dtype=bool) & (weights > 0)
    rows = same.any(axis=1)
    return float((weights * same).sum(axis=1)[rows].mean()) if rows.any() else 0.0


def score_induction(weights: Weights, side: Side) -> float:
    """Mean weight on what followed earlier places of the same token, over tokens seen before. Olsson et al. 2022."""
    size = len(weights)
    earlier = (side.ids[:, None] == side.ids[None, :]) & np.tri(size, k=-1, dtype=bool)
    after = np.zeros_like(earlier)
    after[:, 1:] = earlier[:, :-1]
    after &= np.tri(size, k=-1, dtype=bool)
    rows = after.any(axis=1)
    return float((weights * after).sum(axis=1)[rows].mean()) if rows.any() else 0.0


def score_spread(weights: Weights, side: Side) -> float:
    """Mean entropy of each row over the entropy of an even row on the keys it may see: 1 is a head that averages all."""
    seen = (weights > 0).sum(axis=1)
    rows = seen > 1
    if not rows.any():
        return 0.0
    safe = np.where(weights > 0, weights, 1.0)
    entropy = -(weights * np.log(safe)).sum(axis=1)
    return float((entropy[rows] / np.log(seen[rows])).mean())


def score_local(weights: Weights, side: Side) -> float:
    """Mean weight on the two tokens before and after, the token itself left out."""
    places = np.arange(len(weights))
    near = np.abs(places[:, None] - places[None, :])
    return float((weights * ((near >= 1) & (near <= 2))).sum(axis=1).mean())


@dataclass(frozen=True)
class Pattern:
    """`threshold`: the score from which a head is said to have the pattern; chosen on built inputs (tests/tasks/test_heads.py)."""

    name: str
    words: str
    score: Score
    threshold: float


PATTERNS: tuple[Pattern, ...] = (
    Pattern("previous", "looks at the token before", score_previous, 0.4),
    Pattern("next", "looks at the token after", score_next, 0.4),
    Pattern("self", "looks at the token itself", score_self, 0.4),
    Pattern("induction", "looks at what followed this token earlier", score_induction, 0.4),
    Pattern("same token", "looks at the same token elsewhere", score_same, 0.4),
    Pattern("delimiter", "looks at punctuation and special tokens", score_delimiter, 0.5),
    Pattern("first token", "rests on the first token (a sink)", score_first, 0.6),
    Pattern("local window", "looks at its near neighbours", score_local, 0.7),
    Pattern("spread out", "averages over nearly everything", score_spread, 0.9),
)
NO_PATTERN = "no simple pattern"


def pattern_scores(weights: Weights, side: Side) -> dict[str, float]:
    """Every pattern's score of one head's square map (n, n)."""
    return {pattern.name: pattern.score(weights, side) for pattern in PATTERNS}


def label_of(scores: dict[str, float]) -> str:
    """The first pattern, most telling first, whose score reaches its threshold; NO_PATTERN if none does."""
    return next((p.name for p in PATTERNS if scores[p.name] >= p.threshold), NO_PATTERN)
