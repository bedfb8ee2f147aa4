"""Where the parts of a block lie in each family's modules, by the names transformers gives them. A new family is one line.

Knows no weights: paths only.
"""

from dataclasses import dataclass

from playground.errors import BadInput


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
    """Paths inside the stack: its `blocks`, the embedding modules whose outputs are added up as (name, path), the norm right after
    them and the one after the last block ("" for none). `silenced` is the module without which the model has no positions.
    `projections`, inside a block: query, key, value and output of its self-attention, one path for three in one; none where the
    attention is more than the plain formula."""

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

LAYOUTS: dict[str, Layout] = {
    "bert": Layout(
        "encoder.layer",
        (("token", "embeddings.word_embeddings"), ("position", "embeddings.position_embeddings"),
         ("segment", "embeddings.token_type_embeddings")),
        "embeddings.LayerNorm", "", False, "layer norm", TWO_LAYERS, "learned", "embeddings.position_embeddings",
        (Sublayer(ATTENTION, "attention.output.LayerNorm", "attention.output.dense"),
         Sublayer(FORWARD, "output.LayerNorm", "output.dense", "output.dense")),
        ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"),
    ),
    "distilbert": Layout(
        "transformer.layer",
        (("token", "embeddings.word_embeddings"), ("position", "embeddings.position_embeddings")),
        "embeddings.LayerNorm", "", False, "layer norm", TWO_LAYERS, "learned", "embeddings.position_embeddings",
        (Sublayer(ATTENTION, "sa_layer_norm", "attention.out_lin"), Sublayer(FORWARD, "output_layer_norm", "ffn.lin2", "ffn.lin2")),
        ("attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin"),
    ),
    "gpt2": Layout(
        "h", (("token", "wte"), ("position", "wpe")), "", "ln_f", True, "layer norm", TWO_LAYERS, "learned", "wpe",
        (Sublayer(ATTENTION, "ln_1", "attn.c_proj"), Sublayer(FORWARD, "ln_2", "mlp.c_proj", "mlp.c_proj")),
        ("attn.c_attn", "attn.c_proj"),
    ),
    "llama": Layout(
        "layers", (("token", "embed_tokens"),), "", "norm", True, "RMS norm", "W_down · ({act}(W_gate · x) ⊙ (W_up · x))", "rotary",
        "rotary_emb",
        (Sublayer(ATTENTION, "input_layernorm", "self_attn.o_proj"),
         Sublayer(FORWARD, "post_attention_layernorm", "mlp.down_proj", "mlp.down_proj")),
    ),
    "marian": Layout(
        "layers", (("token", "embed_tokens"), ("position", "embed_positions")), "", "", False, "layer norm", TWO_LAYERS, "sinusoidal",
        "embed_positions",
        (Sublayer(ATTENTION, "self_attn_layer_norm", "self_attn.out_proj"),
         Sublayer(CROSS, "encoder_attn_layer_norm", "encoder_attn.out_proj"),
         Sublayer(FORWARD, "final_layer_norm", "fc2", "fc2")),
        ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj"),
    ),
    "t5": Layout(
        "block", (("token", "embed_tokens"),), "", "final_layer_norm", True, "RMS norm", "W₂ · {act}(W₁ · x)", "relative bias",
        "block.0.layer.0.SelfAttention.relative_attention_bias",
        (Sublayer(ATTENTION, "layer.0.layer_norm", "layer.0.SelfAttention.o"),
         Sublayer(CROSS, "layer.1.layer_norm", "layer.1.EncDecAttention.o"),
         Sublayer(FORWARD, "layer.-1.layer_norm", "layer.-1.DenseReluDense.wo", "layer.-1.DenseReluDense.wo")),
    ),
}  # fmt: skip


def layout_of(kind: str, name: str) -> Layout:
    """The layout of a transformers `model_type`. Raises BadInput for a family that is not written down here."""
    if kind not in LAYOUTS:
        raise BadInput(f"{name} is of the family {kind}, whose blocks are not written down here. Known: {', '.join(LAYOUTS)}.")
    return LAYOUTS[kind]
