"""DistilBERT (Sanh et al. 2019): BERT with half of the layers and no segments."""

from playground.layouts.layout import ATTENTION, FORWARD, TWO_LAYERS, Layout, Sublayer

LAYOUT = Layout(
    ("encoder",),
    "transformer.layer",
    (("token", "embeddings.word_embeddings"), ("position", "embeddings.position_embeddings")),
    "embeddings.LayerNorm", "", False, "layer norm", TWO_LAYERS, "learned", "embeddings.position_embeddings",
    (Sublayer(ATTENTION, "sa_layer_norm", "attention.out_lin"), Sublayer(FORWARD, "output_layer_norm", "ffn.lin2", "ffn.lin2")),
    ("attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin"),
)  # fmt: skip
