"""How one row of attention weights comes about, number by number: softmax(QKᵀ/√d + mask)·V (Vaswani et al. 2017, eq. 1).

Requests, answers and pure maths on one query's vectors. Knows no model.
"""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.errors import BadInput
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.side import Side
from playground.tasks.text import check_flag, check_whole, shown

Floats = NDArray[np.float32]
Positions = Literal["rotary", "absolute", "relative bias"]


@dataclass(frozen=True)
class Vectors:
    """What all heads of one layer have for one query: query (heads, d), key and value (heads, keys, d), mask (keys,) of 0 and -inf.

    `bias` (heads, keys) is what relative positions add to the scores, None where positions enter otherwise.
    """

    query: Floats
    key: Floats
    value: Floats
    mask: Floats
    bias: Floats | None
    scale: float


@dataclass(frozen=True)
class Working:
    """Every stage of the formula for all heads: scores, scaled and weights (heads, keys), output (heads, d)."""

    scores: Floats
    scaled: Floats
    weights: Floats
    output: Floats


@dataclass(frozen=True)
class Steps:
    """One query of one head. With d the head's dimension and n the keys, all float32 and read-only:

    query_before (d,) without the rotary rotation, None where nothing is rotated; query (d,); key (n, d); scores (n,) = q·k;
    scaled (n,) = scores × scale; bias (n,) or None; mask (n,) of 0 and -inf; weights (n,) = softmax(scaled + bias + mask);
    plain (n,) the weights with nothing left out; value (n, d); norms (n,) = |weight × value|; shares (n,) that part of the
    output's length, they sum to 1; output (d,) = Σ weight × value; joined (heads × d,) all heads' outputs; projected
    (model's width,) the layer's output.
    `scale` is the model's own (1/√d, or 1 in T5), `scaling` and `masking` whether they were applied.
    """

    model: str
    kind: str
    layer: int
    head: int
    heads: int
    place: int
    queries: Side
    keys: Side
    positions: Positions
    scale: float
    scaling: bool
    masking: bool
    query_before: Floats | None
    query: Floats
    key: Floats
    scores: Floats
    scaled: Floats
    bias: Floats | None
    mask: Floats
    weights: Floats
    plain: Floats
    value: Floats
    norms: Floats
    shares: Floats
    output: Floats
    joined: Floats
    projected: Floats


@dataclass(frozen=True)
class StepsRequest(Request[Steps]):
    """The steps of the query token at `query` in one head of the run `of`; layers, heads and tokens count from 0.

    Kind "" means the model's first. Without `scaling` or `mask` that stage is left out of the whole layer's formula.
    """

    of: AttentionRequest
    kind: str = ""
    layer: int = 0
    head: int = 0
    query: int = 0
    scaling: bool = True
    mask: bool = True
    room: ClassVar[str] = "attention"

    def check(self) -> None:
        self.of.check()
        if isinstance(self.head, bool) or not isinstance(self.head, int):
            raise BadInput(f"Head {shown(self.head)} has no steps of its own. Give a whole number from 0.")
        AttentionMapRequest(self.of, self.layer, self.head, self.kind).check()
        check_whole(self.query, "Query token", 0, LIMITS.attention_tokens - 1)
        check_flag(self.scaling, "Scaling")
        check_flag(self.mask, "Mask")


def softmax_rows(scores: Floats) -> Floats:
    """Over the last axis; -inf becomes exactly 0. Every row needs one finite score."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def work_through(vectors: Vectors, *, scaling: bool, masking: bool) -> Working:
    """The formula on all heads at once, with or without two of its stages."""
    scores = np.einsum("hd,hkd->hk", vectors.query, vectors.key)
    scaled = scores * np.float32(vectors.scale if scaling else 1.0)
    biased = scaled if vectors.bias is None else scaled + vectors.bias
    weights = softmax_rows(biased + vectors.mask if masking else biased)
    return Working(scores, scaled, weights, np.einsum("hk,hkd->hd", weights, vectors.value))


def shares_of(weights: Floats, value: Floats, output: Floats) -> Floats:
    """(n,) the part of the output's length each weighted value brings, (weight × value · output) / |output|²; they sum to 1.

    A share below 0 points against the output. All are 0 for an output of length 0.
    """
    length = float(output @ output)
    return np.asarray(weights * (value @ output) / length if length else np.zeros_like(weights), np.float32)


def frozen(array: Floats) -> Floats:
    """A read-only float32 copy that holds nothing larger alive."""
    made = np.array(array, np.float32)
    made.setflags(write=False)
    return made
