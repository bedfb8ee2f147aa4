"""The stated bounds of generation: the service enforces them, the page shows them before they are hit."""

from dataclasses import dataclass

from playground.tasks.limits import Limits


@dataclass(frozen=True)
class GenerationLimits(Limits):
    """Characters are Unicode code points; tokens are the model's own."""

    prompt_characters: int = 50_000
    new_tokens: int = 1_024
    pace_characters: int = 4_000
    pace_tokens: int = 64
    lens_characters: int = 4_000
    lens_tokens: int = 512
    searched_tokens: int = 16_384
    written_tokens: int = 4_096
    read_tokens: int = 2_048
    beam_tokens: int = 40
    branches: int = 30


LIMITS = GenerationLimits()
