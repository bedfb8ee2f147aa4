"""What of a kind's weights goes over the wire: all heads at full size where texts are short, else pooled with one head in full.

Knows no model and no page.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from playground.errors import BadInput
from playground.tasks import heads
from playground.tasks.attention import Attention, AttentionMapRequest, AttentionPart, AttentionShape, Layers, Side, find_shape
from playground.tasks.precision import unpacked
from playground.tasks.text import check_flag

WHOLE_TOKENS = 128
POOLED = 64
NO_PATTERNS: tuple[NDArray[np.float32], tuple[tuple[str, ...], ...]] = (np.zeros((0, 0, 0), np.float32), ())
PUNCTUATION = frozenset(".,;:!?…()[]{}\"'«»“”‘’-–—。，、！？")


@dataclass(frozen=True)
class PackedPart:
    """`weights` uint16 (layers, heads, rows, columns) from `layer` and `head` on; `pooled` cells hold the largest weight in them."""

    layer: int
    head: int
    weights: NDArray[np.uint16]
    pooled: bool


@dataclass(frozen=True)
class AttentionPack:
    """`scores` float32 (layers, heads, patterns) and `labels[layer][head]`: empty for cross-attention and where not asked for."""

    run: Attention
    kind: str
    parts: tuple[PackedPart, ...]
    scores: NDArray[np.float32]
    labels: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class AttentionPackRequest(AttentionPart[AttentionPack]):
    """With `layer` and `head` only that head comes, in full; without, all heads, and head 0 of layer 0 in full if they are pooled.

    Pattern scores come with heads in full size; for longer texts they take a while, so they are asked for with `patterns`.
    """

    kind: str = ""
    layer: int | None = None
    head: int | None = None
    patterns: bool = False

    def check(self) -> None:
        super().check()
        check_flag(self.patterns, "Patterns")
        if (self.layer is None) != (self.head is None):
            raise BadInput("Give layer and head together, or neither.")
        AttentionMapRequest(self.of, 0 if self.layer is None else self.layer, 0 if self.head is None else self.head, self.kind).check()

    def read(self, run: Attention, layers: Layers) -> AttentionPack:
        shape = find_shape(run, AttentionMapRequest(self.of, self.layer or 0, self.head or 0, self.kind))
        if self.patterns:
            return AttentionPack(run, shape.kind, (), *head_patterns(shape, layers))
        one = PackedPart(self.layer or 0, self.head or 0, layers[shape.kind][self.layer or 0][None, None, self.head or 0], False)
        if self.layer is not None:
            return AttentionPack(run, shape.kind, (one,), *NO_PATTERNS)
        if max(len(shape.queries), len(shape.keys)) <= WHOLE_TOKENS:
            whole = PackedPart(0, 0, np.stack(layers[shape.kind]), False)
            return AttentionPack(run, shape.kind, (whole,), *head_patterns(shape, layers))
        overview = PackedPart(0, 0, np.stack([pooled(layer, POOLED) for layer in layers[shape.kind]]), True)
        return AttentionPack(run, shape.kind, (overview, one), *NO_PATTERNS)


def pooled(weights: NDArray[np.uint16], most: int) -> NDArray[np.uint16]:
    """(..., rows, columns) max-pooled to at most `most` each; cell r covers rows from r*n//most to before (r+1)*n//most."""
    for axis in (-2, -1):
        size = weights.shape[axis]
        if size > most:
            edges = np.arange(most) * size // most
            weights = np.maximum.reduceat(weights, edges, axis=axis)
    return weights


def pattern_side(side: Side) -> heads.Side:
    """Tokens as the pattern scores need them: equal pieces get equal numbers; special tokens and punctuation are delimiters."""
    numbers = {piece: i for i, piece in enumerate(dict.fromkeys(side.pieces))}
    ids = np.array([numbers[piece] for piece in side.pieces], np.int32)
    marks = [s or (bool(t := label.strip()) and set(t) <= PUNCTUATION) for label, s in zip(side.labels, side.special, strict=True)]
    return heads.Side(ids, np.array(marks, bool))


def head_patterns(shape: AttentionShape, layers: Layers) -> tuple[NDArray[np.float32], tuple[tuple[str, ...], ...]]:
    """(layers, heads, patterns) scores and the label of each head; nothing for cross-attention, whose axes differ."""
    if shape.kind == "cross":
        return NO_PATTERNS
    side = pattern_side(shape.queries)
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
