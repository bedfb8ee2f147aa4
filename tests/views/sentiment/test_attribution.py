"""Attributions as shaded words: shares, sums, the gap and where two methods disagree are what the numbers say."""

import json
from dataclasses import replace

import numpy as np
import pytest

from playground.tasks.sentiment.attribution import Attribution, log_odds, probability_of
from playground.tasks.words import words_of
from playground.views.sentiment.attribution import attribution_sentence, attribution_view, explanation

TEXT = "Not bad,\nbut <b>dull</b>"


def made(scores: list[float], method: str = "occlusion", text: str = TEXT, steps: int = 0) -> Attribution:
    spans = np.array(words_of(text), np.int32).reshape(-1, 2)
    logits = (1.5, -0.5)
    return Attribution(
        "m", "s", text, method, "word", "[MASK]", "negative", ("negative", "positive"), logits, (0.88, 0.12), spans[:, 0].copy(),
        spans[:, 1].copy(), np.array(scores), 2.0, -1.0, steps,
    )  # fmt: skip


COUNT = len(words_of(TEXT))
SCORES = [1.0, -0.5, 0.0, 0.25, *[0.0] * (COUNT - 4)]


def test_items_are_shares_of_the_largest_with_their_sign_and_number() -> None:
    (method,) = attribution_view([made(SCORES)])["methods"]
    items = method["units"]["word"]
    assert [item["signed"] for item in items[:4]] == [1.0, -0.5, 0.0, 0.25]
    assert items[1]["said"] == "bad: −0.50 log-odds, away from negative"
    assert items[0]["text"] == "Not" and [item["word"] for item in items] == list(range(COUNT))
    assert items[2]["joined"] and items[2]["newline"] and not items[1]["joined"]
    assert any(item["text"] == "<" for item in items)
    json.dumps(method)


def test_baseline_sum_and_gap_make_the_whole() -> None:
    one = made(SCORES)
    assert one.base + one.scores.sum() + one.gap == pytest.approx(one.log_odds)
    figures = dict(attribution_view([one])["methods"][0]["figures"]["word"])
    assert figures["+ sum of all scores"] == "+0.75" and figures["+ gap"] == "+2.250"
    assert figures["= the text"] == "+2.00 (88.1 % negative)"
    assert figures["Baseline, every word [MASK]"].startswith("−1.00")


def test_each_method_says_what_its_gap_means() -> None:
    view = attribution_view([made(SCORES), made(SCORES, "integrated gradients", steps=32)])
    occlusion, gradients = (method["sentence"]["word"] for method in view["methods"])
    assert "does not promise to add up" in occlusion and "2.25 (75.0 % of it)" in occlusion
    assert "32 steps" in gradients and "completeness" in gradients and "2.2500" in gradients


def test_sums_and_gaps_are_those_of_the_unit_shown() -> None:
    tokens = replace(made(SCORES), unit="token", scores=np.array([2.0, *SCORES[1:]]))
    (method,) = attribution_view([made(SCORES), tokens])["methods"]
    for unit, total, gap in (("word", "+0.75", "2.25"), ("token", "+1.75", "1.25")):
        figures = dict(method["figures"][unit])
        assert (figures["+ sum of all scores"], figures["+ gap"]) == (total, f"+{gap}0")
        assert f"every {unit} [MASK]" in " ".join(figures)
        assert f"this one {unit} is replaced" in method["sentence"][unit] and f"by {gap} (" in method["sentence"][unit]


def test_agreement_is_a_rank_correlation_and_names_the_word_furthest_apart() -> None:
    other = [1.0, 0.5, *SCORES[2:]]
    found = attribution_view([made(SCORES), made(other, "integrated gradients", steps=8)])["agreement"]
    assert "They differ most on “bad”: occlusion −0.50, integrated gradients +0.50" in found["sentence"]
    assert "Neither is the whole reason" in found["sentence"]
    assert found["rows"][0] == {"word": "Not", "scores": ["+1.00", "+1.00"], "shares": [1.0, 1.0]}
    same = attribution_view([made(SCORES), made(SCORES, "integrated gradients", steps=8)])["agreement"]["sentence"]
    assert "agree well (rank correlation +1.00" in same and "differ most" not in same


