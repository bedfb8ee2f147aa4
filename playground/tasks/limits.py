"""The stated bounds of every input. The service enforces them; the page shows them before they are hit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Characters are Unicode code points; tokens are the model's own."""

    tokens_characters: int = 200_000
    attention_characters: int = 5_000
    attention_tokens: int = 512
    prompt_characters: int = 50_000
    new_tokens: int = 1_024
    pace_characters: int = 4_000
    pace_tokens: int = 64
    lens_characters: int = 4_000
    lens_tokens: int = 512
    beams: int = 8
    sentiment_characters: int = 5_000
    sentiment_lines: int = 200
    question_characters: int = 500
    context_characters: int = 20_000
    translation_characters: int = 5_000
    candidates: int = 10


LIMITS = Limits()
