"""Experiments on a run, as values: what is hidden, which heads and blocks are off. What two rooms need; knows no model."""

from dataclasses import dataclass
from typing import Literal

from playground.errors import BadInput
from playground.tasks.text import check_choice, shown

MOST_CHANGES = 64
KINDS = ("self", "masked", "cross")
Kind = Literal["self", "masked", "cross"]


@dataclass(frozen=True)
class Changes:
    """An experiment: `hidden` tokens of the text no other token may look at (each still sees itself), `heads` (kind, layer, head)
    whose output is 0, `blocks` (kind, layer) that pass their input on: "self" an encoder's block, "masked" a decoder's."""

    hidden: tuple[int, ...] = ()
    heads: tuple[tuple[str, int, int], ...] = ()
    blocks: tuple[tuple[str, int], ...] = ()

    def check(self) -> None:
        if len(self.hidden) > MOST_CHANGES or len(self.heads) > MOST_CHANGES or len(self.blocks) > MOST_CHANGES:
            raise BadInput(f"At most {MOST_CHANGES} tokens, heads and blocks can be changed at once. Undo some first.")
        for kind, *_ in (*self.heads, *self.blocks):
            check_choice(kind, "Kind", KINDS)
        if any(kind == "cross" for kind, _ in self.blocks):
            raise BadInput("A decoder block holds both masked and cross-attention: name it as “masked”.")
        for number in (*self.hidden, *(n for _, *numbers in (*self.heads, *self.blocks) for n in numbers)):
            if isinstance(number, bool) or not isinstance(number, int) or number < 0:
                raise BadInput(f"{shown(number)} is not a place; tokens, layers and heads count from 0.")