def test_a_text_the_model_sees_nothing_of() -> None:
    nothing = made([], text="")
    view = attribution_view([nothing, made([], "integrated gradients", "", 8)])
    assert view["methods"][0]["units"]["word"] == [] and view["agreement"]["rows"] == []
    assert "no token" in attribution_sentence([nothing])


def test_the_sentence_names_the_strongest_words() -> None:
    said = attribution_sentence([made(SCORES)])
    assert "“Not” speaks most for it (+1.00); “bad” most against it (−0.50)." in said
    assert "no word speaks against it" in attribution_sentence([made([1.0, *[0.0] * (COUNT - 1)])])


def test_the_api_gets_text_spans_and_scores() -> None:
    found = explanation(made(SCORES))
    assert all(TEXT[unit["start"] : unit["end"]] == unit["text"] for unit in found["units"])
    assert (found["label"], found["probability"], found["gap"]) == ("negative", 0.88, 2.25)
    json.dumps(found)


def test_log_odds_of_two_labels_is_the_difference_of_logits_and_of_three_its_own_share() -> None:
    assert log_odds(np.array([[1.5, -0.5]]), 0) == pytest.approx([2.0])
    logits = np.array([2.0, 1.0, -1.0])
    shares = np.exp(logits) / np.exp(logits).sum()
    for label in range(3):
        assert probability_of(float(log_odds(logits, label))) == pytest.approx(shares[label])
    assert log_odds(np.array([1000.0, 0.0, 0.0]), 0) == pytest.approx(1000 - np.log(2))


def test_what_rounds_to_nothing_speaks_for_nothing() -> None:
    """As reported: “.” most against it (0.00)."""
    said = attribution_sentence([made([1.0, -0.004, *[0.0] * (COUNT - 2)])])
    assert "no word speaks against it" in said and "0.00" not in said
    assert "no word speaks for it; “Not” most against it (−1.00)" in attribution_sentence([made([-1.0, 0.004, *[0.0] * (COUNT - 2)])])


def test_a_gap_over_the_whole_difference_is_no_share_of_it() -> None:
    """As reported: a sum that misses a difference of 0.43 by 14.08 is 3312 % away, which says nothing; the numbers do."""
    one = replace(made([*[-14.08 / COUNT] * COUNT]), log_odds=0.0, base=-0.43)
    assert one.gap == pytest.approx(14.51)
    (method,) = attribution_view([one])["methods"]
    assert "14.51, more than that difference itself (0.43)" in method["sentence"]["word"] and "%" not in method["sentence"]["word"]


def test_a_sum_that_fits_is_not_explained_away() -> None:
    fits = made([3.0, *[0.0] * (COUNT - 1)])
    occlusion, gradients = (
        attribution_view([replace(fits, method=name)])["methods"][0]["sentence"]["word"] for name in ("occlusion", "integrated gradients")
    )
    assert "stand in for one another" not in occlusion and "hardly at all here" in occlusion and "close the gap" not in gradients


def test_a_baseline_that_leans_is_said_with_its_label() -> None:
    """1 / (1 + e^3.26) is 3.7 %: of [MASK] alone the model says 96.3 % positive."""
    for label, base in (("negative", -3.26), ("positive", 3.26)):
        leaning = replace(made(SCORES, "integrated gradients", steps=8), label=label, base=base)
        said = attribution_view([leaning])["methods"][0]["sentence"]["word"]
        assert "of [MASK] alone the model says 96.3 % positive" in said
    even = attribution_view([made(SCORES, "integrated gradients", steps=8)])["methods"][0]["sentence"]["word"]
    assert "baseline is not between" not in even, "1 / (1 + e) is 26.9 %"


def test_one_or_two_words_are_not_ranked() -> None:
    two = [made([1.0, -1.0], method, "Not bad") for method in ("occlusion", "integrated gradients")]
    said = attribution_view(two)["agreement"]["sentence"]
    assert "With 2 words there is no ranking to compare" in said and "agree" not in said.split("Neither")[0]
