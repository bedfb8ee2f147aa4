"""GPT-2 (Radford et al. 2019): a decoder, pre-norm, learned positions."""

from playground.layouts.layout import ATTENTION, FORWARD, TWO_LAYERS, Layout, Sublayer

LAYOUT = Layout(
    ("decoder",),
    "h", (("token", "wte"), ("position", "wpe")), "", "ln_f", True, "layer norm", TWO_LAYERS, "learned", "wpe",
    (Sublayer(ATTENTION, "ln_1", "attn.c_proj"), Sublayer(FORWARD, "ln_2", "mlp.c_proj", "mlp.c_proj")),
    ("attn.c_attn", "attn.c_proj"),
)  # fmt: skip
