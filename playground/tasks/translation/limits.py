"""The stated bounds of translation: the service enforces them, the page shows them before they are hit."""

from dataclasses import dataclass

from playground.tasks.limits import Limits


@dataclass(frozen=True)
class TranslationLimits(Limits):
    """Characters are Unicode code points; tokens are the model's own."""

    translation_characters: int = 20_000
    passage_characters: int = 5_000
    begin_characters: int = 500
    begin_tokens: int = 512
    explained_tokens: int = 128


LIMITS = TranslationLimits()
