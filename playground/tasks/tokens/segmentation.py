"""How a text came to be these tokens: every stage from the text as received to the ids, and inside each word every step.

Worked out here from the tokenizer's own tables, and compared with what its library gives. Knows no tokenizer library.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from playground.tasks.request import Request
from playground.tasks.text import check_flag, check_text
from playground.tasks.tokens.bpe import MergeTables, Merging, merge_up
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.unigram import Lattice, ScoreTables, best_path
from playground.tasks.tokens.wordpiece import Matching, MatchTables, match_longest

Tables = MergeTables | MatchTables | ScoreTables
Steps = Merging | Matching | Lattice


@dataclass(frozen=True)
class Segment:
    """A stretch of the text, its normalised form, and the pre-tokens that is cut into. `special`: a token taken whole."""

    text: str
    normalised: str
    words: tuple[str, ...]
    special: bool = False


@dataclass(frozen=True)
class Word:
    """One pre-token, in the letters the algorithm works on, with how it was cut; `steps` is None for a special token."""

    text: str
    steps: Steps | None
    pieces: tuple[str, ...]
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Cutting:
    """`text` as received, `read` as the tokenizer gets it: the chat template put around it, where asked for and there is one
    (`templated`), or signs made plain that the model cannot read. `spelled`: control tokens' names that are read as text.

    `pieces`/`ids`/`special` are the library's, with the tokens a model expects around a text; `agrees` says whether the ids
    worked out here are the library's, `compared` which library that is and what it reads.
    """

    text: str
    tokenizer: str
    scheme: str
    read: str
    segments: tuple[Segment, ...]
    words: tuple[Word, ...]
    pieces: tuple[str, ...]
    ids: tuple[int, ...]
    special: tuple[bool, ...]
    agrees: bool
    templated: bool = False
    compared: str = "the tokenizer’s own library"
    spelled: tuple[str, ...] = ()


@dataclass(frozen=True)
class CuttingRequest(Request[Cutting]):
    """How `text` is cut; `chat` puts it into the model's chat template first, as a user's message."""

    text: str
    tokenizer: str
    chat: bool = False
    room: ClassVar[str] = "tokens"
    tokenizer_only: ClassVar[bool] = True

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.cutting_characters, blank=True)
        check_flag(self.chat, "Chat template")


def cut_words(segments: tuple[Segment, ...], tables: Tables) -> tuple[Word, ...]:
    """Every pre-token of every segment through the tokenizer's algorithm."""
    step, found = _algorithm(tables), []
    for segment in segments:
        if segment.special:
            found.append(Word(segment.text, None, (segment.text,), (tables.vocabulary[segment.text],)))
            continue
        for word in segment.words:
            steps = step(word)
            found.append(Word(word, steps, steps.pieces, tuple(i for p in steps.pieces if (i := _id_of(p, tables)) is not None)))
    return tuple(found)


def _algorithm(tables: Tables) -> Callable[[str], Steps]:
    if isinstance(tables, MergeTables):
        return partial(merge_up, tables=tables)
    if isinstance(tables, MatchTables):
        return partial(match_longest, tables=tables)
    return partial(best_path, tables=tables, longest=tables.longest)


def _id_of(piece: str, tables: Tables) -> int | None:
    return tables.vocabulary.get(piece, tables.vocabulary.get(tables.unknown))
