"""Tokens -> the compact JSON that `web/tokens/tokens.js` draws, and the plain list the API returns. Knows no tokenizer library.

A text of 1,000,000 characters has up to 4,000,000 tokens but few different ones, so what they have in common is sent once, as
`rows`, and each token is a row number and the distance of its start from the one before, packed in as few bytes as hold it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from playground.catalog import find_model
from playground.errors import BadInput
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.tokens import (
    Counts,
    Tokens,
    byte_offsets,
    count,
    is_raw,
    piece_bytes,
    shares_character,
    typed_controls,
    unknown_pieces,
)
from playground.views.text import piece_label, visible
from playground.views.tokens.controls import controls_sentence, spelled_sentence
from playground.views.windows import FilledWindow, Meter, filled_windows, meter
from playground.views.wire import packed, rising, whole

CHIPS = 300_000  # as many tokens as the page draws; the counts are of all


class TokensView(TypedDict):
    """`rows`: (id, label, piece, bytes as hex, surface, line breaks after it, kind), labels being pieces as they are.

    Kinds: "special" (put around the text), "control" (typed, and taken for a control token), "part" (bytes, no character), "made"
    (one of several pieces that a character was made into), "added" (stands for nothing in the text), "" for all others.

    `arrays` (views/wire.py), a number a token: `index` into `rows`, `starts` and `lengths` in code points of the text, `byte_starts`
    and `byte_lengths` in its UTF-8.
    """

    tokenizer: str
    scheme: str
    rows: list[tuple[int, str, str, str, str, int, str]]
    arrays: str
    figures: list[tuple[str, str]]
    meter: Meter
    windows: list[FilledWindow]
    caution: str


class Token(TypedDict):
    """`text` is text[start:end] (code points), for a special token its vocabulary piece; `bytes` are its UTF-8 bytes as hex."""

    id: int
    text: str
    start: int
    end: int
    special: bool
    piece: str
    bytes: str


class Tokenized(TypedDict):
    tokens: list[Token]
    count: int


def byte_spans(tokens: Tokens) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(starts, ends) in UTF-8 bytes. Pieces of one character get their own bytes where it is these bytes that they hold."""
    offsets = byte_offsets(tokens.text)
    starts, ends = offsets[tokens.starts], offsets[tokens.ends]
    shared = shares_character(tokens)
    if not shared.any():
        return starts, ends
    own = {piece: piece_bytes(piece, tokens.scheme) or b"" for piece in set(tokens.pieces)}
    held = [b"" if special else own[piece] for piece, special in zip(tokens.pieces, tokens.special.tolist(), strict=True)]
    sizes = np.array([len(data) for data in held], np.int64)
    joined = np.zeros(tokens.count, bool)
    joined[1:] = (tokens.starts[1:] < tokens.ends[:-1]) & shared[1:] & shared[:-1]
    first = np.flatnonzero(~joined)
    group = np.cumsum(~joined) - 1
    last = np.append(first[1:], tokens.count) - 1
    adds_up = np.add.reduceat(sizes, first) == ends[last] - starts[first]
    if tokens.scheme == "SentencePiece":  # its normaliser makes other characters of some: … is three full stops, of as many bytes
        encoded = tokens.text.encode()
        for i in np.flatnonzero(adds_up & shared[first]).tolist():
            adds_up[i] = b"".join(held[int(first[i]) : int(last[i]) + 1]) == encoded[int(starts[first[i]]) : int(ends[last[i]])]
    before = np.cumsum(sizes) - sizes
    inside = starts[first][group] + before - before[first][group]
    mend = shared & adds_up[group]
    return np.where(mend, inside, starts), np.where(mend, inside + sizes, ends)


def tokens_view(tokens: Tokens) -> TokensView:
    """What the panel shows of one answer."""
    counts, tokens = count(tokens), _head(tokens)
    byte_starts, byte_ends = byte_spans(tokens)
    rows, index = _rows(tokens, byte_starts, byte_ends)
    name = find_model(tokens.tokenizer).name
    own = counts.tokens - counts.special
    special = f" of which {counts.special:,} special" if counts.special else ""
    return {
        "tokenizer": name,
        "scheme": tokens.scheme,
        "rows": rows,
        "arrays": packed(
            {
                "index": whole(index),
                "starts": rising(tokens.starts),
                "lengths": whole(tokens.ends - tokens.starts),
                "byte_starts": rising(byte_starts),
                "byte_lengths": whole(byte_ends - byte_starts),
            }
        ),
        "figures": [
            ("tokens", f"{counts.tokens:,}{special}"),
            ("characters", f"{counts.characters:,}"),
            ("bytes (UTF-8)", f"{counts.bytes:,}"),
            ("characters per token", f"{counts.characters_per_token:.2f}" if own else "–"),
        ],
        "meter": meter(counts.tokens, tokens.window, name),
        "windows": filled_windows(counts.tokens),
        "caution": f"The count is that of {name}'s tokenizer; each of these models cuts text with its own, so its count would differ.",
    }


def _head(tokens: Tokens) -> Tokens:
    """The first CHIPS tokens, with the text they cover."""
    if tokens.count <= CHIPS:
        return tokens
    cut = {name: getattr(tokens, name)[:CHIPS] for name in ("pieces", "ids", "starts", "ends", "special")}
    return replace(tokens, text=tokens.text[: int(tokens.ends[CHIPS - 1])], **cut)


