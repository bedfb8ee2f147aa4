"""What every room's request and answer share: a request is a value, and it knows the type of its answer.

Knows no room, no model and no service.
"""

from dataclasses import dataclass
from typing import ClassVar, Generic, Self, TypeVar

A_co = TypeVar("A_co", covariant=True)
A = TypeVar("A")


@dataclass(frozen=True)
class Request(Generic[A_co]):
    """Base of all requests: frozen and hashable, so it is cache key, wire format and test record at once."""

    room: ClassVar[str]
    cacheable: ClassVar[bool] = True
    tokenizer_only: ClassVar[bool] = False  # served by the model's tokenizer alone, named by `tokenizer`

    def settled(self) -> Self:
        """The same request with nothing left to chance (an empty seed drawn). Called at the door, once."""
        return self

    def check(self) -> None:
        """Raises BadInput with a sentence for the reader where the request breaks a stated limit. Needs no model."""


@dataclass(frozen=True)
class Progress:
    """What is being done meanwhile: `text` is for people, `done` of `total` units (0 of 0: unknown), `place` in the queue
    (0: being worked on)."""

    stage: str
    text: str
    done: int = 0
    total: int = 0
    place: int = 0


@dataclass(frozen=True)
class Batch(Request[tuple[A, ...]], Generic[A]):
    """Many requests of one kind for one model, answered together, in order."""

    requests: tuple[Request[A], ...]
    room: ClassVar[str] = "batch"
    cacheable: ClassVar[bool] = False

    def settled(self) -> Self:
        return type(self)(tuple(request.settled() for request in self.requests))
