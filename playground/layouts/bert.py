"""BERT (Devlin et al. 2018): an encoder, post-norm, learned positions."""

from playground.layouts.layout import ATTENTION, FORWARD, TWO_LAYERS, Layout, Sublayer

LAYOUT = Layout(
    ("encoder",),
    "encoder.layer",
    (("token", "embeddings.word_embeddings"), ("position", "embeddings.position_embeddings"),
     ("segment", "embeddings.token_type_embeddings")),
    "embeddings.LayerNorm", "", False, "layer norm", TWO_LAYERS, "learned", "embeddings.position_embeddings",
    (Sublayer(ATTENTION, "attention.output.LayerNorm", "attention.output.dense"),
     Sublayer(FORWARD, "output.LayerNorm", "output.dense", "output.dense")),
    ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"),
)  # fmt: skip
