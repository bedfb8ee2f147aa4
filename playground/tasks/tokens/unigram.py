"""Unigram (SentencePiece), step by step: every piece that fits is an arc with a score, and the best path through them is taken.

Source: Kudo 2018 (arXiv 1804.10959) §3.2; google/sentencepiece `unigram_model.cc`, `EncodeOptimized`. Scores are added in
float32, as the library does: near ties would fall otherwise. Pure; reads no file.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNKNOWN_PENALTY = 10.0  # kUnkPenalty: how far below the worst piece an unknown character lies


@dataclass(frozen=True)
class ScoreTables:
    """`scores` are natural log probabilities of the pieces text may be cut into; `vocabulary` gives each piece, also others, its id.

    `fallback`: a character without a piece becomes the bytes `<0x..>` of its UTF-8; else it is `unknown`, and with `fused`
    several of them in a row are one.
    """

    scores: Mapping[str, float]
    vocabulary: Mapping[str, int]
    unknown: str = "<unk>"
    fallback: bool = False
    fused: bool = False

    @property
    def longest(self) -> int:
        return max(map(len, self.scores), default=1)


@dataclass(frozen=True)
class Arc:
    """text[start:end] as one piece. `score` is its log probability; `known` is False for a character without a piece."""

    start: int
    end: int
    score: float
    known: bool = True


@dataclass(frozen=True)
class Lattice:
    """`arcs` by where they begin; `best[i]` (characters + 1,) is the score of the best path to place i, `path` its arcs' numbers."""

    text: str
    arcs: tuple[Arc, ...]
    best: NDArray[np.float32]
    path: tuple[int, ...]
    pieces: tuple[str, ...]


def best_path(text: str, tables: ScoreTables, longest: int | None = None) -> Lattice:
    """`text` is normalised, with ▁ for spaces. `longest` is the longest piece, where it is known already."""
    arcs = _arcs(text, tables, longest or tables.longest)
    best, came = np.full(len(text) + 1, -np.inf, np.float32), np.full(len(text) + 1, -1, np.int64)
    best[0] = 0
    for number, arc in enumerate(arcs):
        score = np.float32(np.float32(arc.score) + best[arc.start])
        if came[arc.end] < 0 or score > best[arc.end]:
            best[arc.end], came[arc.end] = score, number
    path, at = [], len(text)
    while at > 0:
        path.append(int(came[at]))
        at = arcs[path[-1]].start
    best.setflags(write=False)
    taken = tuple(reversed(path))
    return Lattice(text, tuple(arcs), best, taken, _pieces(text, [arcs[i] for i in taken], tables))


def _arcs(text: str, tables: ScoreTables, longest: int) -> list[Arc]:
    """By where they begin; every arc into a place stands before all arcs out of it."""
    unknown = min(tables.scores.values(), default=0.0) - UNKNOWN_PENALTY
    found: list[Arc] = []
    for start in range(len(text)):
        ends = [end for end in range(start + 1, min(len(text), start + longest) + 1) if text[start:end] in tables.scores]
        found += [Arc(start, end, tables.scores[text[start:end]]) for end in ends]
        if start + 1 not in ends:
            found.append(Arc(start, start + 1, unknown, False))
    return found


def _pieces(text: str, path: list[Arc], tables: ScoreTables) -> tuple[str, ...]:
    pieces: list[str] = []
    before = False
    for arc in path:
        surface = text[arc.start : arc.end]
        if arc.known:
            pieces.append(surface)
        elif tables.fallback:
            pieces += [f"<0x{byte:02X}>" for byte in surface.encode()]
        elif before and tables.fused:
            pieces[-1] += surface
        else:
            pieces.append(surface)
        before = not arc.known
    return tuple(pieces)
