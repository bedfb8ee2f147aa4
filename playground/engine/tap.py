"""Attention on demand from one copy of the weights: fused attention while no tap is open, weights handed out while one is.

Registers one attention function with transformers. Eager path as in transformers' own `eager_attention_forward` (Vaswani et
al. 2017, eq. 1: softmax(QKᵀ/√d + mask)·V), so tapped weights equal `output_attentions` (tests/engine/test_tap.py).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import torch
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import repeat_kv, sdpa_attention_forward
from transformers.masking_utils import eager_mask, sdpa_mask

from playground.engine.changes import change_of, changing, hidden_mask
from playground.engine.watch import check_current

IMPLEMENTATION = "playground"
_OPEN: ContextVar["Tap | None"] = ContextVar("tap", default=None)


@dataclass(frozen=True)
class Call:
    """What one attention layer was given: query, key and value (batch, heads, tokens, d), keys and values already repeated."""

    module: torch.nn.Module
    query: torch.Tensor
    key: torch.Tensor
    value: torch.Tensor
    scale: float
    bias: torch.Tensor | None
    mask: torch.Tensor | None


class Tap:
    """Collects what each attention layer computed, in call order: encoder layers, then self and cross for each decoder layer.

    `weights[i]`: what `keep` makes of a float32 tensor (batch, heads, queries, keys) on the model's device; rows sum to 1.
    `call`: what the layer whose place in that order is `wanted` was given; no other layer's is kept.
    """

    def __init__(self, keep: Callable[[torch.Tensor], Any] = lambda weights: weights, wanted: int | None = None) -> None:
        self.weights: list[Any] = []
        self.call: Call | None = None
        self.modules: list[torch.nn.Module] = []
        self._keep, self._wanted = keep, wanted

    def take(self, weights: torch.Tensor, call: Call) -> None:
        if len(self.weights) == self._wanted:
            self.call = call
        self.modules.append(call.module)
        self.weights.append(self._keep(weights.float()))


@contextmanager
def open_tap(keep: Callable[[torch.Tensor], Any] = lambda weights: weights, wanted: int | None = None) -> Iterator[Tap]:
    """Open around a forward, inside the thread that runs it and never across a `yield` of that thread's caller."""
    tap = Tap(keep, wanted)
    token = _OPEN.set(tap)
    try:
        yield tap
    finally:
        _OPEN.reset(token)


def _attend(
    module: torch.nn.Module, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, attention_mask: torch.Tensor | None, **more: Any
) -> tuple[torch.Tensor, torch.Tensor | None]:
    """query (batch, heads, queries, d), key and value (batch, key heads, keys, d) -> output (batch, queries, heads, d)."""
    check_current()
    tap, change = _OPEN.get(), change_of(module)
    if tap is None and change is None:
        return sdpa_attention_forward(module, query, key, value, attention_mask, **more)
    groups = getattr(module, "num_key_value_groups", 1)
    key, value = repeat_kv(key, groups), repeat_kv(value, groups)
    scale = query.size(-1) ** -0.5 if more.get("scaling") is None else more["scaling"]
    bias, mask = more.get("position_bias"), None if attention_mask is None else attention_mask[:, :, :, : key.shape[-2]]
    if change is not None and (hidden := hidden_mask(change, query.shape[2], key.shape[2], query)) is not None:
        mask = hidden[None, None] if mask is None else torch.minimum(mask, hidden)
    scores = torch.matmul(query, key.transpose(2, 3)) * scale
    if bias is not None:
        scores = scores + bias
    if mask is not None:
        scores = scores + mask
    weights = torch.softmax(scores, dim=-1, dtype=torch.float32).to(query.dtype)
    if tap is not None:
        tap.take(weights, Call(module, query, key, value, scale, bias, mask))
    output = torch.matmul(weights, value)
    if change is not None and change.heads:
        output[:, list(change.heads)] = 0
    return output.transpose(1, 2).contiguous(), weights


def _mask(*args: Any, **options: Any) -> torch.Tensor | None:
    """The additive mask the eager path needs while a tap is open, else the one fused attention wants."""
    return eager_mask(*args, **options) if _OPEN.get() is not None or changing() else sdpa_mask(*args, **options)


AttentionInterface.register(IMPLEMENTATION, _attend)
AttentionMaskInterface.register(IMPLEMENTATION, _mask)
