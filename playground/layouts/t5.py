"""T5 (Raffel et al. 2020): an encoder and a decoder, RMS norm, positions as a bias on the scores."""

from playground.layouts.layout import ATTENTION, CROSS, FORWARD, Layout, Sublayer

LAYOUT = Layout(
    ("encoder", "decoder"),
    "block", (("token", "embed_tokens"),), "", "final_layer_norm", True, "RMS norm", "W₂ · {act}(W₁ · x)", "relative bias",
    "block.0.layer.0.SelfAttention.relative_attention_bias",
    (Sublayer(ATTENTION, "layer.0.layer_norm", "layer.0.SelfAttention.o"),
     Sublayer(CROSS, "layer.1.layer_norm", "layer.1.EncDecAttention.o"),
     Sublayer(FORWARD, "layer.-1.layer_norm", "layer.-1.DenseReluDense.wo", "layer.-1.DenseReluDense.wo")),
)  # fmt: skip
