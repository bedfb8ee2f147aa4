"""Two texts side by side: pieces make up each text again, what is marked is what only one has, the change is said in numbers."""

import random

import pytest

from playground.tasks.sentiment.sentiment import Sentiment
from playground.views.sentiment.twotexts import changed_words, removed_title, twotexts_sentence, twotexts_view


def made(text: str, positive: float, logits: tuple[float, float] = (0.0, 1.0)) -> Sentiment:
    return Sentiment("m", "s", text, ("negative", "positive"), logits, (1 - positive, positive), 3)


def marked(pieces: list[tuple[str, bool]]) -> list[str]:
    return [text for text, changed in pieces if changed]


@pytest.mark.parametrize(
    ("first", "second", "left", "right"),
    [
        ("The film is good.", "The film is not good.", [], ["not"]),
        ("a b c d", "a x y d", ["b c"], ["x y"]),
        ("same here", "same here", [], []),
        ("one", "two", ["one"], ["two"]),
        ("", "new words", [], ["new words"]),
    ],
)
def test_marks(first: str, second: str, left: list[str], right: list[str]) -> None:
    found = changed_words(first, second)
    assert (marked(found[0]), marked(found[1])) == (left, right)


def test_on_any_texts_the_pieces_make_the_text_and_the_unmarked_words_are_the_same() -> None:
    luck = random.Random(2)
    for _ in range(300):
        first, second = ("".join(luck.choices(["a", "b", "c ", " ", "\n", "!", "🙂"], k=luck.randint(0, 14))) for _ in range(2))
        left, right = changed_words(first, second)
        assert "".join(text for text, _ in left) == first
        assert "".join(text for text, _ in right) == second
        kept = ["".join("".join(text.split()) for text, changed in side if not changed) for side in (left, right)]
        assert kept[0] == kept[1]


def test_a_long_text_is_compared_quickly() -> None:
    changed_words("a b " * 1250, "b a " * 1250)


def test_the_change_in_logits_and_points() -> None:
    view = twotexts_view(made("good", 0.9, (-1.0, 2.0)), made("not good", 0.2, (1.0, -0.5)))
    assert view["changes"][1] == {"label": "positive", "logit": "+2.00 → −0.50 (−2.50)", "chance": "90.0 % → 20.0 % (−70.0 points)"}
    assert [side["scores"][0]["label"] for side in view["sides"]] == ["positive", "negative"]


def test_the_sentence_says_whether_the_label_turned() -> None:
    turned = twotexts_sentence(made("a", 0.9), made("b", 0.2))
    assert turned == "positive goes from 90.0 % to 20.0 % (−70.0 points); the label turns to negative."
    assert twotexts_sentence(made("a", 0.9), made("b", 0.8)).endswith("the label stays positive.")
    assert "the same" in twotexts_sentence(made("a", 0.9), made("a", 0.9))


def test_titles_name_what_is_taken_out() -> None:
    assert removed_title("a good film", [1]) == "Without “good”"
    assert removed_title("a b c d e", [0, 1, 2, 4]) == "Without “a”, “b”, “c” and 1 more"
    assert removed_title("a b", []) == "Nothing taken out"
