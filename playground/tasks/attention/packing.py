"""What of a kind's weights goes over the wire: all heads at full size where texts are short, else pooled with one head in full.

Knows no model and no page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.errors import BadInput
from playground.tasks.attention import heads
from playground.tasks.attention.attention import Attention, AttentionMapRequest, AttentionPart, AttentionShape, Layers, find_shape
from playground.tasks.changes import Changes
from playground.tasks.precision import packed, unpacked
from playground.tasks.side import Side
from playground.tasks.text import check_choice, check_flag

WHOLE_TOKENS = 128
POOLED = 64
REDUCED = ("mean", "max", "rollout", "all")
UNCHANGED = Changes()
NO_PATTERNS: tuple[NDArray[np.float32], tuple[tuple[str, ...], ...]] = (np.zeros((0, 0, 0), np.float32), ())
PUNCTUATION = frozenset(".,;:!?…()[]{}\"'«»“”‘’-–—。，、！？")


@dataclass(frozen=True)
class PackedPart:
    """`weights` uint16 (layers, heads, rows, columns) from `layer` and `head` on; `pooled` cells hold the largest weight in them.

    `reduced`: the weights are not one head's but one of REDUCED.
    """

    layer: int
    head: int
    weights: NDArray[np.uint16]
    pooled: bool
    reduced: str = ""


@dataclass(frozen=True)
class AttentionPack:
    """`scores` float32 (layers, heads, patterns), NaN where there is nothing to score, and `labels[layer][head]`: empty for
    cross-attention and where not asked for."""

    run: Attention
    kind: str
    parts: tuple[PackedPart, ...]
    scores: NDArray[np.float32]
    labels: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class AttentionPackRequest(AttentionPart[AttentionPack]):
    """With `layer` and `head` only that head comes, in full; without, all heads, and head 0 of layer 0 in full if they are pooled.

    `head` may be "mean" or "max" over the layer's heads, "rollout" through layers 0 to `layer`, or "all", the mean of all heads.

    Pattern scores come with heads in full size; for longer texts they take a while, so they are asked for with `patterns`.
    """

    kind: str = ""
    layer: int | None = None
    head: int | str | None = None
    patterns: bool = False
    cacheable: ClassVar[bool] = False  # a copy of the run, which is kept anyway

    def check(self) -> None:
        super().check()
        check_flag(self.patterns, "Patterns")
        if (self.layer is None) != (self.head is None):
            raise BadInput("Give layer and head together, or neither.")
        if isinstance(self.head, str):
            check_choice(self.head, "Head", REDUCED)
        AttentionMapRequest(self.of, 0 if self.layer is None else self.layer, self._number(), self.kind).check()

    def _number(self) -> int:
        return 0 if self.head is None or isinstance(self.head, str) else self.head

    def read(self, run: Attention, layers: Layers) -> AttentionPack:
        shape = find_shape(run, AttentionMapRequest(self.of, self.layer or 0, self._number(), self.kind))
        if self.patterns:
            return AttentionPack(run, shape.kind, (), *head_patterns(shape, layers, self.of.changes))
        if isinstance(self.head, str):
            made = packed(np.clip(reduction(layers[shape.kind], self.layer or 0, self.head), 0, 1))
            return AttentionPack(run, shape.kind, (PackedPart(self.layer or 0, 0, made[None, None], False, self.head),), *NO_PATTERNS)
        one = PackedPart(self.layer or 0, self._number(), layers[shape.kind][self.layer or 0][None, None, self._number()], False)
        if self.layer is not None:
            return AttentionPack(run, shape.kind, (one,), *NO_PATTERNS)
        if max(len(shape.queries), len(shape.keys)) <= WHOLE_TOKENS:
            whole = PackedPart(0, 0, np.stack(layers[shape.kind]), False)
            return AttentionPack(run, shape.kind, (whole,), *head_patterns(shape, layers, self.of.changes))
        overview = PackedPart(0, 0, np.stack([pooled(layer, POOLED) for layer in layers[shape.kind]]), True)
        return AttentionPack(run, shape.kind, (overview, one), *NO_PATTERNS)


def reduction(layers: Sequence[NDArray[np.uint16]], layer: int, name: str) -> NDArray[np.float32]:
    """(queries, keys) float32 of one of REDUCED. Raises BadInput for a rollout where queries and keys are not the same tokens."""
    if name == "rollout":
        if layers[0].shape[1] != layers[0].shape[2]:
            raise BadInput("Rollout is for self-attention: here the tokens that look are not the tokens looked at. Choose “mean”.")
        return heads.rollout(unpacked(one) for one in layers[: layer + 1])
    if name == "all":
        return np.asarray(np.mean([unpacked(one).mean(axis=0) for one in layers], axis=0), np.float32)
    return np.asarray(unpacked(layers[layer].max(axis=0)) if name == "max" else unpacked(layers[layer]).mean(axis=0))


def pooled(weights: NDArray[np.uint16], most: int) -> NDArray[np.uint16]:
    """(..., rows, columns) max-pooled to at most `most` each; cell r covers rows from r*n//most to before (r+1)*n//most."""
    for axis in (-2, -1):
        size = weights.shape[axis]
        if size > most:
            edges = np.arange(most) * size // most
            weights = np.maximum.reduceat(weights, edges, axis=axis)
    return weights


