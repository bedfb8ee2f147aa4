"""A count of tokens against windows and prices -> what `web/tokens/budget.js` draws. Rows say their source, counts whose they are."""

from typing import TypedDict

from playground.catalog import find_model
from playground.tasks.files import Decoded
from playground.tasks.tokens.budget import Budget
from playground.views.prices import Price, cost, known_prices, money, price_note
from playground.views.windows import FilledWindow, Meter, filled_windows, meter


class PriceRow(TypedDict):
    """Texts, but for the source's https address: what a million tokens cost, and what this text would, read and answered."""

    model: str
    organisation: str
    input: str
    output: str
    reading: str
    both: str
    note: str
    date: str
    source: str


class BudgetView(TypedDict):
    """`written`: how many tokens the answer would have."""

    figures: list[tuple[str, str]]
    meter: Meter
    caution: str
    windows: list[FilledWindow]
    prices: list[PriceRow]
    written: str


def budget_view(made: Budget, written: int) -> BudgetView:
    """`written` is how many tokens the answer would have, for the price of output."""
    name, whole = find_model(made.tokenizer).name, made.tokens + made.special
    return {
        "figures": [
            ("tokens", f"{made.tokens:,}"),
            ("characters", f"{made.characters:,}"),
            ("bytes (UTF-8)", f"{made.bytes:,}"),
            ("characters per token", f"{made.characters / made.tokens:.2f}" if made.tokens else "–"),
            ("speed", speed(made)),
        ],
        "meter": meter(whole, made.window, name),
        "caution": f"Counted by {name}’s tokenizer. Each model below cuts text with its own, so it would count, and charge for, a "
        "number of its own: take these as the right order of size, not as a bill. Costs are those of one request with the whole text.",
        "windows": filled_windows(made.tokens),
        "prices": [_price(row, made.tokens, written) for row in known_prices()],
        "written": f"{written:,}",
    }


def _price(row: Price, read: int, written: int) -> PriceRow:
    return {
        "model": row["model"],
        "organisation": row["organisation"],
        "input": money(row["input"], row["currency"]),
        "output": money(row["output"], row["currency"]),
        "reading": money(cost(row, read), row["currency"]),
        "both": money(cost(row, read, written), row["currency"]),
        "note": price_note(row, read),
        "date": row["date"],
        "source": row["source"],
    }


def speed(made: Budget) -> str:
    """Megabytes a second through the tokenizer; texts too short to measure say so."""
    if made.bytes < 50_000 or made.seconds <= 0:
        return "too short to measure"
    return f"{made.bytes / made.seconds / 1e6:.1f} MB/s"


def budget_sentence(made: Budget) -> str:
    """How the text compares to this model's own window."""
    name, whole = find_model(made.tokenizer).name, made.tokens + made.special
    if whole > made.window:
        return f"{whole:,} tokens: {whole / made.window:,.1f} times the window of {name}, which would not see the rest of the text."
    return f"{whole:,} tokens: the text fits into the window of {name} ({made.window:,} tokens)."


def file_encoding(made: Decoded) -> str:
    """What the file was read as, with a word of warning where that is a guess."""
    return made.encoding + (", a guess: choose another where letters come out wrong" if made.guessed else "")
