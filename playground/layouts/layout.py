"""What a family says of itself: where the parts of a block lie in its modules, by the names transformers gives them. Paths only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sublayer:
    """`norm` before it (pre-norm) or after its sum (post-norm); the output of `out` is what is added; the input of `neurons`, if
    named, are the feed-forward's neurons. All are paths inside the block."""

    kind: str
    norm: str
    out: str
    neurons: str = ""


@dataclass(frozen=True)
class Layout:
    """`stacks`: which the model has, of "encoder" and "decoder". The others are paths inside a stack: its `blocks`, the embedding
    modules whose outputs are added up as (name, path), the norm right after them and the one after the last block ("" for none).
    `silenced` is the module without which the model has no positions. `projections`, inside a block: query, key, value and output of
    its self-attention, one path for three in one; none where the attention is more than the plain formula."""

    stacks: tuple[str, ...]
    blocks: str
    parts: tuple[tuple[str, str], ...]
    embedding_norm: str
    final_norm: str
    norm_first: bool
    norm: str
    feed_forward: str
    positions: str
    silenced: str
    sublayers: tuple[Sublayer, ...]
    projections: tuple[str, ...] = ()


ATTENTION, CROSS, FORWARD = "self-attention", "cross-attention", "feed-forward"
TWO_LAYERS = "W₂ · {act}(W₁ · x + b₁) + b₂"
