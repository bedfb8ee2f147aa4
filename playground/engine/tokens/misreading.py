"""Reads ids with a tokenizer that did not make them. Needs no model weights."""

from playground.catalog import ModelCard
from playground.engine.codec import Codec
from playground.engine.watch import Watch
from playground.tasks.tokens.misreading import Misreading, MisreadingRequest


def misread(card: ModelCard, codec: Codec, requests: list[MisreadingRequest], watch: Watch) -> list[Misreading]:
    """One answer a request, in order."""
    answers = []
    for request in requests:
        watch.check()
        pieces = tuple(codec.piece_of(id_) for id_ in request.ids)
        known = [id_ for id_, piece in zip(request.ids, pieces, strict=True) if piece is not None]
        answers.append(Misreading(card.slug, request.ids, pieces, codec.decode(known), codec.size))
    return answers
