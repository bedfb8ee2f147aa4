"""Attention: one forward with the tap open, and the tokens on each axis. The weights stay here, by kind and layer."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.codec import Encoded, MarianCodec
from playground.engine.decoding import search
from playground.engine.models import Loaded
from playground.engine.tap import open_tap
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.attention import Attention, AttentionRequest, AttentionShape, Side
from playground.tasks.limits import LIMITS
from playground.tasks.precision import packed
from playground.tasks.tokens import Tokens, piece_bytes, shares_character

T = TypeVar("T")


@dataclass(frozen=True)
class Run:
    """`layers[kind][i]`: uint16 (heads, queries, keys) of layer i, read-only, in steps of 1/65535 (tasks/precision.py)."""

    answer: Attention
    layers: dict[str, tuple[NDArray[np.uint16], ...]]

    @property
    def bytes(self) -> int:
        return sum(layer.nbytes for layers in self.layers.values() for layer in layers)


def attend(loaded: Loaded, requests: list[AttentionRequest], watch: Watch) -> list[Run]:
    """One run a request, in order. Raises BadInput with the numbers where a text is over LIMITS.attention_tokens."""
    return [_attend(loaded, request, watch) for request in requests]


@dataclass(frozen=True)
class Reading:
    """What the model is given, the decoder's text ("" without a decoder), and (queries, keys) of each kind of attention."""

    inputs: dict[str, torch.Tensor]
    target: str
    sides: dict[str, tuple[Side, Side]]


def _attend(loaded: Loaded, request: AttentionRequest, watch: Watch) -> Run:
    watch.check()
    reading = read_inputs(loaded, request)
    with open_tap(lambda weights: packed(weights[0].cpu().numpy())) as tap:
        run_forward(loaded, reading)
    for weights in tap.weights:
        weights.setflags(write=False)
    layers = by_kind(loaded, tap.weights)
    shapes = tuple(AttentionShape(kind, len(some), some[0].shape[0], *reading.sides[kind]) for kind, some in layers.items())
    return Run(Attention(loaded.card.slug, loaded.source, request.text, reading.target, shapes), layers)


def read_inputs(loaded: Loaded, request: AttentionRequest) -> Reading:
    """The text, and for a decoder beside an encoder its target or the model's own translation, as token ids and labels."""
    text = loaded.card.prefix + request.text
    read = loaded.codec.encode(text)
    _check_length(loaded, read, "The text")
    inputs = {"input_ids": torch.tensor(read.ids[None].astype(np.int64), device=loaded.device)}
    inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
    keys = _side(loaded, text, read)
    if loaded.card.family != "encoder-decoder":
        return Reading(inputs, "", {"self": (keys, keys), "masked": (keys, keys)})
    target, written, ids = _target(loaded, request, inputs)
    inputs["decoder_input_ids"] = torch.tensor([ids], device=loaded.device)
    queries = _shifted(_side(loaded, target, written))
    return Reading(inputs, target, {"self": (keys, keys), "masked": (queries, queries), "cross": (queries, keys)})


def run_forward(loaded: Loaded, reading: Reading) -> None:
    """For what a tap sees of it."""
    with torch.inference_mode():
        body_of(loaded)(**reading.inputs, **({"use_cache": False} if loaded.card.family != "encoder" else {}))


def body_of(loaded: Loaded) -> torch.nn.Module:
    """The model without its head: the weights are the same and the vocabulary projection is saved."""
    body = getattr(loaded.model, loaded.model.base_model_prefix, None)
    return body if isinstance(body, torch.nn.Module) else loaded.model


def by_kind(loaded: Loaded, taken: list[T]) -> dict[str, tuple[T, ...]]:
    """Calls come in layer order: encoder layers, then self and cross in turn for each decoder layer (design.md §3)."""
    if loaded.card.family != "encoder-decoder":
        return {"self" if loaded.card.family == "encoder" else "masked": tuple(taken)}
    config = loaded.model.config
    first = getattr(config, "encoder_layers", None) or config.num_layers
    return {"self": tuple(taken[:first]), "masked": tuple(taken[first::2]), "cross": tuple(taken[first + 1 :: 2])}


def _target(loaded: Loaded, request: AttentionRequest, inputs: dict[str, torch.Tensor]) -> tuple[str, Encoded, list[int]]:
    """(text, its tokens, decoder input ids): the decoder reads its target one step behind, after the start token."""
    target = request.target
    if not target:
        found = search(loaded.model, inputs, 4, min(loaded.window - 1, 2 * inputs["input_ids"].shape[1] + 20))
        target = loaded.codec.decode(found[0][0]) or " "
    codec = loaded.codec
    made = codec.encode(target, target=True) if isinstance(codec, MarianCodec) else codec.encode(target)
    _check_length(loaded, made, "The target text")
    return target, made, [int(loaded.model.config.decoder_start_token_id), *made.ids[:-1].tolist()]


def _check_length(loaded: Loaded, read: Encoded, name: str) -> None:
    most = min(LIMITS.attention_tokens, loaded.window)
    if not len(read.ids):
        raise BadInput(f"{name} holds nothing this model's tokenizer can read. Use letters, digits or punctuation.")
    if len(read.ids) > most:
        raise BadInput(f"{name} is {len(read.ids):,} tokens long; attention is shown for up to {most:,} tokens. Shorten it.")


def _side(loaded: Loaded, text: str, read: Encoded) -> Side:
    """Surface text of each token; a piece that is only part of a character shows its bytes."""
    tokens = Tokens(text, loaded.card.slug, loaded.card.scheme, read.pieces, read.ids, read.starts, read.ends, read.special, loaded.window)
    shared = shares_character(tokens)
    labels = []
    for i, piece in enumerate(read.pieces):
        raw = piece_bytes(piece, loaded.card.scheme) if shared[i] and not read.special[i] else None
        surface = text[read.starts[i] : read.ends[i]]
        labels.append(f"⟨{raw.hex(' ').upper()}⟩" if raw else piece if read.special[i] or not surface else surface)
    return Side(tuple(labels), read.pieces, tuple(bool(s) for s in read.special))


def _shifted(side: Side) -> Side:
    """The decoder's axis: its start token, then every token but the last."""
    return Side(("⟨start⟩", *side.labels[:-1]), ("⟨start⟩", *side.pieces[:-1]), (True, *side.special[:-1]))
