"""How fast a model writes with its key-value cache and without: the same prompt, the same tokens, both ways. Pure; runs no model."""

from dataclasses import dataclass
from statistics import median
from typing import ClassVar

from playground.tasks.generation.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_flag, check_text, check_whole


@dataclass(frozen=True)
class Parting:
    """The first token, `place` from 1, that the two ways chose differently: `cached` and `uncached` are the tokens' texts, and the
    margins (logits) by which each way put its own before the other's."""

    place: int
    cached: str
    uncached: str
    cached_margin: float
    uncached_margin: float


@dataclass(frozen=True)
class Pace:
    """Seconds each new token took, `cached` and `uncached`, cumulative while it goes on; the first is the reading of the prompt.

    `text` was written with the cache, `uncached_text` without. `cache_bytes` is what the cache holds for one token. `same` is False
    where the two ways wrote different tokens; `parting` then tells of the first.
    """

    model: str
    source: str
    text: str
    prompt_tokens: int
    cached: tuple[float, ...]
    uncached: tuple[float, ...]
    cache_bytes: int
    precision: str
    same: bool
    finished: bool
    uncached_text: str = ""
    parting: "Parting | None" = None


@dataclass(frozen=True)
class PaceRequest(Request[Pace]):
    """Write `tokens` tokens greedily, with the cache and then without; never kept, since the clock is the answer."""

    prompt: str
    model: str
    chat: bool = True
    tokens: int = 32
    room: ClassVar[str] = "generation"
    cacheable: ClassVar[bool] = False

    def check(self) -> None:
        check_text(self.prompt, "The prompt", LIMITS.pace_characters)
        check_flag(self.chat, "Chat")
        check_whole(self.tokens, "Tokens", 2, LIMITS.pace_tokens)


def per_second(seconds: tuple[float, ...]) -> float:
    """Tokens a second at the median time of those after the first, which is the prompt's; 0.0 with fewer than two.

    The median, since it is one run: a busy moment of the machine must not count for all of it.
    """
    middle = median(seconds[1:]) if len(seconds) > 1 else 0.0
    return 1 / middle if middle > 0 else 0.0


def slowdown(seconds: tuple[float, ...]) -> float:
    """How many times longer the last tokens took than the first ones (medians of a quarter each); 1.0 with fewer than eight."""
    rest = seconds[1:]
    if len(rest) < 8:
        return 1.0
    quarter = len(rest) // 4
    first, last = median(rest[:quarter]), median(rest[-quarter:])
    return last / first if first > 0 else 1.0
