"""The lesson's MultiHeadAttention, run beside torch's and the model's own on the same weights. Request and answer."""

from dataclasses import dataclass
from typing import ClassVar

from playground.tasks.embeddings.embeddings import EmbeddingsRequest, Floats
from playground.tasks.request import Request
from playground.tasks.text import check_whole


@dataclass(frozen=True)
class MultiHead:
    """`code` is the class as it ran. Outputs float32 (tokens, width) of the same input: `ours`, `torch`, and the model's layer, `own`.

    `weights` float32 (heads, tokens, tokens) are ours; rows sum to 1. The differences are the largest of any number.
    """

    model: str
    layer: int
    layers: int
    labels: tuple[str, ...]
    heads: int
    width: int
    code: str
    ours: Floats
    torch: Floats
    own: Floats
    weights: Floats
    to_torch: float
    to_own: float
    to_torch_weights: float


@dataclass(frozen=True)
class MultiHeadRequest(Request[MultiHead]):
    """With the weights of self-attention layer `layer` of the model of `of`, on the vectors that layer is given for the text."""

    of: EmbeddingsRequest
    layer: int = 0
    room: ClassVar[str] = "embeddings"

    def check(self) -> None:
        self.of.check()
        check_whole(self.layer, "Layer", 0, 1_000)
