"""Why this label: both methods by word and token are asked for, a click asks for the text without the word, odd clicks are refused."""

from types import SimpleNamespace
from typing import Any

import pytest

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.panels.sentiment.attribution import explain, explain_row, explain_sentiment, requests_of, take_out
from playground.panels.sentiment.sentiment import PANEL
from playground.tasks.sentiment.attribution import AttributionRequest
from playground.tasks.sentiment.sentiment import SentimentRequest
from tests.panels.panel import WritingService, built, elem_ids

MODEL = DEFAULTS["sentiment"]
TEXT = "I love it, truly"


def taken(**data: Any) -> Any:
    return SimpleNamespace(_data={"text": TEXT, "model": MODEL, "removed": [1]} | data)


def test_both_methods_by_word_and_by_token() -> None:
    service = WritingService()
    *_, last = explain(service, TEXT, MODEL, "mask", 32)
    asked = [one for one in service.asked if isinstance(one, AttributionRequest)]
    assert asked == requests_of(TEXT, MODEL, "mask", 32)
    assert [(one.method, one.unit) for one in asked] == [("occlusion", "word"), ("occlusion", "token"), ("integrated gradients", "token")]
    note, view, after, beside = last
    assert all(set(one["units"]) == {"word", "token"} for one in view["methods"])
    assert "log-odds" in note["text"] and [one["name"] for one in view["methods"]] == ["occlusion", "integrated gradients"]
    assert all(set(one["figures"]) == set(one["sentence"]) == {"word", "token"} for one in view["methods"])
    assert (after["text"], beside) == ("", {})


def test_every_explanation_is_a_new_one_for_the_page() -> None:
    """Or words struck out stay so where the same text is explained again, and the comparison without them is gone."""
    first, second = (list(explain(WritingService(), TEXT, MODEL, "mask", 32))[-1][1] for _ in range(2))
    assert first.pop("run") != second.pop("run") and first == second


def test_gradients_keep_a_baseline_where_words_are_taken_out() -> None:
    assert {(one.method, one.filler) for one in requests_of(TEXT, MODEL, "nothing", 8)} == {
        ("occlusion", "nothing"), ("integrated gradients", "mask"),
    }  # fmt: skip


def test_why_of_a_row_fills_the_text_in() -> None:
    event = SimpleNamespace(_data={"text": "so good", "model": MODEL})
    *_, last = explain_row(WritingService(), "mask", 32, event)
    assert last[-1] == "so good" and last[1]["text"] == "so good"


def test_a_word_taken_out_is_a_new_text_that_runs() -> None:
    service = WritingService()
    note, view = take_out(service, taken())
    assert service.asked == [SentimentRequest(TEXT, MODEL), SentimentRequest("I it, truly", MODEL)]
    assert note["text"].startswith("Without “love”: positive goes from 90.0 % to 20.0 %")
    assert [part["text"] for part in view["sides"][0]["parts"] if part["changed"]] == ["love"]


def test_all_back_is_the_text_itself() -> None:
    note, view = take_out(WritingService(), taken(removed=[]))
    assert note["text"] == "" and view["sides"][1]["title"] == "Nothing taken out"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"removed": [9]}, "do not fit"),
        ({"removed": [True]}, "do not fit"),
        ({"removed": "1"}, "do not fit"),
        ({"removed": [-1]}, "do not fit"),
        ({"text": 3}, "do not fit"),
        ({"removed": [0, 1, 2, 3, 4]}, "Bring one back"),
        ({"text": "x" * 5_001}, "limit is 5,000"),
        ({"model": "nosuch"}, "Choose one of"),
    ],
)
def test_odd_clicks_get_a_sentence(data: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        take_out(WritingService(), taken(**data))
    with pytest.raises(BadInput):
        take_out(WritingService(), SimpleNamespace(_data=None))


def test_the_endpoint_asks_for_one_method_and_unit() -> None:
    service = WritingService()
    found = explain_sentiment(service, TEXT, method="integrated gradients", unit="token")
    assert service.asked == [AttributionRequest(SentimentRequest(TEXT, MODEL), "integrated gradients", "token")]
    assert found["units"][1]["text"] == "love"
    for wrong in ({"method": "lime"}, {"unit": ["word"]}, {"method": None}):
        with pytest.raises(BadInput, match="Choose one of"):
            explain_sentiment(WritingService(), TEXT, **wrong)


def test_controls_have_names() -> None:
    assert {f"why-{name}" for name in ("text", "filler", "steps", "run", "stop", "note", "shown", "after", "beside")} <= elem_ids(
        built(PANEL, WritingService())
    )
