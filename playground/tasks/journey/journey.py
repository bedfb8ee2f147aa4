"""One text through the whole model: what every block does with every token, and what comes out. Requests and answers; no model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from playground.errors import BadInput
from playground.tasks.changes import Changes
from playground.tasks.journey.limits import LIMITS
from playground.tasks.precision import unpacked
from playground.tasks.request import Request
from playground.tasks.side import Side
from playground.tasks.text import check_text, check_whole
from playground.tasks.vocabulary import Words

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Saying:
    """What a decoder would say next after token `position`, had it stopped after each block (the logit lens, nostalgebraist 2020).

    Rows: before the first block, then after each; the last is what it says. All arrays read-only: `best` int32 (rows, most), the
    likeliest ids first; `probabilities` float32 (rows, most); `ranks` int32 (rows,), the place from 1 of the last row's first choice;
    `logits` float32 (vocabulary,) of the last row. `words` name every id of `best` and the likeliest ones of `logits`.
    """

    position: int
    best: NDArray[np.int32]
    probabilities: Floats
    ranks: NDArray[np.int32]
    logits: Floats
    words: Words

    @property
    def settled(self) -> int:
        """The first row from which the final choice stays first to the end."""
        behind = np.flatnonzero(self.ranks != 1)
        return int(behind[-1]) + 1 if len(behind) else 0


@dataclass(frozen=True)
class Journey:
    """One forward over n tokens of `text`; `cut` more were left out, at the beginning for a decoder, else at the end.

    `kind` is the attention's, "self" or "masked". Arrays are read-only: `vectors` float32 (n, width), what enters the first block;
    `stream` float32 (blocks + 1, n), the length of each token's vector before the first block and after each; `added` float32
    (blocks, 2, n), the length of what attention and feed-forward add. `weights[block]` uint16 (heads, cells) in the codes of
    precision.py: all n × n by rows, for "masked" the lower triangle by rows. `saying` of a decoder's last token, `labels` of a
    classifier, (label, probability).
    """

    model: str
    source: str
    precision: str
    text: str
    kind: Literal["self", "masked"]
    side: Side
    ids: tuple[int, ...]
    heads: int
    vectors: Floats
    stream: Floats
    added: Floats
    weights: tuple[NDArray[np.uint16], ...]
    saying: Saying | None = None
    labels: tuple[tuple[str, float], ...] = ()
    cut: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def blocks(self) -> int:
        return len(self.weights)

    def row(self, layer: int, token: int) -> Floats:
        """(heads, keys) of what `token` looks at; of "masked" attention only the keys it may see."""
        codes = self.weights[layer]
        if self.kind == "masked":
            begin = token * (token + 1) // 2
            return unpacked(codes[:, begin : begin + token + 1])
        return unpacked(codes[:, token * len(self) : (token + 1) * len(self)])


@dataclass(frozen=True)
class JourneyRequest(Request[Journey]):
    """`text` through `model`, as plain text. `changes`: blocks, heads and tokens that are cut."""

    text: str
    model: str
    changes: Changes = Changes()
    room: ClassVar[str] = "journey"

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.characters)
        if not isinstance(self.changes, Changes):
            raise BadInput("What is cut must be an object of changes. Send one, or none.")
        self.changes.check()


@dataclass(frozen=True)
class SayingRequest(Request[Saying]):
    """What the model would say after another token of the journey `of`; tokens count from 0."""

    of: JourneyRequest
    position: int = 0
    room: ClassVar[str] = "journey"

    def check(self) -> None:
        self.of.check()
        check_whole(self.position, "The token", 0, LIMITS.tokens - 1)


@dataclass(frozen=True)
class WordsRequest(Request[Words]):
    """The texts of token `ids` of a model's vocabulary."""

    model: str
    ids: tuple[int, ...]
    room: ClassVar[str] = "journey"
    tokenizer_only: ClassVar[bool] = True

    @property
    def tokenizer(self) -> str:
        return self.model

    def check(self) -> None:
        if not isinstance(self.ids, tuple) or not 1 <= len(self.ids) <= LIMITS.words:
            raise BadInput(f"Ask for the words of 1 to {LIMITS.words} token ids at once.")
        for one in self.ids:
            check_whole(one, "A token id", 0, 10_000_000)


def telling_head(journey: Journey) -> tuple[int, int]:
    """(block, head) in which the last token looks most at one other token that is not the first and not special: what there is to see.

    The first token is left out since many heads rest on it when they have nothing to do (Xiao et al. 2023).
    """
    last = len(journey) - 1
    seen = [key for key in range(1, last) if not journey.side.special[key]]
    if not seen:
        return 0, 0
    most = np.array([journey.row(layer, last)[:, seen].max(axis=1) for layer in range(journey.blocks)])
    layer, head = np.unravel_index(int(most.argmax()), most.shape)
    return int(layer), int(head)


def triangle(rows: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The places of a lower triangle by rows, diagonal included."""
    return np.tril_indices(rows)


def places_of(pieces: Sequence[bool], most: int, first: bool) -> NDArray[np.intp]:
    """Which of the tokens are read, at most `most`: the last ones, or with `first` the first ones; special ones at both ends stay.

    `pieces` says of each token whether it is special.
    """
    size, special = len(pieces), np.array(pieces, bool)
    over = size - most
    if over <= 0:
        return np.arange(size)
    plain = np.flatnonzero(~special)
    head, tail = int(plain[0]), size - 1 - int(plain[-1])
    if first:
        return np.asarray(np.r_[: size - tail - over, size - tail : size])
    return np.asarray(np.r_[:head, head + over : size])
