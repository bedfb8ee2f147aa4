"""Words cover all of a text but white space, in any script; taking words out leaves the others as they are."""

import random
import unicodedata

import pytest

from playground.tasks.words import without, words_at, words_of

PIECES = [*"aZßé中🙂’-_7!“ \n\t\u00a0\u200b\0\u202e\U0010ffff", "e\u0301", "हि", "न्", "👩\u200d🚀", "  "]


def shown(text: str) -> list[str]:
    return [text[start:end] for start, end in words_of(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I don't, really!", ["I", "don't", ",", "really", "!"]),
        ("well-known ’quoted’ rock 'n' roll", ["well-known", "’", "quoted", "’", "rock", "'", "n", "'", "roll"]),
        ("naïve cafe\u0301 हिन्दी", ["naïve", "cafe\u0301", "हिन्दी"]),
        ("Wait... what?! 👩\u200d🚀🙂", ["Wait", "...", "what", "?!", "👩\u200d🚀🙂"]),
        ("snake_case 3.5", ["snake_case", "3", ".", "5"]),
        ("  ", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert shown(text) == words


def test_on_any_text_words_are_ordered_apart_and_leave_only_white_space() -> None:
    luck = random.Random(3)
    for _ in range(500):
        text = "".join(luck.choices(PIECES, k=luck.randint(0, 25)))
        words = words_of(text)
        rest, last = "", 0
        for start, end in words:
            assert last <= start < end <= len(text)
            rest += text[last:start]
            last = end
        rest += text[last:]
        assert all(c.isspace() for c in rest), (text, rest)
        assert all(not unicodedata.category(text[s]).startswith("M") or s == 0 or text[s - 1].isspace() for s, _ in words)


def test_every_span_finds_its_word() -> None:
    text = "don't go, please"
    words = words_of(text)
    starts, ends = [0, 3, 4, 6, 8, 10, 13], [3, 4, 5, 8, 9, 13, 16]
    assert words_at(words, starts, ends) == (0, 0, 0, 1, 2, 3, 3)
    assert words_at(words, [5], [5]) == (-1,)
    assert words_at(words, [6], [6]) == (1,)


def test_taking_words_out() -> None:
    text = "The food was cold, and the waiter was rude."
    assert without(text, set()) == text
    assert without(text, {0}) == "food was cold, and the waiter was rude."
    assert without(text, {3, 4}) == "The food was and the waiter was rude."
    assert without(text, {9}) == "The food was cold, and the waiter was."
    assert without(text, set(range(99))) == ""


def test_on_any_text_what_is_left_has_the_other_words() -> None:
    luck = random.Random(4)
    for _ in range(300):
        text = " ".join("".join(luck.choices("abcé’", k=3)) for _ in range(luck.randint(1, 8)))
        words = shown(text)
        gone = {i for i in range(len(words)) if luck.random() < 0.4}
        left = "".join(without(text, gone).split())
        assert left == "".join(word for i, word in enumerate(words) if i not in gone)
