"""Marian (Junczys-Dowmunt et al. 2018): an encoder and a decoder, post-norm, sinusoidal positions."""

from playground.layouts.layout import ATTENTION, CROSS, FORWARD, TWO_LAYERS, Layout, Sublayer

LAYOUT = Layout(
    ("encoder", "decoder"),
    "layers", (("token", "embed_tokens"), ("position", "embed_positions")), "", "", False, "layer norm", TWO_LAYERS, "sinusoidal",
    "embed_positions",
    (Sublayer(ATTENTION, "self_attn_layer_norm", "self_attn.out_proj"),
     Sublayer(CROSS, "encoder_attn_layer_norm", "encoder_attn.out_proj"),
     Sublayer(FORWARD, "final_layer_norm", "fc2", "fc2")),
    ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj"),
)  # fmt: skip
