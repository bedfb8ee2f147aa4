"""The stated bounds of embeddings and blocks: the service enforces them, the page shows them before they are hit."""

from dataclasses import dataclass

from playground.tasks.limits import Limits


@dataclass(frozen=True)
class EmbeddingsLimits(Limits):
    """Characters are Unicode code points; tokens are the model's own."""

    vector_characters: int = 2_000
    sentences: int = 12
    sentence_characters: int = 1_000


LIMITS = EmbeddingsLimits()
