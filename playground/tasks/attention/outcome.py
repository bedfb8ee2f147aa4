"""What a run leads to: the next token, a label, a translation, or how far a sentence vector moved. Request and answer."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from playground.errors import BadInput
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.request import Request
from playground.tasks.text import check_whole

OutcomeKind = Literal["next token", "label", "translation", "vector", "none"]


@dataclass(frozen=True)
class Outcome:
    """`items`: (what, number), best first: probabilities, or for "vector" the cosine with the unchanged text's mean vector.

    `precision` is what a next token was computed in, `writes_in` what the same model writes in; "" for what is no next token.
    """

    model: str
    kind: OutcomeKind
    items: tuple[tuple[str, float], ...]
    precision: str = ""
    writes_in: str = ""


@dataclass(frozen=True)
class OutcomeRequest(Request[Outcome]):
    """What the run `of`, changes included, leads to: the `most` likeliest next tokens, or all labels."""

    of: AttentionRequest
    most: int = 5
    room: ClassVar[str] = "attention"

    def check(self) -> None:
        self.of.check()
        check_whole(self.most, "The number of tokens", 1, 50)
        if not isinstance(self.of, AttentionRequest):
            raise BadInput("An outcome is of an attention run.")
