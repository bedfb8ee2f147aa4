"""Sentiments as rows, as a sentence, and as the API's result."""

import json
import math

import pytest

from playground.catalog import DEFAULTS
from playground.tasks.sentiment.sentiment import Sentiment
from playground.views.sentiment.sentiment import sentiment_scores, sentiment_sentence, sentiment_view


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
    assert view["rows"][1]["scores"][0]["logit"] == "−0.11"
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
    assert sentiment_view([]) == {"rows": []}


def test_softmax_is_shown_number_by_number() -> None:
    steps = sentiment_view([made("x", 0.75)])["rows"][0]["softmax"]
    assert [(row["label"], row["raised"], row["percent"]) for row in steps["rows"]] == [
        ("negative", "0.25", "25.00 %"), ("positive", "0.75", "75.00 %"),
    ]  # fmt: skip
    assert steps["total"] == "1"
    assert "1 ÷ (1 + e^−1.10) = 75.00 % positive" in steps["sentence"]


def test_softmax_of_logits_too_large_for_a_float_is_moved_and_says_so() -> None:
    one = Sentiment(DEFAULTS["sentiment"], "weights", "x", ("a", "b", "c"), (900.0, 899.0, -900.0), (0.73, 0.27, 0.0), 3)
    steps = sentiment_view([one])["rows"][0]["softmax"]
    assert [row["percent"] for row in steps["rows"]] == ["73.11 %", "26.89 %", "0 %"]
    assert "lowered by 900.00" in steps["sentence"] and "two labels" not in steps["sentence"]


def test_how_far_to_trust_comes_with_the_rows() -> None:
    view = sentiment_view([made("x", 0.75)])
    assert "held-out texts" in view["calibration"]["sentence"]
    other = sentiment_view([Sentiment("distilbert-sst2", "hub", "x", ("a", "b"), (0.0, 1.0), (0.3, 0.7), 3)])
    assert "not measured" in other["calibration"]["sentence"]


FOUR = ("negative", "neutral", "positive", "unreadable")


def four(logits: tuple[float, ...], reason: str = "") -> Sentiment:
    raised = [math.exp(logit) for logit in logits]
    return Sentiment(DEFAULTS["sentiment"], "weights", "x", FOUR, logits, tuple(e / sum(raised) for e in raised), 3, reason=reason)


def test_a_text_that_cannot_be_read_has_no_label_but_a_reason_and_all_numbers() -> None:
    found = sentiment_scores(four((0.0, 1.0, 2.0, 3.0), "Not English."))
    assert (found["label"], found["verdict"], found["reason"]) == (None, "unreadable", "Not English.")
    assert list(found["scores"]) == list(FOUR) and sum(found["scores"].values()) == pytest.approx(1)
    read = sentiment_scores(four((0.0, 3.0, 2.0, 1.0)))
    assert (read["label"], read["verdict"], read["reason"]) == ("neutral", "neutral", "")
    assert sentiment_view([four((0.0, 1.0, 2.0, 3.0), "Not English.")])["rows"][0]["reason"] == "Not English."
    assert "gets no label. Not English." in sentiment_sentence([four((0.0, 1.0, 2.0, 3.0), "Not English.")])


def test_positive_against_negative_alone_is_the_softmax_of_these_two_logits() -> None:
    one = four((-1.0, 4.0, 2.0, 0.0))  # 3 apart: 1 / (1 + e^-3) = 0.95257
    assert one.positive == pytest.approx(0.952574, abs=1e-6) and (one.verdict, one.leaning) == ("neutral", "positive")
    assert "Between negative and positive alone" in sentiment_view([one])["rows"][0]["softmax"]["sentence"]
    assert "= 95.26 % positive" in sentiment_view([one])["rows"][0]["softmax"]["sentence"]
    assert four((1.0, 4.0, -1.0, 0.0)).leaning == "negative"
    assert Sentiment("m", "s", "x", ("a", "b"), (0.0, 1.0), (0.3, 0.7), 3).positive is None


def test_the_least_sure_is_looked_for_among_texts_that_could_be_read() -> None:
    some = [four((0.0, 0.0, 0.1, 0.0), "No word."), four((0.0, 5.0, 0.0, 0.0)), four((0.0, 0.0, 6.0, 0.0))]
    assert sentiment_sentence(some).startswith("3 texts: 1 unreadable, 1 neutral, 1 positive. The model is least sure of text 2")
    assert sentiment_sentence(some[:1] * 2) == "2 texts: 2 unreadable."
