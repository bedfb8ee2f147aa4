"""What so many tokens would cost elsewhere: `lessons/prices.json`, each row with its source and date. Knows no room.

A row's `date` is the day its source states, or for a page without a date the day it was read.
"""

import json
from functools import cache
from pathlib import Path
from typing import TypedDict

TABLE = Path(__file__).parent.parent / "lessons" / "prices.json"
MILLION = 1_000_000


class Price(TypedDict):
    """`input` and `output` are `currency` for a million tokens, as `source` says at `date`; `note` says what they leave out."""

    model: str
    organisation: str
    input: float
    output: float
    currency: str
    date: str
    note: str
    source: str


@cache
def known_prices() -> tuple[Price, ...]:
    """The rows of `lessons/prices.json`, cheapest input first."""
    return tuple(sorted(json.loads(TABLE.read_text(encoding="utf-8")), key=lambda row: (row["input"], row["model"])))


def cost(price: Price, read: int, written: int = 0) -> float:
    """What `read` input and `written` output tokens cost, in the row's currency."""
    return (read * price["input"] + written * price["output"]) / MILLION


def money(amount: float, currency: str) -> str:
    """“USD 1.20”; below a cent two significant digits, “under USD 0.0001” below that."""
    if amount == 0 or amount >= 0.01:
        return f"{currency} {amount:,.2f}"
    return f"under {currency} 0.0001" if amount < 0.0001 else f"{currency} {amount:.2g}"
