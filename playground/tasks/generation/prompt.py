"""A prompt as the model reads it: every token of it, special ones included, and how much each surprised the model."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from playground.errors import BadInput
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.limits import LIMITS
from playground.tasks.generation.tracing import perplexity_of
from playground.tasks.request import Request


@dataclass(frozen=True)
class PromptReading:
    """n tokens: `labels` their text, `special` the control tokens, `own` those that hold the person's words (not the template's).

    log_probabilities float32 (n,), natural, each given all before it; nan for the first, which nothing comes before.
    `likeliest` and `likeliest_p` (n,) are what the model expected most there. Read-only. `precision` is what it was read in,
    `writes_in` what this model writes in.
    """

    model: str
    source: str
    chat: bool
    rendered: str
    ids: NDArray[np.int32]
    labels: tuple[str, ...]
    special: tuple[bool, ...]
    own: tuple[bool, ...]
    log_probabilities: NDArray[np.float32]
    likeliest: tuple[str, ...]
    likeliest_p: NDArray[np.float32]
    precision: str = "float32"
    writes_in: str = "float32"

    @property
    def bits(self) -> NDArray[np.float32]:
        """Surprisal, -log2 p, (n,); nan for the first."""
        return np.asarray(-self.log_probabilities / np.float32(np.log(2)), np.float32)

    @property
    def perplexity(self) -> float:
        """Over all tokens after the first; nan of a single token."""
        return perplexity_of(self.log_probabilities[1:])

    @property
    def own_perplexity(self) -> float:
        """Over the person's own tokens, without the first of all; nan if there are none."""
        return perplexity_of(self.log_probabilities[1:][np.array(self.own[1:], bool)])


@dataclass(frozen=True)
class PromptReadingRequest(Request[PromptReading]):
    """How the prompt of the run `of` is read; what was written after it is left out."""

    of: GenerationRequest
    room: ClassVar[str] = "generation"

    def settled(self) -> Self:
        """Nothing but prompt, model and template matters, so all else is set to what it is when not asked for."""
        return replace(self, of=GenerationRequest(self.of.prompt, self.of.model, self.of.chat, seed=0))

    def check(self) -> None:
        self.of.check()


def check_readable(size: int) -> None:
    """Raises BadInput with the numbers where the prompt has more tokens than are shown one by one."""
    if size > LIMITS.read_tokens:
        raise BadInput(
            f"The prompt is {size:,} tokens long; up to {LIMITS.read_tokens:,} are shown one by one. Shorten it by "
            f"{size - LIMITS.read_tokens:,} tokens."
        )
