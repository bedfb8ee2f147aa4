"""Several tokenizers on one text -> what `web/tokens/contrast.js` draws, the table of ten languages, and the API's answer."""

import json
from collections.abc import Sequence
from functools import cache
from typing import TypedDict

from playground.catalog import find_model
from playground.folders import LESSONS
from playground.tasks.tokens.comparison import Row, contrast
from playground.tasks.tokens.tokens import Tokens, count, typed_controls, unknown_pieces
from playground.views.text import in_quotes, percent, piece_label, visible

TABLE = LESSONS / "languages.json"
CHIPS = 1_500


class Contrasted(TypedDict):
    """Special tokens are not counted. `differs`: [start, end] in code points of the tokens that not all tokenizers have."""

    tokenizer: str
    count: int
    characters_per_token: float
    unknown: int
    differs: list[list[int]]


class Language(TypedDict):
    language: str
    code: str
    text: str


class ContrastChip(TypedDict):
    """`odd`: not all tokenizers have this token; `lines` breaks follow it; `special`: a control token, typed in the text."""

    text: str
    odd: bool
    lines: int
    special: bool
    said: str


class ContrastRow(TypedDict):
    name: str
    scheme: str
    chips: list[ContrastChip]
    count: str
    share: float
    per: str
    lost: str
    odd: str


class ContrastView(TypedDict):
    """`text`: its beginning; `more` tokens are not drawn."""

    text: str
    rows: list[ContrastRow]
    more: int


class LanguageCell(TypedDict):
    """`times` the English count; `lost` tokens that stand for unknown text."""

    count: str
    share: float
    times: str
    lost: int


class LanguageRow(Language):
    """One cell a tokenizer."""

    cells: list[LanguageCell]


class LanguagesView(TypedDict):
    names: list[str]
    languages: list[LanguageRow]


@cache
def languages() -> tuple[Language, ...]:
    """One sentence in ten languages, from `lessons/languages.json`, English first."""
    return tuple(json.loads(TABLE.read_text(encoding="utf-8"))["rows"])


def contrast_view(several: Sequence[Tokens]) -> ContrastView:
    """A row for each tokenizer with its chips (the first 1,500), and the counts as bars; the text's beginning says which way they run."""
    rows = contrast(several)
    most = max((_own(row) for row in rows), default=1) or 1
    text = visible(several[0].text[:200]) if several else ""
    return {"text": text, "rows": [_row(row, most) for row in rows], "more": max(0, max((one.count for one in several), default=0) - CHIPS)}


def contrast_sentence(several: Sequence[Tokens]) -> str:
    """Who needs fewest, and how far they are apart."""
    rows = sorted(contrast(several), key=_own)
    low, high = rows[0], rows[-1]
    few, many = _own(low), _own(high)
    if not few:
        return "One of them has no token for this text at all."
    lost = [f"{_name(row)} cannot read {row.lost:,} of its tokens (unknown)" for row in rows if row.lost]
    told = f"{_name(low)} needs {few:,} tokens, {_name(high)} {many:,}: {percent((many - few) / few, 0)} more." if many > few else (
        f"All need {few:,} tokens.")  # fmt: skip
    return " ".join([told, *(f"But {one}: few tokens can mean lost text." for one in lost)])


def languages_view(several: Sequence[Sequence[Tokens]]) -> LanguagesView:
    """`several[i]` are the ten sentences by tokenizer i. Counts, and how many times the English count they are."""
    names = [find_model(row[0].tokenizer).name for row in several]
    most = max(count(one).tokens - count(one).special for row in several for one in row)
    table: list[LanguageRow] = [
        {"language": language["language"], "code": language["code"], "text": language["text"],
         "cells": [_cell(row[i], row[0], most) for row in several]}
        for i, language in enumerate(languages())
    ]  # fmt: skip
    return {"names": names, "languages": table}


def contrasted(several: Sequence[Tokens]) -> list[Contrasted]:
    """The answer of `/compare_tokenizers`."""
    return [
        {
            "tokenizer": row.tokens.tokenizer,
            "count": _own(row),
            "characters_per_token": round(count(row.tokens).characters_per_token, 4),
            "unknown": row.lost,
            "differs": [[int(s), int(e)] for s, e, odd in zip(row.tokens.starts, row.tokens.ends, row.differs, strict=True) if odd],
        }
        for row in contrast(several)
    ]


def _own(row: Row) -> int:
    return int((~row.tokens.special).sum())


def _name(row: Row) -> str:
    return find_model(row.tokens.tokenizer).name


def _row(row: Row, most: int) -> ContrastRow:
    own, tokens = _own(row), row.tokens
    typed = typed_controls(tokens)
    chips = [_chip(tokens, i, bool(row.differs[i]), bool(typed[i])) for i in range(min(tokens.count, CHIPS)) if not tokens.special[i]]
    return {
        "name": _name(row),
        "scheme": tokens.scheme,
        "chips": chips,
        "count": f"{own:,}",
        "share": own / most,
        "per": f"{count(tokens).characters_per_token:.2f}",
        "lost": f"{row.lost:,}",
        "odd": f"{sum(row.differs):,} of {own:,} cut differently",
    }


def _chip(tokens: Tokens, i: int, odd: bool, typed: bool) -> ContrastChip:
    """The piece, and `said` of which text it is where that is another; `lines` breaks follow it."""
    surface, label = tokens.text[tokens.starts[i] : tokens.ends[i]], piece_label(tokens.pieces[i], tokens.scheme)
    source = f"of {in_quotes(visible(surface))}" if surface and visible(surface) != label else ""
    said = "control token, typed in the text" if typed else source
    return {"text": label, "odd": odd, "lines": min(surface.count("\n"), 2), "special": typed, "said": said}


def _cell(tokens: Tokens, english: Tokens, most: int) -> LanguageCell:
    own, base = (count(one).tokens - count(one).special for one in (tokens, english))
    lost = len(unknown_pieces(tokens))
    return {"count": f"{own:,}", "share": own / most, "times": f"× {own / base:.1f}" if base else "–", "lost": lost}
