"""Tokens: a text cut into pieces by one tokenizer, with where each piece lies in the text. Pure; knows no tokenizer."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from playground.tasks.request import Request
from playground.tasks.text import check_flag, check_text
from playground.tasks.tokens.limits import LIMITS

SCHEMES = ("byte-level BPE", "WordPiece", "SentencePiece")
UNKNOWN = ("[UNK]", "<unk>")
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")


@dataclass(frozen=True)
class Tokens:
    """One text in pieces. Arrays have one entry a token, are read-only; offsets are code points of `text` as received.

    `starts`/`ends` (int32) never go backwards; pieces of one character share its span. `pieces` are vocabulary entries. `controls` are
    the control tokens that were typed in the text and taken for such, `spelled` those that were typed and read as plain text.
    """

    text: str
    tokenizer: str
    scheme: str
    pieces: tuple[str, ...]
    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    special: NDArray[np.bool_]
    window: int
    controls: tuple[str, ...] = ()
    spelled: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        return len(self.pieces)


@dataclass(frozen=True)
class TokensRequest(Request[Tokens]):
    """Cut `text` with the tokenizer of model `tokenizer`; `special` adds the tokens a model expects around it."""

    text: str
    tokenizer: str
    special: bool = True
    room: ClassVar[str] = "tokens"
    tokenizer_only: ClassVar[bool] = True

    def check(self) -> None:
        check_text(self.text, "The text", LIMITS.tokens_characters, blank=True)
        check_flag(self.special, "Special tokens")


@dataclass(frozen=True)
class Counts:
    """What the meter shows. `special` tokens are part of `tokens`."""

    tokens: int
    special: int
    characters: int
    bytes: int

    @property
    def characters_per_token(self) -> float:
        """Characters of the text for each token that is not special; 0.0 where there is none."""
        own = self.tokens - self.special
        return self.characters / own if own else 0.0


def count(tokens: Tokens) -> Counts:
    return Counts(tokens.count, int(tokens.special.sum()), len(tokens.text), len(tokens.text.encode()))


def byte_offsets(text: str) -> NDArray[np.int64]:
    """(len(text) + 1,) UTF-8 bytes before each code point, and the total last."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    widths = 1 + (points > 0x7F) + (points > 0x7FF) + (points > 0xFFFF)
    return np.concatenate([[0], np.cumsum(widths)]).astype(np.int64)


def shares_character(tokens: Tokens) -> NDArray[np.bool_]:
    """True for every token that has a character of the text in common with its neighbour: their spans overlap."""
    start, end, real = tokens.starts, tokens.ends, ~tokens.special
    shared = np.zeros(tokens.count, bool)
    if tokens.count > 1:
        touch = (start[1:] < end[:-1]) & (end[1:] > start[1:]) & real[1:] & real[:-1]
        shared[1:] |= touch
        shared[:-1] |= touch
    return shared


def typed_controls(tokens: Tokens) -> NDArray[np.bool_]:
    """True for every token that is no text because a control token's name was typed."""
    if not tokens.controls:
        return np.zeros(tokens.count, bool)
    spans = zip(tokens.pieces, tokens.starts.tolist(), tokens.ends.tolist(), tokens.special.tolist(), strict=True)
    return np.array([not special and piece in tokens.controls and piece in tokens.text[start:end] for piece, start, end, special in spans])


def unknown_pieces(tokens: Tokens) -> list[str]:
    """The pieces that stand for what the vocabulary lacks; not those whose name was typed."""
    typed = typed_controls(tokens).tolist()
    return [piece for piece, is_typed in zip(tokens.pieces, typed, strict=True) if piece in UNKNOWN and not is_typed]


@lru_cache(maxsize=1)
def byte_alphabet() -> dict[str, int]:
    """The 256 characters byte-level BPE writes bytes with. Source: openai/gpt-2 `encoder.py`, `bytes_to_unicode`."""
    kept = [*range(33, 127), *range(161, 173), *range(174, 256)]
    moved = [b for b in range(256) if b not in kept]
    return {chr(b): b for b in kept} | {chr(256 + i): b for i, b in enumerate(moved)}


def piece_bytes(piece: str, scheme: str) -> bytes | None:
    """The UTF-8 bytes a vocabulary piece stands for, or None where the scheme does not say (WordPiece, `<unk>`)."""
    if scheme == "byte-level BPE":
        alphabet = byte_alphabet()
        return bytes(alphabet[c] for c in piece) if all(c in alphabet for c in piece) else None
    if scheme == "SentencePiece":
        byte = _BYTE.fullmatch(piece)
        return bytes([int(byte[1], 16)]) if byte else piece.replace("▁", " ").encode()
    return None


def is_raw(piece: str, scheme: str) -> bool:
    """Whether a piece holds bytes and no characters: part of a character, or one of SentencePiece's `<0xE2>`."""
    if scheme == "SentencePiece":
        return _BYTE.fullmatch(piece) is not None
    try:
        (piece_bytes(piece, scheme) or b"").decode()
    except UnicodeDecodeError:
        return True
    return False


def piece_text(piece: str, scheme: str) -> str:
    """The characters a piece stands for, a space for ▁; for bytes that are none ⟨F0 9F⟩; WordPiece's pieces as they are."""
    data = piece_bytes(piece, scheme)
    if data is None:
        return piece
    return bytes_label(data) if is_raw(piece, scheme) else data.decode()


def bytes_label(data: bytes) -> str:
    """Bytes that are no whole character, for people: ⟨F0 9F⟩."""
    return f"⟨{data.hex(' ').upper()}⟩"
