"""Checks that text, numbers and choices from outside are what they claim to be. Raises BadInput with a readable sentence."""

import re
from collections.abc import Sequence

from playground.errors import BadInput

# The blocks whose characters are R, AL or AN, or are so by default (DerivedBidiClass.txt), and the signs that turn text round.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]")


def check_text(value: object, name: str, most: int, *, blank: bool = False, empty: bool = False) -> None:
    """A string of at most `most` code points without lone surrogates; `blank` allows only spaces, `empty` nothing at all."""
    if not isinstance(value, str):
        raise BadInput(f"{name} must be text, not {_kind(value)}. Send a string.")
    if len(value) > most:
        raise BadInput(f"{name} has {len(value):,} characters; the limit is {most:,}. Shorten it by {len(value) - most:,}.")
    if not value and not empty:
        raise BadInput(f"{name} is empty. Type something, or pick an example.")
    if value and not value.strip() and not blank:
        raise BadInput(f"{name} holds only spaces or line breaks. Type at least one word, or pick an example.")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise BadInput(
            f"{name} has half of a surrogate pair (U+{ord(value[error.start]):04X}) at character {error.start + 1}, which is no "
            "valid Unicode text. Delete that character, or paste the text again."
        ) from None


def check_whole(value: object, name: str, least: int, most: int) -> None:
    """An integer (not a boolean) from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, int):
        found = f"{value:g} with a decimal point" if isinstance(value, float) else _kind(value)
        raise BadInput(f"{name} must be a whole number from {least:,} to {most:,}, not {found}.")
    if not least <= value <= most:
        raise BadInput(f"{name} is {_digits(value)}; choose a whole number from {least:,} to {most:,}.")


def check_number(value: object, name: str, least: float, most: float) -> None:
    """A finite number from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{name} must be a number from {least:g} to {most:g}, not {_kind(value)}.")
    if not least <= value <= most:
        raise BadInput(f"{name} is {_digits(value)}; choose a number from {least:g} to {most:g}.")


def check_choice(value: object, name: str, known: Sequence[str]) -> None:
    """One of `known`; the sentence lists them."""
    if not isinstance(value, str) or value not in known:
        raise BadInput(f"{name} {shown(value)} is not known. Choose one of: {', '.join(known)}.")


def check_list(value: object, name: str, least: int, most: int) -> None:
    """Raises BadInput unless `value` is a tuple of `least` to `most`; what is in it is checked by whoever asked."""
    if not isinstance(value, tuple) or not least <= len(value) <= most:
        raise BadInput(f"{name} must be a list of {least:,} to {most:,}. Send as many.")


def check_flag(value: object, name: str) -> None:
    if not isinstance(value, bool):
        raise BadInput(f"{name} must be true or false, not {_kind(value)}.")


def shown(value: object, most: int = 60) -> str:
    """`value` quoted for an error sentence: short, printable, one line."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else "·" for c in text[: most + 1])
    return in_quotes(f"{text[:most]}…" if len(text) > most else text)


def isolated(text: str) -> str:
    """A piece of people's, a model's or a tokenizer's text, for a sentence of ours: what is written from right to left is kept from
    turning its neighbours round (UAX #9: FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE). Any other text is left as it is."""
    return f"\u2068{text}\u2069" if _RIGHT_TO_LEFT.search(text) else text


def in_quotes(text: str) -> str:
    """`text` in quotation marks within a sentence of ours, isolated."""
    return f"“{isolated(text)}”"


def _digits(value: float) -> str:
    """A number for an error sentence; integers too large for a float are not written out."""
    return f"{value:,}" if abs(value) < 10**12 else "too large" if value > 0 else "too small" if value < 0 else "no number"


def _kind(value: object) -> str:
    names = {type(None): "nothing", bool: "true/false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return names.get(type(value), type(value).__name__)
