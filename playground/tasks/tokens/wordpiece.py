"""WordPiece, step by step: of every word the longest beginning that is a piece, then of what is left. Pure; reads no file.

Source: google-research/bert `tokenization.py`, `WordpieceTokenizer.tokenize`.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class MatchTables:
    """`vocabulary` gives each piece its id; a piece inside a word begins with `prefix`; longer words than `longest` are unknown."""

    vocabulary: Mapping[str, int]
    prefix: str = "##"
    unknown: str = "[UNK]"
    longest: int = 100


@dataclass(frozen=True)
class Match:
    """word[start:end] is `piece`. Before it every longer candidate word[start:e], e from the word's end down, was tried in vain."""

    start: int
    end: int
    piece: str


@dataclass(frozen=True)
class Matching:
    """`matches` in order. `failed` is where no candidate was a piece, so that the whole word is unknown; −1 where all went well.

    `skipped`: the word is too long to be looked up at all.
    """

    word: str
    matches: tuple[Match, ...]
    failed: int
    unknown: str
    skipped: bool = False

    @property
    def tried(self) -> int:
        """How many candidates were looked up."""
        lookups = sum(len(self.word) - match.end + 1 for match in self.matches)
        return lookups + (len(self.word) - self.failed if self.failed >= 0 and not self.skipped else 0)

    @property
    def pieces(self) -> tuple[str, ...]:
        return (self.unknown,) if self.failed >= 0 else tuple(match.piece for match in self.matches)


def match_longest(word: str, tables: MatchTables) -> Matching:
    """`word` (normalised, without spaces) by greedy longest match from the left."""
    if len(word) > tables.longest:
        return Matching(word, (), 0, tables.unknown, skipped=True)
    matches: list[Match] = []
    start = 0
    while start < len(word):
        found = _longest(word, start, tables)
        if found is None:
            return Matching(word, tuple(matches), start, tables.unknown)
        matches.append(found)
        start = found.end
    return Matching(word, tuple(matches), -1, tables.unknown)


def _longest(word: str, start: int, tables: MatchTables) -> Match | None:
    prefix = tables.prefix if start else ""
    for end in range(len(word), start, -1):
        piece = prefix + word[start:end]
        if piece in tables.vocabulary:
            return Match(start, end, piece)
    return None
