"""Sentiments as rows, as a sentence, and as the API's result."""

import json
import math

import pytest

from playground.catalog import DEFAULTS
from playground.tasks.sentiment import Sentiment
from playground.views.sentiment import sentiment_scores, sentiment_sentence, sentiment_view


def made(text: str, positive: float) -> Sentiment:
    logits = (math.log(1 - positive), math.log(positive))
    return Sentiment(DEFAULTS["sentiment"], "weights", text, ("negative", "positive"), logits, (1 - positive, positive), 5)


def test_scores_keep_every_label_and_sum_to_one() -> None:
    found = sentiment_scores(made("x", 0.75))
    assert found["label"] == "positive"
    assert set(found["scores"]) == {"negative", "positive"}
    assert sum(found["scores"].values()) == pytest.approx(1)


def test_rows_are_in_the_order_asked_and_their_scores_likeliest_first() -> None:
    view = sentiment_view([made("bad", 0.1), made("good", 0.9)])
    assert [row["text"] for row in view["rows"]] == ["bad", "good"]
    assert [[score["label"] for score in row["scores"]] for row in view["rows"]] == [["negative", "positive"], ["positive", "negative"]]
    assert view["rows"][1]["scores"][0]["percent"] == "90.0 %"
    assert view["rows"][1]["scores"][0]["logit"] == "-0.11"
    assert "weights" in view["model"]
    json.dumps(view)


def test_text_travels_as_it_is() -> None:
    hostile = "<img src=x onerror=alert(1)> ${7*7} {{value}}"
    assert sentiment_view([made(hostile, 0.5)])["rows"][0]["text"] == hostile


def test_sentence_of_one_text_explains_logits() -> None:
    said = sentiment_sentence([made("x", 0.75)])
    assert "1.10 apart" in said
    assert "75.0 % positive" in said


def test_sentence_of_many_counts_and_finds_the_least_sure() -> None:
    said = sentiment_sentence([made("a", 0.9), made("b", 0.45), made("c", 0.99)])
    assert said == "3 texts: 2 positive, 1 negative. The model is least sure of text 2 (55.0 % negative)."


def test_nothing_to_show() -> None:
    assert sentiment_view([]) == {"rows": [], "model": ""}
