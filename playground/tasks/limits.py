"""The stated bounds that more than one room keeps; each room's own stand in its folder, on top of these. The service enforces them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Characters are Unicode code points; tokens are the model's own."""

    file_bytes: int = 4_000_000
    attention_characters: int = 5_000
    attention_tokens: int = 512
    beams: int = 8
    sentiment_characters: int = 5_000
    vector_tokens: int = 96


LIMITS = Limits()
