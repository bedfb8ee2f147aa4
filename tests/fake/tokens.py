"""The fake's answers for the room of tokens. Words are tokens; letters merge in pairs by a small made-up table."""

import numpy as np

from playground.catalog import find_model
from playground.tasks.tokens.bpe import MergeTables
from playground.tasks.tokens.budget import Budget, BudgetRequest
from playground.tasks.tokens.misreading import Misreading, MisreadingRequest
from playground.tasks.tokens.segmentation import Cutting, CuttingRequest, Segment, cut_words
from playground.tasks.tokens.tokens import Tokens, TokensRequest
from tests.fake.words import Rules, places_of


def _tokens(request: TokensRequest) -> Tokens:
    words, (starts, ends) = tuple(request.text.split()), places_of(request.text)
    ids, special = np.arange(len(words), dtype=np.int32), np.zeros(len(words), bool)
    card = find_model(request.tokenizer, "tokens")
    return Tokens(request.text, card.slug, card.scheme, words, ids, starts, ends, special, card.window)


def _cutting(request: CuttingRequest) -> Cutting:
    """Letters merged in pairs by a small made-up table; no special tokens."""
    words, letters = tuple(request.text.split()), sorted({*request.text, "ab", "cd", "abcd"})
    tables = MergeTables({piece: i for i, piece in enumerate(letters)}, {("a", "b"): 0, ("c", "d"): 1, ("ab", "cd"): 2})
    card, made = find_model(request.tokenizer, "tokens"), cut_words((Segment(request.text, request.text, words),), tables)
    pieces, ids = (tuple(x for word in made for x in getattr(word, name)) for name in ("pieces", "ids"))
    segments = (Segment(request.text, request.text, words),)
    return Cutting(request.text, card.slug, card.scheme, request.text, segments, made, pieces, ids, (False,) * len(ids), True)


def _budget(request: BudgetRequest) -> Budget:
    card, text = find_model(request.tokenizer, "tokens"), request.text
    return Budget(card.slug, len(text.split()), 0, len(text), len(text.encode()), card.window, 0.0)


def _misreading(request: MisreadingRequest) -> Misreading:
    pieces = tuple(f"word{i}" if i < 1000 else None for i in request.ids)
    return Misreading(request.tokenizer, request.ids, pieces, " ".join(piece or "" for piece in pieces), 1000)


RULES: Rules = {
    TokensRequest: _tokens,
    CuttingRequest: _cutting,
    BudgetRequest: _budget,
    MisreadingRequest: _misreading,
}
