"""One block of a model, opened: what attention and feed-forward add to a token's vector. Requests, answers and pure maths."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from playground.tasks.embeddings.embeddings import EmbeddingsRequest, Floats
from playground.tasks.request import Request
from playground.tasks.text import check_whole

Kind = Literal["stream", "norm", "added"]
MOST_NEURONS = 50


@dataclass(frozen=True)
class Stage:
    """One vector on the way through the block. `kind`: the residual "stream", a "norm" of it, or what is "added" to it.

    `vector` float32 (width,) is the chosen token's, `norms` (tokens,) every token's length.
    """

    name: str
    kind: Kind
    vector: Floats
    norms: Floats


@dataclass(frozen=True)
class Neuron:
    """A number between the feed-forward's two projections. `activation` for the chosen token, `added` the length of what it adds to
    the stream, `along` float32 (tokens,) its activation for every token, `promotes` the vocabulary entries whose embeddings its
    output points to (after Geva et al. 2021), turned round where the activation is below 0."""

    number: int
    activation: float
    added: float
    along: Floats
    promotes: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """Layer `layer` of `layers` for the token `token` of n. `stages` in order; the parts add up (see `sums`).

    `norm_first`: pre-norm (each sub-layer reads a normed copy of the stream) or post-norm (the sum is normed). `neurons` are those
    that add most, of `width`; `firing` is the share of all with an activation above 0. `sublayers` names the columns of `flow`
    float32 (layers, sublayers): the length of what each adds for this token; `stream` (layers + 1,): the length of its vector before
    the first block and after each.
    """

    model: str
    stack: str
    layer: int
    layers: int
    token: int
    labels: tuple[str, ...]
    special: tuple[bool, ...]
    norm_first: bool
    norm: str
    feed_forward: str
    stages: tuple[Stage, ...]
    neurons: tuple[Neuron, ...]
    width: int
    firing: float
    sublayers: tuple[str, ...]
    flow: Floats
    stream: Floats


@dataclass(frozen=True)
class BlockRequest(Request[Block]):
    """Block `layer` for the token `token` of the text `of`; both count from 0."""

    of: EmbeddingsRequest
    layer: int = 0
    token: int = 0
    neurons: int = 8
    room: ClassVar[str] = "embeddings"

    def check(self) -> None:
        self.of.check()
        check_whole(self.layer, "Layer", 0, 1_000)
        check_whole(self.token, "Token", 0, 10_000)
        check_whole(self.neurons, "The number of neurons", 1, MOST_NEURONS)
