"""How French writes what a translator copies: numbers, prices, times, ordinals. Pure text.

Thousands are parted by U+202F, a unit stands after U+00A0 and decimals take a comma (Lexique des règles typographiques en usage à
l'Imprimerie nationale). A number written without a mark between its thousands keeps it so.
"""

import re

THIN, FIXED = "\u202f", "\u00a0"
CURRENCIES = "$€£¥"
SCALES = {"thousand": "mille", "million": "million", "billion": "milliard", "trillion": "billion"}
MONEY = {"$": "de dollars", "€": "d'euros", "£": "de livres", "¥": "de yens"}
_ONES: tuple[str, ...] = tuple(
    re.findall(
        r"\S+",
        "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf vingt",
    )
)
MONTHS = {
    "jan": "janvier", "feb": "février", "mar": "mars", "apr": "avril", "may": "mai", "jun": "juin", "jul": "juillet", "aug": "août",
    "sep": "septembre", "oct": "octobre", "nov": "novembre", "dec": "décembre",
}  # fmt: skip
WEEKDAYS = {
    "monday": "lundi", "tuesday": "mardi", "wednesday": "mercredi", "thursday": "jeudi", "friday": "vendredi", "saturday": "samedi",
    "sunday": "dimanche",
}  # fmt: skip
_OCTETS = {"MB": "Mo", "GB": "Go", "TB": "To", "kB": "ko"}
_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}


def number(text: str) -> str:
    """`1,234.56` as `1 234,56`: commas between groups of three are of thousands, a single point is of decimals."""
    whole, _, rest = text.partition(".")
    return whole.replace(",", THIN) + ("," + rest if rest else "")


def clock(hour: int, minute: int | None, half: str) -> str:
    """`9 h 30` for (9, 30, ""); `half` is a, p or empty: 3 p.m. is 15 h and 12 a.m. is 0 h."""
    if half and hour <= 12:
        hour = hour % 12 + 12 * (half == "p")
    return f"{hour}{FIXED}h" + (f"{FIXED}{minute:02d}" if minute else "")


def price(sign: str, amount: str, scale: str = "") -> str:
    """`45 $`; with a scale in words, `4,2 millions de dollars`."""
    if scale:
        several = float(amount.replace(",", "")) >= 2
        word = SCALES[scale.lower()] + ("s" if several and scale.lower() != "thousand" else "")
        money = MONEY[sign] if scale.lower() != "thousand" else MONEY[sign].split(" ", 1)[-1].removeprefix("d'")
        return f"{number(amount)}{FIXED}{word} {money}"
    return f"{number(amount)}{FIXED}{sign}"


def measure(value: str, unit: str) -> str:
    """`30 °C`; bytes are octets."""
    return f"{value}{FIXED}{_OCTETS.get(unit, unit)}"


def date(day: str, month: str, year: str, weekday: str = "") -> str:
    """`lundi 6 octobre 2025`, `1er mai`; month and weekday are English names, the month's first three letters at least."""
    number = "1er" if day == "1" else day
    parts = [WEEKDAYS[weekday.lower()] if weekday else "", number, MONTHS[month[:3].lower()], year]
    return " ".join(part for part in parts if part)


def ordinal(digits: str) -> str:
    """`1er`, `21e`."""
    return f"{digits}er" if digits == "1" else f"{digits}e"


def in_words(value: int) -> str:
    """`quarante-deux`; "" from 100 on."""
    if value >= 100:
        return "cent" if value == 100 else ""
    if value <= 20:
        return _ONES[value]
    ten = value // 10 * 10
    ten -= 10 if ten in (70, 90) else 0
    rest, start = value - ten, _TENS[ten]
    if not rest:
        return start + "s" * (ten == 80)
    joint = " et " if rest in (1, 11) and ten != 80 else "-"
    return start + joint + _ONES[rest]


def plain(text: str) -> str:
    """No-break spaces as plain ones."""
    return re.sub(f"[{FIXED}{THIN}\u2009]", " ", text)
