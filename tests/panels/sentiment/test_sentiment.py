"""The sentiment panel: one request a line, all in one batch."""

import pytest

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.panels.sentiment.sentiment import PANEL, lines_of, sentiment, show
from playground.tasks.sentiment.limits import LIMITS
from playground.tasks.sentiment.sentiment import SentimentRequest
from tests.panels.panel import WritingService, built, elem_ids

MODEL = DEFAULTS["sentiment"]


def test_blank_lines_are_passed_over() -> None:
    batch = lines_of("one\n\n  \r\ntwo ", MODEL)
    assert batch.requests == (SentimentRequest("one", MODEL), SentimentRequest("two ", MODEL))


def test_too_many_lines() -> None:
    assert len(lines_of("x\n" * LIMITS.sentiment_lines, MODEL).requests) == LIMITS.sentiment_lines
    with pytest.raises(BadInput, match="201 lines; the limit is 200"):
        lines_of("x\n" * (LIMITS.sentiment_lines + 1), MODEL)


def test_a_line_too_long_is_named() -> None:
    with pytest.raises(BadInput, match=r"Line 3 has 5,001 characters; the limit is 5,000\. Shorten it by 1"):
        lines_of("one\n\n" + "x" * 5_001, MODEL)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_to_classify_is_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="pick an example"):
        list(show(WritingService(), text, MODEL))


def test_rows_come_out_in_order_with_a_count() -> None:
    shown = list(show(WritingService(), "I love it\nawful\ngood", MODEL))[-1]
    assert [row["label"] for row in shown[1]["rows"]] == ["positive", "negative", "positive"]
    assert shown[0]["text"].startswith("3 texts: 2 positive, 1 negative.")


def test_the_api_reads_several_lines_as_one_text() -> None:
    service = WritingService()
    found = sentiment(service, "good\nbad")
    assert service.asked == [SentimentRequest("good\nbad", MODEL)]
    assert found["label"] == "positive"


def test_unknown_model_lists_the_known_ones() -> None:
    with pytest.raises(BadInput, match="Choose one of: minilm-sentiment"):
        sentiment(WritingService(), "x", "smollm2-135m")


def test_controls_have_names() -> None:
    names = {"text", "model", "run", "stop", "note", "rows"}
    assert {f"sentiment-{name}" for name in names} <= elem_ids(built(PANEL, WritingService()))