def _rows(
    tokens: Tokens, byte_starts: NDArray[np.int64], byte_ends: NDArray[np.int64]
) -> tuple[list[tuple[int, str, str, str, str, int, str]], NDArray[np.int32]]:
    """The different tokens, and for each token which of them it is."""
    known: dict[tuple[Any, ...], int] = {}
    index = np.empty(tokens.count, np.int32)
    kinds, whole, encoded = kinds_of(tokens), tokens.text, tokens.text.encode()
    spans = zip(
        tokens.ids.tolist(), tokens.pieces, tokens.starts.tolist(), tokens.ends.tolist(), byte_starts.tolist(), byte_ends.tolist(),
        kinds, strict=True,
    )  # fmt: skip
    for place, (id_, piece, start, end, byte_start, byte_end, kind) in enumerate(spans):
        index[place] = known.setdefault((id_, piece, whole[start:end], encoded[byte_start:byte_end], kind), len(known))
    return [_row(tokens.scheme, *key) for key in known], index


def kinds_of(tokens: Tokens) -> list[str]:
    """The kind of each token, as TokensView lists them."""
    raw = {piece: is_raw(piece, tokens.scheme) for piece in set(tokens.pieces)}
    flags = (tokens.special, typed_controls(tokens), shares_character(tokens), tokens.starts == tokens.ends)
    return [
        "special" if special else "control" if typed else "part" if raw[piece] else "made" if shared else "added" if empty else ""
        for piece, special, typed, shared, empty in zip(tokens.pieces, *(flag.tolist() for flag in flags), strict=True)
    ]


def _row(scheme: str, id_: int, piece: str, surface: str, data: bytes, kind: str) -> tuple[int, str, str, str, str, int, str]:
    if kind == "special":
        return id_, visible(piece), visible(piece), "", "", 0, kind
    breaks = min(surface.count("\n"), 2) if kind == "" else 0
    return id_, piece_label(piece, scheme), visible(piece), data.hex(" ").upper(), visible(surface), breaks, kind


def tokens_sentence(tokens: Tokens) -> str:
    """What to look for in this very answer."""
    counts = count(tokens)
    if counts.tokens > CHIPS:
        return f"{counts.tokens:,} tokens, of which the first {CHIPS:,} are drawn; the counts below are of the whole text."
    name = find_model(tokens.tokenizer).name
    told = [controls_sentence(tokens.controls, name), spelled_sentence(tokens.spelled)]
    return " ".join(one for one in (*told, _cuts_sentence(tokens, counts)) if one)


def _cuts_sentence(tokens: Tokens, counts: Counts) -> str:
    unknown = unknown_pieces(tokens)
    if unknown:
        verb = _verb(len(unknown), "is", "are")
        return (
            f"{len(unknown):,} of the {counts.tokens:,} tokens {verb} {unknown[0]}: the tokenizer has no piece for that text, and the "
            "model cannot know what stood there."
        )
    parts = kinds_of(tokens).count("part")
    if parts:
        return (
            f"{parts:,} of the {counts.tokens:,} tokens {_verb(parts, 'is', 'are')} only bytes of a character, shown as ⟨…⟩: a character "
            "that has no piece of its own is spelt in its bytes."
        )
    inner = _inside_words(tokens)
    if inner:
        return (
            f"{inner:,} of the {counts.tokens:,} tokens {_verb(inner, 'goes', 'go')} on inside a word: words the tokenizer has not learned "
            "whole are cut in pieces."
        )
    if not any(map(str.isalpha, tokens.text)):
        return "There is no word here: digits and signs are cut by rules of their own. Try a rare or made-up word."
    return "Every word here is one token: this tokenizer has learned them all whole. Try a rare or made-up word."


def _verb(number: int, one: str, more: str) -> str:
    return one if number == 1 else more


def _inside_words(tokens: Tokens) -> int:
    text, starts = tokens.text, tokens.starts[~tokens.special].tolist()
    return sum(1 for s in starts if 0 < s < len(text) and text[s].isalpha() and text[s - 1].isalpha())


def tokenized(tokens: Tokens) -> Tokenized:
    """The answer of `/tokenize`. Raises BadInput over LIMITS.listed_tokens: Gradio keeps an answer, and walks it where all wait for it."""
    if tokens.count > LIMITS.listed_tokens:
        raise BadInput(f"The text has {tokens.count:,} tokens; up to {LIMITS.listed_tokens:,} are listed. Send it in parts.")
    byte_starts, byte_ends = byte_spans(tokens)
    encoded = tokens.text.encode()
    spans: Sequence[tuple[int, int, int, int]] = list(
        zip(tokens.starts.tolist(), tokens.ends.tolist(), byte_starts.tolist(), byte_ends.tolist(), strict=True)
    )
    listed: list[Token] = [
        {
            "id": id_,
            "text": piece if special else tokens.text[start:end],
            "start": start,
            "end": end,
            "special": special,
            "piece": piece,
            "bytes": "" if special else encoded[byte_start:byte_end].hex(" "),
        }
        for id_, piece, special, (start, end, byte_start, byte_end) in zip(
            tokens.ids.tolist(), tokens.pieces, tokens.special.tolist(), spans, strict=True
        )
    ]
    return {"tokens": listed, "count": tokens.count}
