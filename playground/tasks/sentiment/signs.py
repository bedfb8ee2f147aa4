"""Emoji and emoticons as words, and whether a text holds anything to read: for a model whose vocabulary has no such sign.

Names are Unicode's own. Knows no model.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_EMOTICONS = {":)": "smiling face", ":(": "frowning face", ":D": "grinning face", ";)": "winking face", ":'(": "crying face",
              ":/": "confused face", ":|": "neutral face", ":P": "playful face", "<3": "heart", "</3": "broken heart"}  # fmt: skip
_SIGNS = re.compile(
    r"(?P<emoticon>(?<!\S)(?:</?3|[:;=]'?-?[)(DPp/|])(?=[\s.!?]|$))"
    r"|(?P<picture>[\U0001F300-\U0001F3FA\U0001F400-\U0001FAFF\u2600-\u27BF\u2B50\u2B55])(?:(?P=picture)|[\uFE0F\u200D\U0001F3FB-\U0001F3FF]|\s(?=(?P=picture)))*"
    r"|[\uFE0E\uFE0F\u200D\u20E3\U0001F3FB-\U0001F3FF]"
)
NO_WORD = "There is no word in it, only numbers or signs without a name."
NOT_LATIN = "It is mostly in another script; this model learned from English text only."
NOT_KNOWN = "No word of it is in this model’s vocabulary."


@dataclass(frozen=True)
class Named:
    """`text` with signs named; character i of it stands for the characters starts[i] to ends[i] of the text as typed."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def with_names(text: str) -> Named:
    """Each emoji and emoticon as its name between spaces, a row of equal ones once; skin tones, joiners and selectors go.

    "New shoes 😍" reads "New shoes  smiling face with heart-shaped eyes ". Text without such signs comes back as it is.
    """
    out, starts, ends = "", list[int](), list[int]()
    for piece, start, end in _pieces(text):
        exact = piece == text[start:end]
        out += piece
        starts += range(start, end) if exact else [start] * len(piece)
        ends += range(start + 1, end + 1) if exact else [end] * len(piece)
    return Named(out, tuple(starts), tuple(ends))


def named(text: str) -> str:
    """The text of `with_names`."""
    return "".join(piece for piece, _, _ in _pieces(text))


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    place = 0
    for found in _SIGNS.finditer(text):
        yield text[place : found.start()], place, found.start()
        place = found.end()
        yield _name(found), found.start(), place
    yield text[place:], place, len(text)


def _name(found: re.Match[str]) -> str:
    if found["picture"]:
        name = unicodedata.name(found["picture"], "").lower()
    elif found["emoticon"]:
        plain = found["emoticon"].replace("-", "").replace("=", ":").replace("p", "P")
        name = _EMOTICONS.get(plain, "")
        if not name:
            return found[0]
    else:
        return ""
    return f" {name} "


def nothing_to_read(text: str) -> str:
    """Why `text`, its signs named, holds nothing for a model of English; "" where it may."""
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return NO_WORD
    latin = sum(unicodedata.name(char, "").startswith("LATIN") for char in letters)
    return "" if 2 * latin >= len(letters) else NOT_LATIN
