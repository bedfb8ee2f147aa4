"""Byte-level BPE, step by step: the bytes of a word, then one merge after another, lowest rank first. Pure; reads no file.

Source: Sennrich et al. 2016 (arXiv 1508.07909) §3.2, on bytes as in openai/gpt-2 `encoder.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class MergeTables:
    """`ranks[left, right]` is when the pair was learned, from 0; `vocabulary` gives each piece its id.

    `whole`: a word that is a piece is not merged up to (`ignore_merges` of tokenizer.json). `unknown`: the piece of a letter the
    vocabulary lacks; where it is empty such a letter is dropped.
    """

    vocabulary: Mapping[str, int]
    ranks: Mapping[tuple[str, str], int]
    whole: bool = False
    unknown: str = ""


@dataclass(frozen=True)
class Merge:
    """The symbols at `at` and `at + 1` become `piece`, because their pair has the lowest `rank` of all pairs there are."""

    at: int
    rank: int
    piece: str


@dataclass(frozen=True)
class Merging:
    """A word from single bytes (as `symbols` of the byte alphabet) to its pieces. `dropped`: letters without a piece."""

    symbols: tuple[str, ...]
    dropped: tuple[str, ...]
    merges: tuple[Merge, ...]

    def after(self, steps: int) -> tuple[str, ...]:
        """The pieces after the first `steps` merges; 0 gives the bytes back."""
        pieces = list(self.symbols)
        for merge in self.merges[:steps]:
            pieces[merge.at : merge.at + 2] = [merge.piece]
        return tuple(pieces)

    @property
    def pieces(self) -> tuple[str, ...]:
        return self.after(len(self.merges))


def merge_up(word: str, tables: MergeTables) -> Merging:
    """`word`, in letters of the byte alphabet, merged until no two neighbours are a learned pair."""
    if tables.whole and word in tables.vocabulary:
        return Merging((word,), (), ())
    dropped = () if tables.unknown else tuple(letter for letter in word if letter not in tables.vocabulary)
    symbols = tuple(letter if letter in tables.vocabulary else tables.unknown for letter in word if not dropped or letter not in dropped)
    pieces, merges = list(symbols), []
    ranks = [_rank(pieces, i, tables) for i in range(len(pieces) - 1)]
    while ranks and (rank := min(ranks)) < _NEVER:
        at = ranks.index(rank)
        pieces[at : at + 2] = [pieces[at] + pieces[at + 1]]
        merges.append(Merge(at, rank, pieces[at]))
        del ranks[at]
        for i in (at - 1, at):
            if 0 <= i < len(ranks):
                ranks[i] = _rank(pieces, i, tables)
    return Merging(symbols, dropped, tuple(merges))


_NEVER = 1 << 60


def _rank(pieces: list[str], at: int, tables: MergeTables) -> int:
    return tables.ranks.get((pieces[at], pieces[at + 1]), _NEVER)
