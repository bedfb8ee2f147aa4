"""Attention: one forward with the tap open, and the tokens on each axis. The weights stay here, by kind and layer."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.forward import body_of, by_kind, changes_of, side_of
from playground.engine.models import Loaded
from playground.engine.qa_format import reading_of
from playground.engine.reading_in import shortened, target_in, without
from playground.engine.source_texts import encoded, source_of
from playground.engine.tap import open_tap
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.attention.attention import Attention, AttentionRequest, AttentionShape
from playground.tasks.changes import Changes
from playground.tasks.limits import LIMITS
from playground.tasks.precision import packed
from playground.tasks.side import Side

T = TypeVar("T")


@dataclass(frozen=True)
class Run:
    """`layers[kind][i]`: uint16 (heads, queries, keys) of layer i, read-only, in the codes of tasks/precision.py."""

    answer: Attention
    layers: dict[str, tuple[NDArray[np.uint16], ...]]

    @property
    def bytes(self) -> int:
        return sum(layer.nbytes for layers in self.layers.values() for layer in layers)


def attend(loaded: Loaded, requests: list[AttentionRequest], watch: Watch) -> list[Run]:
    """One run a request, in order. Texts over LIMITS.attention_tokens are cut, and the answer says by how much."""
    return [_attend(loaded, request, watch) for request in requests]


@dataclass(frozen=True)
class Reading:
    """What the model is given, the decoder's text ("" without a decoder), and (queries, keys) of each kind of attention.

    `second` is where the second text of a pair begins, `cut` how many tokens were left out, `target_cut` how many of the target.
    """

    inputs: dict[str, torch.Tensor]
    target: str
    sides: dict[str, tuple[Side, Side]]
    changes: Changes = Changes()
    second: int = 0
    cut: int = 0
    target_cut: int = 0


def _attend(loaded: Loaded, request: AttentionRequest, watch: Watch) -> Run:
    watch.check()
    reading = read_inputs(loaded, request)
    with open_tap(lambda weights: packed(weights[0].cpu().numpy())) as tap:
        run_forward(loaded, reading)
    for weights in tap.weights:
        weights.setflags(write=False)
    layers = by_kind(loaded, tap.weights)
    shapes = tuple(AttentionShape(kind, len(some), some[0].shape[0], *reading.sides[kind], reading.second) for kind, some in layers.items())
    return Run(Attention(loaded.card.slug, loaded.source, request.text, reading.target, shapes, reading.cut, reading.target_cut), layers)


def read_inputs(loaded: Loaded, request: AttentionRequest) -> Reading:
    """The text, and for a decoder beside an encoder its target or the model's own translation, as token ids and labels."""
    source = source_of(loaded, request.text)
    text = source.text
    read, cut = shortened(loaded, encoded(loaded, source), LIMITS.attention_tokens)
    side, ids, second, types = side_of(loaded, text, read), read.ids, 0, None
    if request.pair:
        side, ids, second, types, cut = _paired(loaded, text, request.pair)
    inputs = {"input_ids": torch.tensor(ids[None].astype(np.int64), device=loaded.device)}
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    if types is not None:
        inputs["token_type_ids"] = torch.tensor(types[None].astype(np.int64), device=loaded.device)
    if request.changes.hidden and max(request.changes.hidden) >= len(side):
        raise BadInput(f"Token {max(request.changes.hidden)} cannot be hidden: there are tokens 0 to {len(side) - 1}.")
    if len(set(request.changes.hidden)) >= len(side):
        raise BadInput("Not all tokens can be hidden: at least one must be left to look at.")
    if not loaded.face.has_cross:
        return Reading(inputs, "", {"self": (side, side), "masked": (side, side)}, request.changes, second, cut)
    with changes_of(loaded, request.changes):
        target, written, decoded, lost = target_in(loaded, source, inputs, LIMITS.attention_tokens, request.target)
    inputs["decoder_input_ids"] = torch.tensor([decoded], device=loaded.device)
    queries = _shifted(side_of(loaded, target, written))
    sides = {"self": (side, side), "masked": (queries, queries), "cross": (queries, side)}
    return Reading(inputs, target, sides, request.changes, 0, cut, lost)


def _paired(loaded: Loaded, text: str, pair: str) -> tuple[Side, NDArray[np.int32], int, NDArray[np.int32] | None, int]:
    """(tokens, ids, first token of the second text, segment of each token or None, tokens left out); the longer text is cut first."""
    if loaded.face.stacks != ("encoder",):
        raise BadInput(f"{loaded.card.name} reads one text. Empty the second text, or choose an encoder such as minilm-l6.")
    most = min(LIMITS.attention_tokens, loaded.window)
    one, two = loaded.codec.encode(text), loaded.codec.encode(pair)
    over = max(0, len(one.ids) + len(two.ids) - 1 - most)
    longer = max(len(one.ids), len(two.ids)), min(len(one.ids), len(two.ids))
    first = min(over, longer[0] - longer[1]) + max(0, over - (longer[0] - longer[1]) + 1) // 2
    cuts = (first, over - first) if len(one.ids) >= len(two.ids) else (over - first, first)
    one, two = (without(read, cut) for read, cut in zip((one, two), cuts, strict=True))
    a, b = side_of(loaded, text, one), side_of(loaded, pair, two)
    side = Side(a.labels + b.labels[1:], a.pieces + b.pieces[1:], a.special + b.special[1:])
    types = np.array([0] * len(a) + [1] * (len(b) - 1), np.int32)
    typed = loaded.face.types and reading_of(loaded).token_types
    return side, np.concatenate([one.ids, two.ids[1:]]), len(a), types if typed else None, over


def run_forward(loaded: Loaded, reading: Reading) -> None:
    """For what a tap sees of it."""
    with changes_of(loaded, reading.changes), torch.inference_mode():
        body_of(loaded)(**reading.inputs, **loaded.face.uncached)


def _shifted(side: Side) -> Side:
    """The decoder's axis: its start token, then every token but the last."""
    return Side(("⟨start⟩", *side.labels[:-1]), ("⟨start⟩", *side.pieces[:-1]), (True, *side.special[:-1]))
