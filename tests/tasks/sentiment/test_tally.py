"""Counts of many verdicts against brute force, and what a file's labels mean."""

import math
import random

import pytest

from playground.tasks.sentiment.sentiment import Sentiment
from playground.tasks.sentiment.tally import Verdict, errors, label_names, tally

LABELS = ("negative", "positive")


def verdict(row: int, positive: float, given: str = "", cut: int = 0) -> Verdict:
    made = Sentiment("m", "s", f"text {row}", LABELS, (0.0, 1.0), (1 - positive, positive), 3)
    return Verdict(row, made.text, given, given, made, cut)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["pos", "NEG", " Positive "], ["positive", "negative", "positive"]),
        (["1", "0", "1.0"], ["positive", "negative", "positive"]),
        (["−1", "-1", "+1", "0"], ["negative", "negative", "positive", ""]),
        (["0", "4", "2"], ["negative", "positive", ""]),
        (["1", "2"], ["negative", "positive"]),
        (["1", "2", "3", "4", "5"], [""] * 5),
        (["", "happy", "nan", "inf"], [""] * 4),
        (["true", "no"], ["positive", "negative"]),
    ],
)
def test_labels_of_a_file(written: list[str], meant: list[str]) -> None:
    names = label_names(written, LABELS)
    assert [names[value] for value in written] == meant


def test_the_tally_equals_counting_by_hand() -> None:
    luck = random.Random(1)
    some = [verdict(i, luck.random(), luck.choice(["", *LABELS])) for i in range(300)]
    found = tally(some, LABELS)
    assert found.counts == {label: sum(one.made.label == label for one in some) for label in LABELS}
    for given in LABELS:
        for said in LABELS:
            assert found.confusion[given][said] == sum(one.given == given and one.made.label == said for one in some)
    assert found.marked == sum(map(sum, (row.values() for row in found.confusion.values())))
    assert found.right == sum(found.confusion[label][label] for label in LABELS)


def test_the_surest_and_the_nearest_errors() -> None:
    some = [verdict(i, p, "negative") for i, p in enumerate([0.99, 0.6, 0.2, 0.9, 0.8, 0.55])]
    surest, nearest = errors(some, 2)
    assert [one.row for one in surest] == [0, 3]
    assert [one.row for one in nearest] == [5, 1]
    assert errors(some[2:3]) == ([], [])


def test_nothing_counted_is_nothing() -> None:
    assert tally([], LABELS).confidence == 0.0
    assert tally([verdict(1, 0.5, cut=3)], LABELS).cut == 1


FOUR = ("negative", "neutral", "positive", "unreadable")


def of_four(row: int, shares: tuple[float, ...], given: str, reason: str = "") -> Verdict:
    logits = tuple(math.log(share) for share in shares)
    return Verdict(row, "text", given, given, Sentiment("m", "s", "text", FOUR, logits, shares, 3, reason=reason))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["-1", "0", "1"], ["negative", "neutral", "positive"]),
        (["0", "2", "4"], ["negative", "neutral", "positive"]),
        (["0", "1"], ["negative", "positive"]),
        (["neu", "Neutral", "pos"], ["neutral", "neutral", "positive"]),
    ],
)
def test_the_middle_of_a_scale_is_neutral_where_the_model_knows_it(written: list[str], meant: list[str]) -> None:
    names = label_names(written, FOUR)
    assert [names[value] for value in written] == meant


def test_neutral_and_unreadable_are_counted_as_said() -> None:
    some = [
        of_four(1, (0.1, 0.2, 0.6, 0.1), "positive"),  # right either way
        of_four(2, (0.1, 0.6, 0.2, 0.1), "positive"),  # neutral: wrong, but positive is likelier than negative
        of_four(3, (0.2, 0.6, 0.1, 0.1), "positive"),  # neutral, and negative is the likelier
        of_four(4, (0.1, 0.1, 0.2, 0.6), "negative", "Not English."),  # not read: wrong
        of_four(5, (0.1, 0.6, 0.2, 0.1), "neutral"),  # right, and not among positive and negative
    ]
    found = tally(some, FOUR)
    assert (found.marked, found.right, found.sided, found.sided_right, found.unread) == (5, 2, 4, 2, 1)
    assert found.counts == {"negative": 0, "neutral": 3, "positive": 1, "unreadable": 1}
    assert found.confusion["positive"] == {"negative": 0, "neutral": 2, "positive": 1, "unreadable": 0}
