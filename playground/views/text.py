"""The one place that makes token text safe and visible as a label: spaces, line breaks, control and direction characters, bytes;
and the one place that writes a number.

Knows no panel. Labels for plotly are escaped here too, since plotly reads them as markup.
"""

import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal

from playground.tasks.text import in_quotes, isolated
from playground.tasks.tokens.tokens import bytes_label, is_raw, piece_bytes

__all__ = [
    "bytes_label", "counted", "full_stop", "in_quotes", "isolated", "number", "percent", "piece_label", "places_of",
    "plotly_label", "quoted", "signed", "two_precisions", "visible",
]  # fmt: skip
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


def number(value: float, places: int = 2, error: float = 0.0) -> str:
    """A number rounded once, with `places` digits after the point, or as many fewer as leave it right where it can be wrong by `error`.

    The last digit is then off by one at most. Halves go away from zero, a zero has no minus: as in web/digits.js, so that a sentence and
    the picture beside it write one number alike.
    """
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "−∞" if value < 0 else "∞"
    step = Decimal(1).scaleb(-min(places, places_of(error)))
    exact = Decimal(float(value)).quantize(step, ROUND_HALF_UP, Context(prec=400))
    return f"{abs(exact) if exact == 0 else exact:f}".replace("-", "−")


def places_of(error: float) -> int:
    """How many digits after the point are right in a number that can be wrong by `error`; −1 where only tens are."""
    return min(20, math.floor(-math.log10(2 * error) + 1e-9)) if error > 0 else 20


def quoted(text: str) -> str:
    """What somebody wrote, as a sentence quotes it: visible, with its spaces."""
    return in_quotes(visible(text).replace("␣", " "))


def full_stop(sentence: str) -> str:
    """`sentence` ended once: a question keeps its own mark, and a quotation that ends one ends the sentence too."""
    return sentence if sentence.rstrip("”’»)").endswith((".", "!", "?", "…")) else f"{sentence}."


def signed(value: float, places: int = 2) -> str:
    """+1.20 or −0.30, with a real minus; 0.00 for what rounds to it."""
    text = number(value, places)
    return text if value <= 0 or not text.strip("0.") else f"+{text}"


def counted(number: int, one: str) -> str:
    """`number` with its noun: “1 token”, “2,000 tokens”."""
    return f"{number:,} {one}{'s' * (number != 1)}"


def two_precisions(precision: str, writes_in: str) -> str:
    """What numbers were computed in, and where a written text's own were computed in something else, that these differ from them."""
    if precision == writes_in:
        return precision
    return f"{precision}; Generation writes in {writes_in}, so its percentages differ a little from these"


def percent(share: float, places: int | None = None) -> str:
    """A probability or share: to a tenth of a percent, below 1 % to a hundredth; with `places`, to as many. What is not 0 never reads 0.

    A share of a sum whose parts have signs can be below 0 or above 1.
    """
    places = (2 if abs(share) < 0.01 else 1) if places is None else places
    if share == 0:
        return "0 %"
    least = 10.0**-places
    if 0 < 100 * abs(share) < least:
        return f"{'<' if share > 0 else '>−'}{least:.{places}f} %"
    return f"{number(100 * share, places)} %"
