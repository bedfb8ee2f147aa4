"""Prices: every row says where it comes from, and costs are the rows' own numbers."""

import datetime as dt
from urllib.parse import urlsplit

import pytest

from playground.tasks.tokens.budget import Budget
from playground.views.prices import Price, cost, known_prices, money, price_note
from playground.views.tokens.budget import budget_view
from playground.views.windows import known_windows

# Whose page a row may cite: its maker's own, or the paper by its makers.
MAKERS = {
    "OpenAI": {"developers.openai.com", "openai.com", "arxiv.org"},
    "Anthropic": {"platform.claude.com", "www.anthropic.com"},
    "Google": {"ai.google.dev", "arxiv.org"},
    "Meta": {"github.com", "arxiv.org", "ai.meta.com"},
    "DeepSeek": {"api-docs.deepseek.com"},
}
# Hand-made sums for one request of so many input and output tokens, from the makers' pages: price x factor x tokens / 1,000,000.
SUMS = [
    ("GPT-6.2 Sol", 300_001, 0, 4.00 * 300_001 / 1e6),  # 2.00 doubled: USD 1.20
    ("GPT-6.2 Sol", 300_001, 1_000, 4.00 * 300_001 / 1e6 + 15.00 * 1_000 / 1e6),
    ("GPT-6.2 Sol", 272_000, 1_000, 0.544 + 0.01),  # "more than 272K": not yet
    ("GPT-6 Luna", 300_001, 1_000, 0.20 * 300_001 / 1e6 + 0.75 * 1_000 / 1e6),
    ("Gemini 3.1 Pro (preview)", 300_001, 1_000, 4.00 * 300_001 / 1e6 + 18.00 * 1_000 / 1e6),
    ("Gemini 3.1 Pro (preview)", 200_000, 1_000, 0.40 + 0.012),
    ("Claude Haiku 5.5", 100_001, 1_000, 0.50 * 100_001 / 1e6 + 2.50 * 1_000 / 1e6),
    ("Claude Sonnet 5.5", 900_000, 1_000, 1.80 + 0.01),
]


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
    row = next(row for row in known_prices() if not row["long"])
    assert cost(row, 1_000_000) == pytest.approx(row["input"])
    assert cost(row, 0, 1_000_000) == pytest.approx(row["output"])
    assert cost(row, 500_000, 250_000) == pytest.approx(row["input"] / 2 + row["output"] / 4)


@pytest.mark.parametrize(
    ("amount", "told"), [(0, "USD 0.00"), (1234.5, "USD 1,234.50"), (0.00123, "USD 0.0012"), (0.00001, "under USD 0.0001")]
)
def test_money_is_readable(amount: float, told: str) -> None:
    assert money(amount, "USD") == told


@pytest.mark.parametrize(("model", "read", "written", "sum_"), SUMS)
def test_a_long_input_costs_what_the_maker_says(model: str, read: int, written: int, sum_: float) -> None:
    row = next(row for row in known_prices(dt.date(2026, 11, 28)) if row["model"] == model)
    assert cost(row, read, written) == pytest.approx(sum_)


def test_the_page_shows_the_long_price_and_says_that_it_did() -> None:
    rows = {row["model"]: row for row in budget_view(Budget("smollm2-135m", 300_001, 0, 1_200_000, 1_200_000, 8192, 1.0), 500)["prices"]}
    assert rows["GPT-6.2 Sol"]["reading"] == "USD 1.20"
    assert rows["Gemini 3.1 Pro (preview)"]["reading"] == "USD 1.20"
    assert rows["GPT-6 Luna"]["reading"] == "USD 0.06"
    note = rows["GPT-6.2 Sol"]["note"]
    assert note == "above 272,000 input tokens, input costs 2 times, output 1.5 times as much, as counted here"
    assert "as counted here" not in price_note(next(r for r in known_prices() if r["model"] == "GPT-6.2 Sol"), 1000)


def test_a_price_that_ends_is_followed_by_the_next() -> None:
    """Google's page: $0.75 through December 31, 2026, $1.50 starting January 1, 2027."""
    for day, dollars in ((dt.date(2026, 12, 31), 0.75), (dt.date(2027, 1, 1), 1.50)):
        assert [row["input"] for row in known_prices(day) if row["model"] == "Gemini 3.8 Flash"] == [dollars]


def test_prices_and_windows_cite_their_makers_in_english() -> None:
    for row in (*known_prices(), *known_windows()):
        address = urlsplit(row["source"])
        assert address.hostname in MAKERS[row["organisation"]], row["model"]
        assert not any(part.lower() in ("zh-cn", "ja-jp", "es", "ko", "ja") for part in address.path.split("/")), row["model"]
