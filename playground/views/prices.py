"""What so many tokens would cost elsewhere: `lessons/prices.json`, each row with its maker's page and date. Knows no room.

A row's `date` is the day its source states, or for a page without a date the day it was read.
"""

import datetime as dt
import json
from functools import cache
from typing import TypedDict

from playground.folders import LESSONS

TABLE = LESSONS / "prices.json"
MILLION = 1_000_000


class LongInput(TypedDict):
    """A request that reads more than `above` tokens costs `input` and `output` times the row's price, all of it."""

    above: int
    input: float
    output: float


class Price(TypedDict):
    """`input` and `output` are `currency` for a million tokens, as `source` says at `date`.

    It holds from the day `since` to the day `until`, both included; "" is without end. `long` is the rule for long inputs.
    """

    model: str
    organisation: str
    input: float
    output: float
    long: LongInput | None
    since: str
    until: str
    currency: str
    date: str
    source: str


@cache
def _table() -> tuple[Price, ...]:
    return tuple(sorted(json.loads(TABLE.read_text(encoding="utf-8")), key=lambda row: (row["input"], row["model"])))


def known_prices(day: dt.date | None = None) -> tuple[Price, ...]:
    """The rows of `lessons/prices.json` that hold on `day` (None is today, UTC), cheapest input first."""
    on = (day or dt.datetime.now(tz=dt.UTC).date()).isoformat()
    return tuple(row for row in _table() if row["since"] <= on and (not row["until"] or on <= row["until"]))


def cost(price: Price, read: int, written: int = 0) -> float:
    """What `read` input and `written` output tokens of one request cost, in the row's currency."""
    rule = price["long"]
    times = rule if rule and read > rule["above"] else {"input": 1.0, "output": 1.0}
    return (read * price["input"] * times["input"] + written * price["output"] * times["output"]) / MILLION


def price_note(price: Price, read: int) -> str:
    """What the two prices of a row leave out: its rule for long inputs, whether `read` tokens fall under it, and its last day."""
    said = []
    if rule := price["long"]:
        times = f"input costs {rule['input']:g} times, output {rule['output']:g} times as much"
        said.append(f"above {rule['above']:,} input tokens, {times}" + (", as counted here" if read > rule["above"] else ""))
    if price["until"]:
        said.append(f"until {price['until']}")
    return "; ".join(said)


def money(amount: float, currency: str) -> str:
    """“USD 1.20”; below a cent two significant digits, “under USD 0.0001” below that."""
    if amount == 0 or amount >= 0.01:
        return f"{currency} {amount:,.2f}"
    return f"under {currency} 0.0001" if amount < 0.0001 else f"{currency} {amount:.2g}"
