"""Sentence embeddings: one vector a sentence, and how alike they are. Request and answer."""

from dataclasses import dataclass
from typing import ClassVar

from playground.errors import BadInput
from playground.tasks.embeddings.embeddings import Floats
from playground.tasks.embeddings.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_text


@dataclass(frozen=True)
class Similarity:
    """`cosines` float32 (n, n), read-only: cosines of the mean-pooled vectors of `texts`. `tokens` of each, `cut` left out in all."""

    model: str
    source: str
    texts: tuple[str, ...]
    tokens: tuple[int, ...]
    cosines: Floats
    cut: int


@dataclass(frozen=True)
class SimilarityRequest(Request[Similarity]):
    """Two sentences or more, each as one vector: the mean of its tokens' last vectors, as the model card of all-MiniLM-L6-v2 says."""

    texts: tuple[str, ...]
    model: str
    room: ClassVar[str] = "embeddings"

    def check(self) -> None:
        if not isinstance(self.texts, tuple) or not 2 <= len(self.texts) <= LIMITS.sentences:
            found = len(self.texts) if isinstance(self.texts, tuple) else "something else"
            raise BadInput(f"Give 2 to {LIMITS.sentences} sentences, one on each line; there are {found}.")
        for i, text in enumerate(self.texts):
            check_text(text, f"Sentence {i + 1}", LIMITS.sentence_characters)
