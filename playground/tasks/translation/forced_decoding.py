"""Forced decoding: the model rereads a translation token by token, and says what it looked at and what else it might have written.

Requests, answers and pure maths on them. Knows no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.tasks.precision import unpacked
from playground.tasks.request import Request
from playground.tasks.side import Side
from playground.tasks.text import check_whole
from playground.tasks.translation.translation import TranslationRequest, check_ids

ALTERNATIVES = 50
APOSTROPHES = ("'", "’", "-")


@dataclass(frozen=True)
class ForcedDecoding:
    """One translation of one passage, reread. With T tokens written (the end token too), S tokens read, A alternatives:

    weights uint16 (layers, heads, T, S): cross-attention in the step that writes each token, see precision.py;
    logits float32 (T,) of the tokens written, log_totals float32 (T,) = log Σ exp(logits), so log p = logit − log total;
    ranks int32 (T,), 0 where the token was the likeliest;
    alternative_ids int32 and alternative_logits float32 (T, A), falling, with `alternatives` their pieces. All read-only.
    `layer`: the one whose mean over heads aligns words best, `why` says how that is known. `forced` tokens were not chosen freely.
    """

    model: str
    source: str
    text: str
    translation: str
    read: Side
    written: Side
    ids: tuple[int, ...]
    forced: int
    weights: NDArray[np.uint16]
    logits: NDArray[np.float32]
    log_totals: NDArray[np.float32]
    ranks: NDArray[np.int32]
    alternatives: tuple[tuple[str, ...], ...]
    alternative_ids: NDArray[np.int32]
    alternative_logits: NDArray[np.float32]
    layer: int
    why: str

    @property
    def log_probabilities(self) -> NDArray[np.float32]:
        """(T,), natural log."""
        return self.logits - self.log_totals


@dataclass(frozen=True)
class ForcedDecodingRequest(Request[ForcedDecoding]):
    """Reread candidate `candidate` (from 0, best first) of the translation `of`.

    `ids` are that candidate's tokens where they are known; empty, the translation is searched for first.
    """

    of: TranslationRequest
    candidate: int = 0
    ids: tuple[int, ...] = ()
    room: ClassVar[str] = "translation"

    def check(self) -> None:
        self.of.check()
        check_whole(self.candidate, "Candidate", 0, self.of.beams - 1)
        check_ids(self.ids, "The translation")


def target_words(side: Side) -> list[int]:
    """The word each written token belongs to, from 0 without gaps. A piece with ▁, a special token, a run of punctuation begins one;
    what follows an apostrophe or hyphen does too (l' | homme), and the mark stays with what went before."""
    numbers: list[int] = []
    for i, (piece, special) in enumerate(zip(side.pieces, side.special, strict=True)):
        numbers.append((numbers[-1] if numbers else -1) + (i == 0 or special or side.special[i - 1] or _begins(side.pieces[i - 1], piece)))
    return numbers


def _begins(before: str, piece: str) -> bool:
    if before == "▁":
        return False
    if piece.startswith("▁") or before in APOSTROPHES or before.lstrip("▁").endswith(APOSTROPHES):
        return True
    return piece not in APOSTROPHES and _is_marks(piece) and not _is_marks(before)


def _is_marks(piece: str) -> bool:
    return not any(letter.isalnum() for letter in piece)


def word_texts(side: Side, words: Sequence[int]) -> tuple[str, ...]:
    """What each word looks like, without the spaces around it."""
    texts = [""] * (max(words, default=-1) + 1)
    for label, word in zip(side.labels, words, strict=True):
        texts[word] += label
    return tuple(text.strip() or text for text in texts)


def word_alignment(made: ForcedDecoding, layer: int, head: int | None, read_words: Sequence[int]) -> NDArray[np.float32]:
    """(written words, read words) of one head, or the mean over the layer's (None): weight to a word is the sum to its pieces,
    from a word the mean from its pieces (Clark et al. 2019, section 4.1). Rows sum to 1."""
    chosen = unpacked(made.weights[layer])
    weights = chosen.mean(axis=0) if head is None else chosen[head]
    rows, columns = _members(target_words(made.written)), _members(read_words)
    return np.asarray((rows / rows.sum(axis=1, keepdims=True)) @ weights @ columns.T, np.float32)


def _members(words: Sequence[int]) -> NDArray[np.float32]:
    """(words, tokens) of 0 and 1."""
    found = np.zeros((max(words, default=-1) + 1, len(words)), np.float32)
    found[list(words), np.arange(len(words))] = 1
    return found
