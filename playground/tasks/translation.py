"""Translation: a text in another language, with the runners-up. Requests and answers."""

from dataclasses import dataclass
from typing import ClassVar

from playground.tasks.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_text, check_whole


@dataclass(frozen=True)
class Candidate:
    """`score` is the mean log-probability of its tokens (natural log, the end token included), at most 0."""

    text: str
    score: float


@dataclass(frozen=True)
class Translation:
    """`candidates` fall by score, the first is the translation itself."""

    model: str
    source: str
    text: str
    candidates: tuple[Candidate, ...]
    source_tokens: int
    target_tokens: int

    @property
    def translation(self) -> str:
        return self.candidates[0].text


@dataclass(frozen=True)
class TranslationRequest(Request[Translation]):
    """Beam search with `beams` beams; as many candidates come back."""

    text: str
    model: str
    beams: int = 4
    room: ClassVar[str] = "translation"

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.translation_characters)
        check_whole(self.beams, "Beams", 1, LIMITS.beams)
