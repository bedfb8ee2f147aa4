"""How much of a context window so many tokens fill: this model's own, and others' from `lessons/windows.json` with source and date."""

import json
from functools import cache
from typing import TypedDict

from playground.folders import LESSONS

TABLE = LESSONS / "windows.json"


class Window(TypedDict):
    """One row of the table: `window` tokens, as `source` says at `date`, counted by `tokenizer`."""

    model: str
    organisation: str
    window: int
    date: str
    tokenizer: str
    source: str


class FilledWindow(Window):
    """How much of it a text fills: `share` may pass 1."""

    share: float
    percent: str


class Meter(TypedDict):
    """`used` of `window` tokens. `share` may pass 1."""

    used: int
    window: int
    share: float
    text: str


@cache
def known_windows() -> tuple[Window, ...]:
    """The rows of `lessons/windows.json`, smallest window first."""
    return tuple(sorted(json.loads(TABLE.read_text(encoding="utf-8")), key=lambda row: row["window"]))


def filled_windows(used: int) -> list[FilledWindow]:
    """Every known window with the share of it that `used` tokens fill."""
    return [{**row, "share": used / row["window"], "percent": percent(used / row["window"])} for row in known_windows()]


def meter(used: int, window: int, whose: str) -> Meter:
    """The filled share of a window, with the sentence beside it."""
    share = used / window if window else 0.0
    text = f"{used:,} of {window:,} tokens, {percent(share)} of the context window of {whose}"
    if used > window:
        text += f": {used - window:,} too many"
    return {"used": used, "window": window, "share": share, "text": text}


def percent(share: float) -> str:
    """Two significant digits below 10 %, whole percents above: a window may be filled a hundred times over."""
    points = share * 100
    if points == 0 or points >= 10:
        return f"{points:,.0f} %"
    return "<0.01 %" if points < 0.01 else f"{points:.2g} %"
