"""How much each token moves what the model makes at one place: gradient × input, to stand beside attention. Request and answer."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.request import Request
from playground.tasks.side import Side
from playground.tasks.text import check_whole

MOST_TOKENS = 128


@dataclass(frozen=True)
class Influence:
    """`scores` float32 (keys,), read-only: signed where the gradient is of one number, lengths where it is of a vector.

    `of` says in words what the gradient is of.
    """

    model: str
    kind: str
    query: int
    queries: Side
    keys: Side
    scores: NDArray[np.float32]
    signed: bool
    of: str


@dataclass(frozen=True)
class InfluenceRequest(Request[Influence]):
    """For the token `query` of the run `of`, in one kind of attention ("" is the model's first)."""

    of: AttentionRequest
    query: int
    kind: str = ""
    room: ClassVar[str] = "attention"

    def check(self) -> None:
        AttentionMapRequest(self.of, 0, "mean", self.kind).check()
        check_whole(self.query, "The token", 0, 10_000)
