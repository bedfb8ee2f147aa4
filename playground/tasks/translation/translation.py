"""Translation: a passage in another language, with the runners-up. Requests and answers."""

from dataclasses import dataclass
from typing import ClassVar

from playground.errors import BadInput
from playground.tasks.request import Request
from playground.tasks.text import check_text, check_whole
from playground.tasks.translation.limits import LIMITS


@dataclass(frozen=True)
class Candidate:
    """`score` is the mean log-probability of its tokens (natural log, the end token and a forced beginning included), at most 0.

    `ids` are the tokens as the model wrote them, the end token too where it came; `total` is the sum of their log-probabilities.
    """

    text: str
    score: float
    total: float = 0.0
    ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Copied:
    """A part of the text, text[start:end], that went around the model; `french` is what it became, `kind` what it was taken for."""

    start: int
    end: int
    text: str
    french: str
    kind: str


@dataclass(frozen=True)
class Translation:
    """`candidates` fall by score, the first is the translation itself; all begin with the same `forced` tokens.

    `unknown`: parts of the text the model cannot read: the vocabulary cannot spell them, or another script. `warnings`: sentences to
    be read before the translation is believed. `copied`: what went around the model, in order of the text. `read_as`: what the model
    was given where that is not the text itself, a slot for each copied part, else "". `ruled`: answered without the model.
    """

    model: str
    source: str
    text: str
    candidates: tuple[Candidate, ...]
    source_tokens: int
    target_tokens: int
    forced: int = 0
    unknown: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    copied: tuple[Copied, ...] = ()
    read_as: str = ""
    ruled: bool = False

    @property
    def translation(self) -> str:
        return self.candidates[0].text


@dataclass(frozen=True)
class TranslationRequest(Request[Translation]):
    """Beam search with `beams` beams over `text` as one passage; as many candidates come back.

    `begin`: a text every candidate must begin with, or `begin_ids`, the very tokens (a chosen alternative). Empty forces nothing.
    """

    text: str
    model: str
    beams: int = 4
    begin: str = ""
    begin_ids: tuple[int, ...] = ()
    room: ClassVar[str] = "translation"

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.passage_characters)
        check_whole(self.beams, "Beams", 1, LIMITS.beams)
        check_text(self.begin, "The beginning", LIMITS.begin_characters, empty=True)
        check_ids(self.begin_ids, "The beginning")
        if self.begin and self.begin_ids:
            raise BadInput("Give the beginning as text or as token ids, not as both.")


def check_ids(value: object, name: str) -> None:
    """A tuple of whole numbers from 0 that a translation of one passage can hold. Whether the model knows them it says itself."""
    if not isinstance(value, tuple):
        raise BadInput(f"{name} must be a list of token ids.")
    if len(value) > LIMITS.begin_tokens:
        raise BadInput(f"{name} has {len(value):,} tokens; the limit is {LIMITS.begin_tokens:,}.")
    for one in value:
        check_whole(one, f"A token id of {name[0].lower()}{name[1:]}", 0, 10_000_000)
