"""All logits of one step: what the model gives every token of its vocabulary as the next one. Request and answer."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.request import Request
from playground.tasks.vocabulary import Words


@dataclass(frozen=True)
class NextLogits:
    """`logits` float32 (vocabulary,) and `seen` int32, the distinct ids of prompt and what is written; both read-only.

    `words` name the likeliest tokens and all seen ones. `uniform` is the number from 0 to 1 that draws at this place with the
    run's seed.
    """

    model: str
    source: str
    logits: NDArray[np.float32]
    seen: NDArray[np.int32]
    words: Words
    uniform: float
    prompt_tokens: int
    written_tokens: int


@dataclass(frozen=True)
class NextLogitsRequest(Request[NextLogits]):
    """The step after `of.written`. How `of` samples does not matter for it, but its seed does."""

    of: GenerationRequest
    room: ClassVar[str] = "generation"
    cacheable: ClassVar[bool] = False

    def settled(self) -> Self:
        return replace(self, of=self.of.settled())

    def check(self) -> None:
        self.of.check()
