"""Tokens: runs a codec over texts, long ones part by part. Needs no model weights."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.catalog import ModelCard
from playground.engine.chunks import parted
from playground.engine.codec import Codec, Encoded, MarianCodec
from playground.engine.watch import Watch
from playground.tasks.request import Progress
from playground.tasks.tokens.tokens import Tokens, TokensRequest


def tokenize(card: ModelCard, codec: Codec, requests: list[TokensRequest], watch: Watch) -> list[Tokens]:
    """One answer a request, in order."""
    answers = []
    for request in requests:
        watch.check()
        made = _encode(card, codec, request, watch)
        typed = tuple(sorted(codec.controls.intersection(made.pieces)))
        controls = tuple(name for name in typed if name in request.text)
        answers.append(
            Tokens(
                request.text, card.slug, card.scheme, made.pieces, made.ids, made.starts, made.ends, made.special, card.window,
                controls, codec.spelled(request.text),
            )
        )  # fmt: skip
    return answers


def _encode(card: ModelCard, codec: Codec, request: TokensRequest, watch: Watch) -> Encoded:
    parts = parted(request.text)
    if len(parts) == 1:
        return codec.encode(request.text, request.special)
    made: list[Encoded] = []
    at = 0
    known: dict[str, str] = {}
    for part in parts:
        watch.report(Progress("running", f"{card.name}’s tokenizer is at work", at, len(request.text)))
        one = codec.encode(part, special=False)
        pieces = tuple(known.setdefault(piece, piece) for piece in one.pieces)  # one string each, not one a token
        starts, ends = one.starts + np.int32(at), one.ends + np.int32(at)
        if at and isinstance(codec, MarianCodec) and len(starts):
            # sentencepiece drops a space in front of a text, and gives one inside it to the word
            starts[0], ends[0] = at, at + 1 if pieces[0] == "▁" else ends[0]
        made.append(Encoded(one.ids, pieces, starts, ends, one.special))
        at += len(part)
    return _joined(made, codec.encode("a") if request.special else None)


def _joined(parts: list[Encoded], around: Encoded | None) -> Encoded:
    """The parts as one; `around` is any short text with its special tokens, which go in front and behind."""
    ids, starts, ends, special = (_rows(parts, name) for name in ("ids", "starts", "ends", "special"))
    pieces = tuple(piece for part in parts for piece in part.pieces)
    if around is not None:
        own = np.flatnonzero(~around.special)
        front, back = int(own[0]), int(own[-1]) + 1
        behind = len(around.ids) - back
        ids = np.concatenate([around.ids[:front], ids, around.ids[back:]])
        last = ends[-1:] if len(ends) else np.zeros(1, np.int32)
        starts, ends = (np.concatenate([np.zeros(front, np.int32), row, np.repeat(last, behind)]) for row in (starts, ends))
        special = np.concatenate([around.special[:front], special, around.special[back:]])
        pieces = (*around.pieces[:front], *pieces, *around.pieces[back:])
    for array in (ids, starts, ends, special):
        array.setflags(write=False)
    return Encoded(ids, pieces, starts, ends, special)


def _rows(parts: list[Encoded], name: str) -> NDArray[Any]:
    return np.concatenate([getattr(part, name) for part in parts])
