"""Beam search with everything it looked at: the tree of candidates, what was kept, what ended, what was pruned. Request and answer."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal, Self

from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.limits import LIMITS
from playground.tasks.request import Request
from playground.tasks.text import check_whole

Fate = Literal["kept", "ended", "pruned"]
ROOT = -1


@dataclass(frozen=True)
class Candidate:
    """One token that could come next on one beam. `parent` is the place in `BeamTree.nodes` it follows, ROOT for none.

    log_probability is the token's own after the repetition penalty, total the sum from the root (natural logarithms).
    `rank` is its place from 1 among this step's candidates. `fate`: "kept" beams are grown, "ended" ones are finished answers,
    the rest is "pruned".
    """

    step: int
    parent: int
    id: int
    label: str
    log_probability: float
    total: float
    rank: int
    fate: Fate


@dataclass(frozen=True)
class Finished:
    """A finished answer: the nodes from the root to its end, and score = total / tokens, by which it is ranked.

    `held`: the bytes, as “F0 9F”, of a character that it ends inside of; `text` ends before it.
    """

    nodes: tuple[int, ...]
    text: str
    total: float
    score: float
    held: str = ""


@dataclass(frozen=True)
class BeamTree:
    """Cumulative: `finished` is filled, best first, in the last one. Candidates of a step stand together, best first."""

    model: str
    source: str
    beams: int
    prompt_tokens: int
    steps: int
    nodes: tuple[Candidate, ...]
    finished: tuple[Finished, ...]


@dataclass(frozen=True)
class BeamTreeRequest(Request[BeamTree]):
    """Search with `of.beams` beams (at least 2) for at most `of.max_new_tokens` tokens; sampling settings are not used."""

    of: GenerationRequest
    room: ClassVar[str] = "generation"

    def settled(self) -> Self:
        return replace(self, of=replace(self.of, seed=0))

    def check(self) -> None:
        self.of.check()
        check_whole(self.of.beams, "Beams", 2, LIMITS.beams)
        check_whole(self.of.max_new_tokens, "Max new tokens", 1, LIMITS.beam_tokens)
