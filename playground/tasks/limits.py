"""The stated bounds of every input. The service enforces them; the page shows them before they are hit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Characters are Unicode code points; tokens are the model's own."""

    tokens_characters: int = 1_000_000
    listed_tokens: int = 20_000
    cutting_characters: int = 500
    contrast_characters: int = 20_000
    decoding_ids: int = 20_000
    file_bytes: int = 4_000_000
    attention_characters: int = 5_000
    attention_tokens: int = 512
    prompt_characters: int = 50_000
    new_tokens: int = 1_024
    pace_characters: int = 4_000
    pace_tokens: int = 64
    lens_characters: int = 4_000
    lens_tokens: int = 512
    beams: int = 8
    searched_tokens: int = 16_384
    sentiment_characters: int = 5_000
    sentiment_lines: int = 200
    attribution_tokens: int = 256
    file_lines: int = 10_000
    table_bytes: int = 8_000_000
    question_characters: int = 500
    translation_characters: int = 20_000
    context_characters: int = 100_000
    questions: int = 20
    many_characters: int = 500_000
    candidates: int = 10
    passage_characters: int = 5_000
    begin_characters: int = 500
    begin_tokens: int = 512
    explained_tokens: int = 128
    written_tokens: int = 4_096
    read_tokens: int = 2_048
    beam_tokens: int = 40
    branches: int = 30
    vector_characters: int = 2_000
    vector_tokens: int = 96
    sentences: int = 12
    sentence_characters: int = 1_000
    hosted_characters: int = 4_000
    hosted_tokens: int = 512


LIMITS = Limits()
