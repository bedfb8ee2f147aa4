"""Ids read with a tokenizer that did not make them: what a model would take the text to be. Pure; knows no tokenizer."""

from dataclasses import dataclass
from typing import ClassVar

from playground.errors import BadInput
from playground.tasks.request import Request
from playground.tasks.text import check_whole
from playground.tasks.tokens.limits import LIMITS

LARGEST = 2**31 - 1


@dataclass(frozen=True)
class Misreading:
    """`pieces` are what `tokenizer` calls each id, None where it has no such id; `text` is what those it has decode to.

    `size` is one more than its largest id: a model with that vocabulary fails on any id from there on.
    """

    tokenizer: str
    ids: tuple[int, ...]
    pieces: tuple[str | None, ...]
    text: str
    size: int

    @property
    def outside(self) -> int:
        return sum(piece is None for piece in self.pieces)


@dataclass(frozen=True)
class MisreadingRequest(Request[Misreading]):
    """Decode `ids`, whoever made them, with the tokenizer of model `tokenizer`."""

    ids: tuple[int, ...]
    tokenizer: str
    room: ClassVar[str] = "tokens"
    tokenizer_only: ClassVar[bool] = True

    def check(self) -> None:
        if not isinstance(self.ids, tuple):
            raise BadInput("The ids must be a list of whole numbers, like [17, 4012].")
        if len(self.ids) > LIMITS.decoding_ids:
            raise BadInput(f"There are {len(self.ids):,} ids; the limit is {LIMITS.decoding_ids:,}. Take a shorter text.")
        for id_ in self.ids:
            check_whole(id_, "An id", 0, LARGEST)