def visible(shape: AttentionShape, changes: Changes) -> NDArray[np.bool_]:
    """(queries, keys): what the mask lets be seen; a decoder sees no later token, and nobody but itself a token that is hidden.

    Hidden are tokens of the text, which a decoder that reads through an encoder sees in its cross-attention alone.
    """
    queries, keys = len(shape.queries), len(shape.keys)
    seen = np.tri(queries, keys, dtype=bool) if shape.kind == "masked" else np.ones((queries, keys), bool)
    seen[:, [place for place in changes.hidden if place < keys]] = False
    if shape.kind != "cross":
        np.fill_diagonal(seen, True)
    return seen


def pattern_side(shape: AttentionShape, changes: Changes) -> heads.Side:
    """Tokens as the pattern scores need them: equal pieces get equal numbers; special tokens and punctuation are delimiters."""
    side = shape.queries
    numbers = {piece: i for i, piece in enumerate(dict.fromkeys(side.pieces))}
    ids = np.array([numbers[piece] for piece in side.pieces], np.int32)
    marks = [s or (bool(t := label.strip()) and set(t) <= PUNCTUATION) for label, s in zip(side.labels, side.special, strict=True)]
    return heads.Side(ids, np.array(marks, bool), visible(shape, changes))


def head_patterns(
    shape: AttentionShape, layers: Layers, changes: Changes = UNCHANGED
) -> tuple[NDArray[np.float32], tuple[tuple[str, ...], ...]]:
    """(layers, heads, patterns) scores and the label of each head; nothing for cross-attention, whose axes differ."""
    if shape.kind == "cross":
        return NO_PATTERNS
    reads = "cross" in layers and shape.kind == "masked"  # the tokens written are not the text's, so none of them is hidden
    side = pattern_side(shape, UNCHANGED if reads else changes)
    found = [[heads.pattern_scores(head, side) for head in unpacked(layer)] for layer in layers[shape.kind]]
    scores = np.array([[[one[p.name] for p in heads.PATTERNS] for one in layer] for layer in found], np.float32)
    return scores, tuple(tuple(heads.label_of(one) for one in layer) for layer in found)


def word_numbers(side: Side) -> list[int]:
    """The word each token belongs to, from 0 without gaps: a word begins at a special token, a space, or a piece without `##`."""
    word_pieces = any(piece.startswith("##") for piece in side.pieces) or "[CLS]" in side.pieces
    numbers: list[int] = []
    for i, (piece, label, special) in enumerate(zip(side.pieces, side.labels, side.special, strict=True)):
        begins = i == 0 or special or side.special[i - 1]
        begins = begins or (not piece.startswith("##") if word_pieces else piece[:1] in ("Ġ", "▁", "Ċ") or label[:1].isspace())
        begins = begins or (not word_pieces and set(label.strip()) <= PUNCTUATION and bool(label.strip()))
        numbers.append((numbers[-1] if numbers else -1) + begins)
    return numbers
