"""A translation as rows, as a sentence, and as the API's result."""

import json
import math
from dataclasses import replace

import pytest

from playground.catalog import DEFAULTS
from playground.tasks.translation.translation import Candidate, Translation
from playground.views.translation.translation import candidates_of, segments_of, translation_sentence, translation_view, unknown_sentence


def made(*scores: float) -> Translation:
    found = tuple(Candidate(f"<i>n° {i}</i>", score, score * 20, (5,) * 20) for i, score in enumerate(scores))
    return Translation(DEFAULTS["translation"], "weights", "text", found, 7, 1_234)


def test_scores_are_shown_as_a_probability_a_token() -> None:
    row = translation_view(made(math.log(0.84), -1.0))["rows"][0]
    assert row["p"] == pytest.approx(0.84)
    assert (row["percent"], row["score"]) == ("84 % a token", "−0.174")
    assert row["text"] == "<i>n° 0</i>"


def test_figures_have_units() -> None:
    view = translation_view(made(-0.1))
    assert dict(view["figures"])["source"] == "7 tokens"
    assert dict(view["figures"])["translation"] == "1,234 tokens"
    json.dumps(view)


def test_the_api_gives_candidates_in_order() -> None:
    assert [candidate["score"] for candidate in candidates_of(made(-0.1, -0.2))] == [-0.1, -0.2]


def test_what_differs_is_marked_word_by_word() -> None:
    assert segments_of("Le chat  noir dort.", "Le chat blanc dort.") == [("Le chat", False), ("  noir", True), (" dort.", False)]
    assert segments_of("a b", "a b") == [("a b", False)]
    for text in ("Un  chat", "", "x"):
        assert "".join(part for part, _ in segments_of(text, "Le chat noir")) == text


def test_what_cannot_be_spelled_is_told() -> None:
    assert unknown_sentence(()) == ""
    assert "“猫”" in unknown_sentence(("猫",))
    assert unknown_sentence(tuple("abcdefg")).count("“") == 5


@pytest.mark.parametrize(
    ("scores", "word"),
    [((-0.1,), "one beam"), ((-0.50, -0.51), "nearly as likely"), ((-0.50, -0.62), "candidate is ahead: 61 % a token against 54 %")],
)
def test_sentence_follows_the_scores(scores: tuple[float, ...], word: str) -> None:
    """e^−0.50 = 0.607 and e^−0.62 = 0.538, which is over a tenth less."""
    assert word in translation_sentence(made(*scores))


def test_candidates_of_ninety_tokens_that_are_equally_likely_a_token_are_not_apart() -> None:
    """As reported: means of −1.712 and −1.717 are 18 % and 18 % a token, and their sums are 0.45 apart."""
    found = tuple(Candidate(text, score, 90 * score, (5,) * 90) for text, score in (("a", -1.712), ("b", -1.717)))
    said = translation_sentence(Translation(DEFAULTS["translation"], "weights", "text", found, 70, 90))
    assert "nearly as likely a token as the first (18 % a token against 18 %" in said and "is ahead:" not in said


def test_an_answer_without_the_model_is_not_said_to_be_its_likeliest() -> None:
    """A single word from the list comes back with one candidate, whatever the beams."""
    assert "one beam" not in translation_sentence(replace(made(-0.1), ruled=True)) and "one beam" in translation_sentence(made(-0.1))


def test_a_shorter_candidate_may_be_likelier_as_a_whole() -> None:
    long, short = Candidate("long", -0.5, -10.0, (5,) * 20), Candidate("short", -0.6, -3.0, (5,) * 5)
    said = translation_sentence(Translation(DEFAULTS["translation"], "weights", "text", (long, short), 7, 20))
    assert "As a whole a shorter one is likelier" in said
    assert "As a whole" not in translation_sentence(made(-0.5, -0.6)), "of one length"


def test_sentence_survives_a_candidate_that_is_next_to_impossible() -> None:
    assert translation_sentence(made(-0.1, -10_000.0))
