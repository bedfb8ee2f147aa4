"""The one place that makes token text safe and visible as a label: spaces, line breaks, control and direction characters, bytes.

Knows no panel. Labels for plotly are escaped here too, since plotly reads them as markup.
"""

import re
import unicodedata

from playground.tasks.tokens.tokens import bytes_label, is_raw, piece_bytes

__all__ = ["bytes_label", "counted", "percent", "piece_label", "plotly_label", "signed", "visible"]
_SIGNS = {" ": "␣", "\n": "⏎", "\t": "⇥", "\x7f": "␡"}
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zs", "Zl", "Zp"}
_BYTES = re.compile(r"(⟨[0-9A-F]{2}(?: [0-9A-F]{2})*⟩)")  # a label of bytes is visible already


def visible(text: str) -> str:
    """`text` with nothing unseen in it: ␣ for a space, ⏎, ⇥, ␀…, ⟨U+202E⟩ for other characters without a shape of their own."""
    shown = "".join(part if i % 2 else "".join(map(_visible_letter, part)) for i, part in enumerate(_BYTES.split(text)))
    return f"◌{shown}" if text and unicodedata.combining(text[0]) else shown


def _visible_letter(letter: str) -> str:
    if letter in _SIGNS:
        return _SIGNS[letter]
    point = ord(letter)
    if point < 0x20:
        return chr(0x2400 + point)
    if unicodedata.category(letter) in _UNSEEN or letter == "\ufffd" or point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF:
        return f"⟨U+{point:04X}⟩"
    return letter


def piece_label(piece: str, scheme: str) -> str:
    """A vocabulary piece for people, as it is: ## and ▁ stay, byte-level BPE's letters are the characters they stand for, and bytes
    that are no whole character ⟨F0 9F⟩."""
    data = piece_bytes(piece, scheme)
    if data and is_raw(piece, scheme):
        return bytes_label(data)
    return visible(data.decode() if data and scheme == "byte-level BPE" else piece)


def plotly_label(text: str, most: int = 0) -> str:
    """`visible(text)` cut to `most` characters (0: whole), with what plotly would read as markup escaped."""
    shown = visible(text)
    if most and len(shown) > most:
        shown = shown[: most - 1] + "…"
    return shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def signed(number: float, digits: int = 2) -> str:
    """+1.20 or −0.30, with a real minus; 0.00 for what rounds to it."""
    text = f"{number:+.{digits}f}".replace("-", "−")
    return text[1:] if float(f"{number:.{digits}f}") == 0 else text


def counted(number: int, one: str) -> str:
    """`number` with its noun: “1 token”, “2,000 tokens”."""
    return f"{number:,} {one}{'s' * (number != 1)}"


def two_precisions(precision: str, writes_in: str) -> str:
    """What numbers were computed in, and where a written text's own were computed in something else, that these differ from them."""
    if precision == writes_in:
        return precision
    return f"{precision}; Generation writes in {writes_in}, so its percentages differ a little from these"


def percent(p: float) -> str:
    """A probability for people, to a tenth of a percent: 0.5 is “50.0 %”."""
    return f"{100 * p:.1f} %" if p >= 0.0005 else "< 0.1 %"
