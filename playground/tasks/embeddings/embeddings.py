"""Embeddings: the vectors a text's tokens begin with, and what becomes of them from layer to layer. Requests, answers, pure maths."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.errors import BadInput
from playground.tasks.embeddings.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_text, check_whole, shown

Floats = NDArray[np.float32]
STACKS = ("encoder", "decoder")
Positions = Literal["learned", "sinusoidal", "rotary", "relative bias"]
MOST_NEIGHBOURS = 50


@dataclass(frozen=True)
class Part:
    """What is added up before the first block: `numbers` float32 (tokens, width), or (1, width) where it is the same for all tokens."""

    name: str
    numbers: Floats


@dataclass(frozen=True)
class Embeddings:
    """One text (or two, read one after the other) in one stack of a model. Arrays are read-only; n tokens, s stages, width d.

    `parts` add up to what the first block is given, which `normed` (n, d) then is where the model norms it first, else None.
    `stages` names the places along the way: the embedding, each block's output, the final norm. `norms` float32 (s, n);
    `cosines` float32 (s, n(n+1)/2) is the upper triangle of the tokens' cosines by rows. `together` and `apart` float32
    (s, n, 3): coordinates on the first three principal axes of the vectors scaled to length 1, of all stages at once or of each
    stage alone; `together_shares` (3,) and `apart_shares` (s, 3) are those axes' shares of the variance. `second` is where the
    second text's tokens begin, 0 without one; `cut` how many tokens were left out.
    """

    model: str
    source: str
    stack: str
    positions: Positions
    texts: tuple[str, ...]
    labels: tuple[str, ...]
    special: tuple[bool, ...]
    second: int
    cut: int
    parts: tuple[Part, ...]
    normed: Floats | None
    stages: tuple[str, ...]
    norms: Floats
    cosines: Floats
    together: Floats
    apart: Floats
    together_shares: Floats
    apart_shares: Floats


@dataclass(frozen=True)
class EmbeddingsRequest(Request[Embeddings]):
    """`text`, and `second` beside it if given, through one stack of `model`: "" is its first, and an encoder-decoder's decoder
    reads the model's own translation."""

    text: str
    model: str
    second: str = ""
    stack: str = ""
    room: ClassVar[str] = "embeddings"

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.vector_characters)
        check_text(self.second, "The second text", LIMITS.vector_characters, empty=True)
        if self.stack != "" and self.stack not in STACKS:
            raise BadInput(f"Stack {shown(self.stack)} is not known. Choose one of: {', '.join(STACKS)}; or leave it empty.")


@dataclass(frozen=True)
class Neighbour:
    """A vocabulary entry: `label` is what to show, `cosine` that of its embedding with the token's vector."""

    id: int
    label: str
    cosine: float


@dataclass(frozen=True)
class Neighbours:
    """The vocabulary entries whose embeddings lie nearest, falling by cosine. `rank` of `entries` is the token's own entry's
    place, from 1, `own` its cosine."""

    model: str
    label: str
    stage: str
    nearest: tuple[Neighbour, ...]
    rank: int
    own: float
    entries: int


@dataclass(frozen=True)
class NeighboursRequest(Request[Neighbours]):
    """Of the token `token` of `of` at one of its stages, both counted from 0."""

    of: EmbeddingsRequest
    token: int = 0
    stage: int = 0
    count: int = 10
    room: ClassVar[str] = "embeddings"

    def check(self) -> None:
        self.of.check()
        check_whole(self.token, "Token", 0, 2 * LIMITS.vector_tokens - 1)
        check_whole(self.stage, "Stage", 0, 1_000)
        check_whole(self.count, "The number of neighbours", 1, MOST_NEIGHBOURS)


def unit(vectors: NDArray[np.floating]) -> Floats:
    """Each vector (the last axis) scaled to length 1; a vector of zeros stays."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths == 0, 1, lengths), np.float32)


def cosine_matrix(vectors: NDArray[np.floating]) -> Floats:
    """(n, n) cosines of (n, d) vectors, exactly symmetric, from −1 to 1."""
    scaled = unit(vectors).astype(np.float64)
    made = scaled @ scaled.T
    return np.clip((made + made.T) / 2, -1, 1).astype(np.float32)


def triangle(square: Floats) -> Floats:
    """The upper triangle by rows, diagonal included: n(n+1)/2 numbers."""
    return np.asarray(square[np.triu_indices(len(square))], np.float32)


def square(triangle: NDArray[np.floating]) -> Floats:
    """The symmetric matrix whose upper triangle this is."""
    n = int((np.sqrt(8 * len(triangle) + 1) - 1) / 2)
    made = np.zeros((n, n), np.float32)
    made[np.triu_indices(n)] = triangle
    return made + np.triu(made, 1).T


def principal_axes(vectors: NDArray[np.floating], fitted: NDArray[np.bool_], count: int = 3) -> tuple[Floats, Floats]:
    """(coordinates (n, count), shares (count,)): principal components of the rows that `fitted` marks; all rows are projected.

    From the eigenvectors of the smaller of XᵀX and XXᵀ, which are the singular vectors of the centred X. The sign of each axis
    is such that its largest loading is positive. Axes there are too few rows for are 0.
    """
    some = vectors[fitted].astype(np.float64)
    middle = some.mean(axis=0) if len(some) else np.zeros(vectors.shape[1])
    centred = some - middle
    wide = centred.shape[0] < centred.shape[1]
    values, found = np.linalg.eigh(centred @ centred.T if wide else centred.T @ centred)
    order = np.argsort(-values)[:count]
    strengths, axes = np.maximum(values[order], 0), np.zeros((vectors.shape[1], count))
    kept = strengths > 1e-9 * max(1e-30, float(values.sum()))
    made = centred.T @ found[:, order[kept]] if wide else found[:, order[kept]]
    made = made / np.linalg.norm(made, axis=0)
    axes[:, : made.shape[1]] = made * np.sign(made[np.abs(made).argmax(axis=0), range(made.shape[1])])
    shares = np.zeros(count)
    shares[: len(strengths)] = np.where(kept, strengths, 0) / max(1e-30, float(np.maximum(values, 0).sum()))
    return ((vectors - middle) @ axes).astype(np.float32), shares.astype(np.float32)


def place_of(n: int, i: int, j: int) -> int:
    """Where the cosine of tokens i and j stands in a triangle of n tokens."""
    a, b = min(i, j), max(i, j)
    return a * n - a * (a - 1) // 2 + (b - a)
