"""The logit lens: what the model would say next if it stopped after each layer (nostalgebraist 2020). Pure; runs no model."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.tasks.generation.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_flag, check_text, check_whole


@dataclass(frozen=True)
class Lens:
    """Rows are what leaves the embedding (row 0) and each layer; the last row is what the model really says.

    `probabilities` float32 (rows, most), falling along each row, with their tokens' `texts`; `ranks` int32 (rows,): the place, from
    1, that each row gives the model's final choice. `tokens` are the text's, `position` the one after which is asked. `precision` is
    what it computes in: that of the model that writes.
    """

    model: str
    source: str
    tokens: tuple[str, ...]
    special: tuple[bool, ...]
    position: int
    texts: tuple[tuple[str, ...], ...]
    probabilities: NDArray[np.float32]
    ranks: NDArray[np.int32]
    precision: str = "float32"

    @property
    def settled(self) -> int:
        """The first row from which the final choice stays first to the end."""
        behind = np.flatnonzero(self.ranks != 1)
        return int(behind[-1]) + 1 if len(behind) else 0


@dataclass(frozen=True)
class LensRequest(Request[Lens]):
    """What would follow token `position` of `prompt` (negative: counted from the end), the `most` likeliest after each layer."""

    prompt: str
    model: str
    chat: bool = True
    position: int = -1
    most: int = 5
    room: ClassVar[str] = "generation"

    def check(self) -> None:
        check_text(self.prompt, "The prompt", LIMITS.lens_characters)
        check_flag(self.chat, "Chat")
        check_whole(self.position, "Position", -LIMITS.lens_tokens, LIMITS.lens_tokens - 1)
        check_whole(self.most, "Most", 1, 50)
