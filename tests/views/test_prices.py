"""Prices: every row says where it comes from, and costs are the rows' own numbers."""

import datetime as dt

import pytest

from playground.views.prices import Price, cost, known_prices, money


def test_every_price_has_a_source_a_date_and_both_numbers() -> None:
    rows = known_prices()
    assert len(rows) >= 6
    assert len({row["organisation"] for row in rows}) >= 3
    for row in rows:
        assert set(row) == set(Price.__annotations__), row["model"]
        assert row["source"].startswith("https://") and row["currency"] == "USD"
        assert dt.date(2023, 1, 1) <= dt.date.fromisoformat(row["date"]) <= dt.datetime.now(tz=dt.UTC).date()
        assert 0 < row["input"] <= row["output"] < 1000
    assert [row["input"] for row in rows] == sorted(row["input"] for row in rows)
    assert len({row["model"] for row in rows}) == len(rows)


def test_a_million_tokens_cost_the_price() -> None:
    row = known_prices()[0]
    assert cost(row, 1_000_000) == pytest.approx(row["input"])
    assert cost(row, 0, 1_000_000) == pytest.approx(row["output"])
    assert cost(row, 500_000, 250_000) == pytest.approx(row["input"] / 2 + row["output"] / 4)


@pytest.mark.parametrize(
    ("amount", "told"), [(0, "USD 0.00"), (1234.5, "USD 1,234.50"), (0.00123, "USD 0.0012"), (0.00001, "under USD 0.0001")]
)
def test_money_is_readable(amount: float, told: str) -> None:
    assert money(amount, "USD") == told
