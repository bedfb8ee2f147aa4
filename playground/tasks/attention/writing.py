"""Attention while a decoder writes: each token it has written and read adds a row. Request and answer."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.errors import BadInput
from playground.tasks.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.side import Side
from playground.tasks.text import check_text, check_whole

MOST_WRITTEN = 64
MOST_READ = 192


@dataclass(frozen=True)
class Writing:
    """`rows[0]` uint16 (layers, heads, prompt, prompt), then (layers, heads, 1, keys so far) a token, codes of precision.py, read-only.

    `text` is the prompt with what was written. A whole answer holds layers × heads × n² × 2 bytes for n tokens.
    """

    model: str
    source: str
    text: str
    prompt: int
    side: Side
    rows: tuple[NDArray[np.uint16], ...]
    ended: bool


@dataclass(frozen=True)
class WritingRequest(Request[Writing]):
    """`model`, a decoder, reads `text` as plain text and writes up to `tokens` more, always the likeliest."""

    text: str
    model: str
    tokens: int = 20
    room: ClassVar[str] = "attention"
    cacheable: ClassVar[bool] = False

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.attention_characters)
        check_whole(self.tokens, "The number of tokens", 1, MOST_WRITTEN)


def check_prompt(size: int) -> None:
    """Raises BadInput with the numbers where the text is too long to be written on from here."""
    if size > MOST_READ:
        raise BadInput(f"The text is {size:,} tokens long; it can be written on from up to {MOST_READ}. Shorten it.")
