"""Generation: a model writes on from a prompt, one token at a time. Requests, answers, and nothing that runs a model."""

import random
from dataclasses import dataclass, replace
from typing import ClassVar, Self

from playground.errors import BadInput
from playground.tasks.generation.limits import LIMITS
from playground.tasks.generation.sampling import Knobs
from playground.tasks.generation.tracing import ALTERNATIVES, Trace
from playground.tasks.request import Request
from playground.tasks.text import check_flag, check_number, check_text, check_whole

SEEDS = 2**31 - 1


@dataclass(frozen=True)
class Generation:
    """What has been written so far: cumulative, `finished` on the last one. Times in seconds since the work began.

    `text` begins with the `written_tokens` of the request; `new_tokens` counts what came after them. A search writes all at once:
    `seconds` are the search's, and `first_token_seconds` is 0. `stopped` says why it ended: "end" (the model ended it), "length",
    "" while it goes on. `new_tokens_allowed` is less than asked for where the window ends first. `precision` is what it computes
    in. `trace` tells of the new tokens, where alternatives were asked for. `held`: the bytes, as “F0 9F”, of a character that the
    tokens end inside of; `text` ends before it. `drawn`: whether the seed has a part in the text.
    """

    model: str
    source: str
    text: str
    prompt_tokens: int
    new_tokens: int
    new_tokens_allowed: int
    window: int
    seed: int
    seconds: float
    first_token_seconds: float
    finished: bool
    stopped: str = ""
    trace: Trace | None = None
    precision: str = "float32"
    written_tokens: int = 0
    held: str = ""
    drawn: bool = True

    @property
    def tokens_per_second(self) -> float:
        """New tokens after the first, for each second after it; 0.0 with fewer than two. All new tokens where they came at once."""
        if not self.first_token_seconds:
            return self.new_tokens / self.seconds if self.seconds > 0 else 0.0
        spent = self.seconds - self.first_token_seconds
        return (self.new_tokens - 1) / spent if self.new_tokens > 1 and spent > 0 else 0.0


@dataclass(frozen=True)
class GenerationRequest(Request[Generation]):
    """Write on from `prompt` (`chat`: as a user's message in the model's chat template).

    temperature 0 is greedy; top_k 0 and top_p 1 cut nothing; repetition_penalty 1 penalises nothing; with `beams` > 1 the
    text with the best mean log-probability a token is searched for with that many beams, and sampling settings are not used.
    `seed` None is drawn at the door. `written` are token ids that follow the prompt already: the draws go on after theirs, so in
    float32 going on equals having asked for more at once. `alternatives` of each new token are told in the answer's `trace` (0: no trace).
    """

    prompt: str
    model: str
    chat: bool = True
    temperature: float = 0.7
    top_k: int = 50
    top_p: float = 0.95
    repetition_penalty: float = 1.1
    beams: int = 1
    max_new_tokens: int = 128
    seed: int | None = None
    min_p: float = 0.0
    written: tuple[int, ...] = ()
    alternatives: int = 0
    room: ClassVar[str] = "generation"

    def settled(self) -> Self:
        return self if self.seed is not None else replace(self, seed=random.SystemRandom().randint(0, SEEDS))

    def check(self) -> None:
        check_text(self.prompt, "The prompt", LIMITS.prompt_characters)
        check_flag(self.chat, "Chat")
        check_number(self.temperature, "Temperature", 0.0, 5.0)
        check_whole(self.top_k, "Top-k", 0, 1_000_000)
        check_number(self.top_p, "Top-p", 0.01, 1.0)
        check_number(self.repetition_penalty, "Repetition penalty", 0.5, 3.0)
        check_whole(self.beams, "Beams", 1, LIMITS.beams)
        check_whole(self.max_new_tokens, "Max new tokens", 1, LIMITS.new_tokens)
        if self.seed is not None:
            check_whole(self.seed, "Seed", 0, SEEDS)
        check_number(self.min_p, "Min-p", 0.0, 1.0)
        check_whole(self.alternatives, "The number of alternatives", 0, ALTERNATIVES)
        self._check_written()

    @property
    def draws(self) -> bool:
        """Whether tokens are drawn at all: a search draws none, and at temperature 0 the likeliest is taken."""
        return self.beams == 1 and self.temperature > 0

    @property
    def knobs(self) -> Knobs:
        """How the next token is chosen."""
        return Knobs(self.repetition_penalty, self.temperature, self.top_k, self.top_p, self.min_p)

    def _check_written(self) -> None:
        if not isinstance(self.written, tuple):
            raise BadInput("The tokens already written must be a list of token ids. Send whole numbers.")
        if len(self.written) > LIMITS.written_tokens:
            raise BadInput(
                f"{len(self.written):,} tokens are written already; the limit is {LIMITS.written_tokens:,}. Begin anew, or go on "
                "from an earlier token."
            )
        for token in self.written:
            check_whole(token, "A written token's id", 0, 2**31 - 1)


def read_seed(text: object) -> int | None:
    """A seed as typed; empty is None. Raises BadInput where it is no whole number."""
    typed = str(text or "").strip()
    if text is None or not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 20):
        raise BadInput(f"The seed must be a whole number from 0 to {SEEDS:,}, or empty for a random one.")
    return int(typed)
