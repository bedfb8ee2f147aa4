"""Negative is orange and positive blue in every picture of the room; before, three of five had them the other way round."""

from dataclasses import replace

import pytest

from playground.tasks.sentiment.sentiment import Sentiment
from playground.tasks.sentiment.tally import Pace, Verdict
from playground.views.sentiment.attribution import attribution_view
from playground.views.sentiment.sentiment import sentiment_view
from playground.views.sentiment.twotexts import twotexts_view
from playground.views.sentiment.verdicts import verdicts_figure, verdicts_view
from tests.views.sentiment.test_attribution import SCORES, made

ORANGE, BLUE = "#b45309", "#2563eb"  # base.css: --pg-fill-2 and --pg-fill
TWO, FOUR = ("negative", "positive"), ("negative", "neutral", "positive", "unreadable")
NAMES = {"negative": "second", "positive": ""}  # of a bar's colour: --pg-fill-2, and --pg-fill where nothing is named


def sentiment(labels: tuple[str, ...], likeliest: str) -> Sentiment:
    shares = tuple(0.7 if label == likeliest else 0.3 / (len(labels) - 1) for label in labels)
    return Sentiment("minilm-sentiment", "test", "text", labels, tuple(10 * share for share in shares), shares, 3)


@pytest.mark.parametrize("labels", [TWO, TWO[::-1], FOUR])
@pytest.mark.parametrize("likeliest", TWO)
def test_bars_have_the_colour_of_their_label_not_of_their_place(labels: tuple[str, ...], likeliest: str) -> None:
    one = sentiment(labels, likeliest)
    cards = sentiment_view([one])["rows"][0]["scores"]
    beside = twotexts_view(one, one)["sides"][1]["scores"]
    counts = verdicts_view([Verdict(1, "text", "", "", one)], 1, 0, Pace(1, 1.0))["counts"]
    for rows in (cards, beside, counts):
        found = {row["label"]: row["colour"] for row in rows}
        assert {label: found[label] for label in NAMES} == NAMES
        assert len(set(found.values())) == len(labels), "no two labels share a colour"


@pytest.mark.parametrize("labels", [TWO, TWO[::-1], FOUR])
def test_the_figure_has_the_bars_colours(labels: tuple[str, ...]) -> None:
    some = [Verdict(row, "text", label, label, sentiment(labels, "positive")) for row, label in enumerate(TWO)]
    assert {bar.name: bar.marker.color for bar in verdicts_figure(some).data} == {"given negative": ORANGE, "given positive": BLUE}


def test_why_is_blue_where_a_word_speaks_for_positive_whichever_label_is_explained() -> None:
    """`signed` is above 0 for orange (base.css: [data-scale="above"])."""
    negative = attribution_view([made(SCORES)])
    positive = attribution_view([replace(made([-score for score in SCORES]), label="positive")])
    signs = [[item["signed"] for item in view["methods"][0]["units"]["word"]] for view in (negative, positive)]
    assert signs[0] == signs[1] and signs[0][0] == 1.0, "the same words speak for negative in both"
    assert negative["colours"] == {"for": "orange", "against": "blue"}
    assert positive["colours"] == {"for": "blue", "against": "orange"}
    (low, high), (up, down) = (view["methods"][0]["ends"]["word"] for view in (negative, positive))
    assert (low, high) == ("−1.00 log-odds, away from negative", "+1.00, towards negative")
    assert (up, down) == ("+1.00, towards positive", "−1.00 log-odds, away from positive")


def test_two_labels_with_other_names_are_told_apart() -> None:
    scores = sentiment_view([sentiment(("contradiction", "entailment"), "entailment")])["rows"][0]["scores"]
    assert {row["label"]: row["colour"] for row in scores} == {"contradiction": "second", "entailment": ""}
