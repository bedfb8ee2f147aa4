"""The fake's answers for the room of journey: words as tokens, two blocks of three heads, a vocabulary of the alphabet."""

from typing import Any

import numpy as np

from playground.catalog import find_model
from playground.errors import BadInput
from playground.tasks.journey.journey import Journey, JourneyRequest, Saying, SayingRequest, WordsRequest, triangle
from playground.tasks.journey.limits import LIMITS
from playground.tasks.precision import packed
from playground.tasks.side import Side
from playground.tasks.vocabulary import Words
from tests.fake.words import SOURCE, Rules

BLOCKS, HEADS, WIDTH, LETTERS = 2, 3, 8, "abcdefghijklmnopqrstuvwxyz"


def _frozen(array: Any, kind: Any = np.float32) -> Any:
    made = np.array(array, kind)
    made.setflags(write=False)
    return made


def _journey(request: JourneyRequest) -> Journey:
    card, words = find_model(request.model, "journey"), tuple(request.text.split())
    masked, size = card.family == "decoder", min(len(words), LIMITS.tokens)
    read = words[-size:] if masked else words[:size]
    random = np.random.default_rng(size)
    weights = random.random((BLOCKS, HEADS, size, size), np.float32) * (np.tri(size, dtype=np.float32) if masked else 1)
    codes = packed(weights / weights.sum(-1, keepdims=True))
    cells = codes[:, :, *triangle(size)] if masked else codes.reshape(BLOCKS, HEADS, -1)
    off = {layer for _, layer in request.changes.blocks}
    added = random.random((BLOCKS, 2, size), np.float32) * np.array([layer not in off for layer in range(BLOCKS)])[:, None, None]
    return Journey(
        card.slug, SOURCE, "float32", request.text, "masked" if masked else "self", Side(read, read, (False,) * size), tuple(range(size)),
        HEADS, _frozen(random.standard_normal((size, WIDTH))), _frozen(1 + random.random((BLOCKS + 1, size))), _frozen(added),
        tuple(_frozen(one, np.uint16) for one in cells), _saying(size - 1, len(off)) if masked else None,
        () if masked else (("negative", 0.25), ("positive", 0.75)), len(words) - size,
    )  # fmt: skip


def _saying(position: int, off: int = 0) -> Saying:
    """“a” is third before the first block, second after it and first in the end, by 2 where nothing is off."""
    logits = np.tile(np.linspace(0, -5, len(LETTERS)), (BLOCKS + 1, 1))
    logits[-1, 0] = 2 - off
    logits[0, 0], logits[1, 0] = logits[0, 3] + 0.1, logits[1, 2] + 0.1
    order = np.argsort(-logits, axis=1, kind="stable")
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    words = Words(tuple(range(len(LETTERS))), tuple(LETTERS), (False,) * len(LETTERS))
    ranks = 1 + (logits > logits[:, :1]).sum(1)
    best, chances = _frozen(order, np.int32), _frozen(np.take_along_axis(shares, order, 1))
    return Saying(position, best, chances, _frozen(ranks, np.int32), _frozen(logits[-1]), words)


def _after(request: SayingRequest) -> Saying:
    made = _journey(request.of)
    if request.position >= len(made):
        raise BadInput(f"Token {request.position} is out of range: there are tokens 0 to {len(made) - 1}.")
    return _saying(request.position)


RULES: Rules = {
    JourneyRequest: _journey,
    SayingRequest: _after,
    WordsRequest: lambda request: Words(request.ids, tuple(LETTERS[i % 26] for i in request.ids), (False,) * len(request.ids)),
}
