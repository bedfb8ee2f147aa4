"""Positions: how a model tells the first word from the second, and what is left of a text without them. Requests and pure maths."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.errors import BadInput
from playground.tasks.embeddings.embeddings import EmbeddingsRequest, Floats, Positions
from playground.tasks.request import Request
from playground.tasks.text import check_whole, shown

SHOWN = 64
WAYS = ("reversed", "shuffled")


@dataclass(frozen=True)
class Rotary:
    """One head's vectors of two tokens as the projections give them, before the turn. Arrays are float32 and read-only.

    `frequencies` (d/2,): radians a place turns each pair; pair i is the numbers i and i + d/2. `query`, `key` (d,). `scale` is
    what the score q·k is multiplied by. `curve` (places,): the scaled score by distance, query after key.
    """

    layer: int
    head: int
    query_label: str
    key_label: str
    query_place: int
    key_place: int
    frequencies: Floats
    query: Floats
    key: Floats
    scale: float
    curve: Floats


@dataclass(frozen=True)
class PositionTable:
    """How positions enter. `table` float32 (places, width) where a vector is added, else None; `cosines` float32, the upper triangle
    of its rows' cosines; `by_distance` (places,) their mean at each distance. `bias` (heads, distances) where a bias is added to
    the scores, from −(places − 1) to places − 1. `table_norm` and `token_norm` are mean lengths, of positions and of the text's tokens."""

    model: str
    stack: str
    kind: Positions
    window: int
    table: Floats | None
    cosines: Floats | None
    by_distance: Floats | None
    table_norm: float
    token_norm: float
    bias: Floats | None
    rotary: Rotary | None


@dataclass(frozen=True)
class PositionsRequest(Request[PositionTable]):
    """The first SHOWN places of the model of `of`; a rotary model shows how `query` and `key` of one head turn."""

    of: EmbeddingsRequest
    query: int = 1
    key: int = 0
    layer: int = 0
    head: int = 0
    room: ClassVar[str] = "embeddings"

    def check(self) -> None:
        self.of.check()
        for value, name in ((self.query, "Query token"), (self.key, "Key token"), (self.layer, "Layer"), (self.head, "Head")):
            check_whole(value, name, 0, 10_000)


@dataclass(frozen=True)
class Shuffle:
    """One text and the same words in another order, with positions and without, in one stack. n tokens.

    `moved` (n,) int32: token i of the text stands at place moved[i] of the reordered one. `kept` and `bare` float32 (n,): the
    cosine of each token's last vector with itself after the move, with positions and without. `difference` is the largest
    difference of any number without positions. `changed` counts the words that moved.
    """

    model: str
    stack: str
    kind: Positions
    words: str
    order: str
    labels: tuple[str, ...]
    special: tuple[bool, ...]
    moved: NDArray[np.int32]
    kept: Floats
    bare: Floats
    difference: float
    changed: int


@dataclass(frozen=True)
class ShuffleRequest(Request[Shuffle]):
    """The words of `of.text` reversed, or shuffled by `seed`."""

    of: EmbeddingsRequest
    way: str = "reversed"
    seed: int = 0
    room: ClassVar[str] = "embeddings"

    def check(self) -> None:
        self.of.check()
        check_whole(self.seed, "Seed", 0, 2**31 - 1)
        if self.way not in WAYS:
            raise BadInput(f"The order {shown(self.way)} is not known. Choose one of: {', '.join(WAYS)}.")


def turned(vector: Floats, frequencies: Floats, place: float) -> Floats:
    """The rotary turn (Su et al. 2021, eq. 34) of (d,) at `place`: pair (i, i + d/2) by place × frequencies[i]."""
    half = len(vector) // 2
    cos, sin = np.cos(place * frequencies.astype(np.float64)), np.sin(place * frequencies.astype(np.float64))
    first, second = vector[:half], vector[half:]
    return np.concatenate([first * cos - second * sin, second * cos + first * sin]).astype(np.float32)


def mean_by_distance(cosines: Floats) -> Floats:
    """(n,) the mean of each diagonal of an (n, n) matrix, from the main one outwards."""
    return np.array([np.diagonal(cosines, k).mean() for k in range(len(cosines))], np.float32)


def reordered(groups: list[list[int]], way: str, seed: int) -> list[list[int]]:
    """The word groups in their new order; shuffled is never the order they came in where there is another."""
    if way == "reversed":
        return groups[::-1]
    random = np.random.default_rng(seed)
    order = list(range(len(groups)))
    while len(order) > 1 and order == sorted(order):
        order = [int(i) for i in random.permutation(len(groups))]
    return [groups[i] for i in order]
