"""Llama (Touvron et al. 2023): a decoder with RMS norm, rotary positions, a gated feed-forward and grouped key/value heads."""

from playground.layouts.layout import ATTENTION, FORWARD, Layout, Sublayer

LAYOUT = Layout(
    ("decoder",),
    "layers", (("token", "embed_tokens"),), "", "norm", True, "RMS norm", "W_down · ({act}(W_gate · x) ⊙ (W_up · x))", "rotary",
    "rotary_emb",
    (Sublayer(ATTENTION, "input_layernorm", "self_attn.o_proj"),
     Sublayer(FORWARD, "post_attention_layernorm", "mlp.down_proj", "mlp.down_proj")),
)  # fmt: skip
