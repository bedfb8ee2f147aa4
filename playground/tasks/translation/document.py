"""A text of many sentences, translated sentence by sentence: request and answer. What is between sentences is kept as it is."""

from dataclasses import dataclass
from typing import ClassVar

from playground.tasks.passages import Passage
from playground.tasks.request import Request
from playground.tasks.text import check_text, check_whole
from playground.tasks.translation.limits import LIMITS
from playground.tasks.translation.translation import Translation


@dataclass(frozen=True)
class Document:
    """What is done so far: cumulative. `passages` in order are the whole text; `made[i]` is the translation of passage i.

    It is None for what is kept as it is (spaces, list markers, numbers) and for a sentence not yet translated. `parted` counts
    sentences that had to be parted, since they were over the model's window.
    """

    model: str
    source: str
    text: str
    passages: tuple[Passage, ...]
    made: tuple[Translation | None, ...]
    parted: int = 0

    @property
    def total(self) -> int:
        """Sentences there are."""
        return sum(passage.sentence for passage in self.passages)

    @property
    def done(self) -> int:
        return sum(one is not None for one in self.made)

    @property
    def finished(self) -> bool:
        return self.done == self.total

    @property
    def translation(self) -> str:
        """The text with what is done translated, and the rest as it was."""
        return "".join(p.text if one is None else one.translation for p, one in zip(self.passages, self.made, strict=True))


@dataclass(frozen=True)
class DocumentRequest(Request[Document]):
    """Translate `text` sentence by sentence, each with `beams` beams. Partial answers come on the way."""

    text: str
    model: str
    beams: int = 4
    room: ClassVar[str] = "translation"

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.translation_characters)
        check_whole(self.beams, "Beams", 1, LIMITS.beams)
