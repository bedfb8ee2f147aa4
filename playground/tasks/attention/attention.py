"""Attention: which tokens each head of each layer looks at. Requests, answers and pure maths on the weights."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.errors import BadInput
from playground.tasks.changes import KINDS, Changes
from playground.tasks.limits import LIMITS
from playground.tasks.precision import unpacked
from playground.tasks.request import A_co, Request
from playground.tasks.side import Side
from playground.tasks.text import check_choice, check_text, shown

Head = int | Literal["mean"]


@dataclass(frozen=True)
class AttentionShape:
    """One kind of attention of one run: `layers` × `heads` maps of `len(queries)` × `len(keys)` weights.

    `second`: the token with which the second text of a pair begins on both axes, 0 if there is none.
    """

    kind: str
    layers: int
    heads: int
    queries: Side
    keys: Side
    second: int = 0


@dataclass(frozen=True)
class Attention:
    """A whole run: what there is to look at. The weights are asked for in parts, with AttentionMapRequest.

    `target` is the text the decoder read (the model's own translation if none was given), "" without a decoder; `cut` tokens at
    the end of the texts were left out, since there were too many, and `target_cut` at the end of the target.
    """

    model: str
    source: str
    text: str
    target: str
    shapes: tuple[AttentionShape, ...]
    cut: int = 0
    target_cut: int = 0


@dataclass(frozen=True)
class AttentionRequest(Request[Attention]):
    """Run `model` over `text` once. An encoder-decoder's decoder reads `target`, or the model's own translation if empty.

    `pair`: a second text that an encoder reads with the first, [CLS] text [SEP] pair [SEP]. `changes`: an experiment.
    """

    text: str
    model: str
    target: str = ""
    pair: str = ""
    changes: Changes = Changes()
    room: ClassVar[str] = "attention"

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.attention_characters)
        check_text(self.target, "The target text", LIMITS.attention_characters, empty=True)
        check_text(self.pair, "The second text", LIMITS.attention_characters, empty=True)
        if not isinstance(self.changes, Changes):
            raise BadInput("An experiment must be an object of changes. Send one, or none.")
        self.changes.check()


Layers = Mapping[str, Sequence[NDArray[np.uint16]]]


@dataclass(frozen=True)
class AttentionPart(Request[A_co], ABC):
    """A part of the run `of`, read from its weights without running the model again while the service keeps the run."""

    of: AttentionRequest
    room: ClassVar[str] = "attention"

    def check(self) -> None:
        self.of.check()

    @abstractmethod
    def read(self, run: Attention, layers: Layers) -> A_co:
        """The part; `layers[kind][i]` uint16 (heads, queries, keys), see precision.py. Raises BadInput listing what the run has."""


@dataclass(frozen=True)
class AttentionMap:
    """One head (or the mean over a layer's heads): `weights` float32 (queries, keys), read-only; each row sums to 1 within 1.5e-4
    (precision.py). `cut` and `target_cut`: tokens that were left out, as in Attention."""

    kind: str
    layer: int
    head: Head
    queries: Side
    keys: Side
    weights: NDArray[np.float32]
    cut: int = 0
    target_cut: int = 0


@dataclass(frozen=True)
class AttentionMapRequest(AttentionPart[AttentionMap]):
    """One map of the run `of`; layers and heads count from 0, kind "" means the model's first."""

    layer: int = 0
    head: Head = "mean"
    kind: str = ""

    def check(self) -> None:
        super().check()
        if self.kind != "":
            check_choice(self.kind, "Kind", KINDS)
        if isinstance(self.layer, bool) or not isinstance(self.layer, int):
            raise BadInput(f"Layer {shown(self.layer)} is not a whole number; layers count from 0.")
        if self.head != "mean" and (isinstance(self.head, bool) or not isinstance(self.head, int)):
            raise BadInput(f"Head {shown(self.head)} is not known. Give a whole number from 0, or “mean”.")

    def read(self, run: Attention, layers: Layers) -> AttentionMap:
        shape = find_shape(run, self)
        weights = head_map(layers[shape.kind][self.layer], self.head)
        weights.setflags(write=False)
        return AttentionMap(shape.kind, self.layer, self.head, shape.queries, shape.keys, weights, run.cut, run.target_cut)


def find_shape(run: Attention, request: AttentionMapRequest) -> AttentionShape:
    """The shape that `request` names. Raises BadInput listing what this model has."""
    shape = next((s for s in run.shapes if request.kind in ("", s.kind)), None)
    if shape is None:
        kinds = ", ".join(s.kind for s in run.shapes)
        raise BadInput(f"{run.model} has no {shown(request.kind)} attention. It has: {kinds}.")
    if not 0 <= request.layer < shape.layers:
        raise BadInput(f"Layer {request.layer} is out of range: {run.model} has layers 0 to {shape.layers - 1}.")
    if request.head != "mean" and not 0 <= request.head < shape.heads:
        raise BadInput(f"Head {request.head} is out of range: {run.model} has heads 0 to {shape.heads - 1}, or “mean”.")
    return shape


def head_map(layer: NDArray[np.uint16], head: Head) -> NDArray[np.float32]:
    """(queries, keys) of one head, or the mean over heads, of `layer` (heads, queries, keys)."""
    return np.asarray(unpacked(layer).mean(axis=0) if head == "mean" else unpacked(layer[head]))
