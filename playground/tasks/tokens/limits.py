"""The stated bounds of tokens: the service enforces them, the page shows them before they are hit."""

from dataclasses import dataclass

from playground.tasks.limits import Limits


@dataclass(frozen=True)
class TokensLimits(Limits):
    """Characters are Unicode code points; tokens are the model's own."""

    tokens_characters: int = 1_000_000
    listed_tokens: int = 20_000
    cutting_characters: int = 500
    contrast_characters: int = 20_000
    decoding_ids: int = 20_000


LIMITS = TokensLimits()
