"""Tokens: runs a codec over texts. Needs no model weights."""

from playground.catalog import ModelCard
from playground.engine.codec import Codec
from playground.engine.watch import Watch
from playground.tasks.tokens import Tokens, TokensRequest


def tokenize(card: ModelCard, codec: Codec, requests: list[TokensRequest], watch: Watch) -> list[Tokens]:
    """One answer a request, in order."""
    answers = []
    for request in requests:
        watch.check()
        made = codec.encode(request.text, request.special)
        answers.append(
            Tokens(request.text, card.slug, card.scheme, made.pieces, made.ids, made.starts, made.ends, made.special, card.window)
        )
    return answers
