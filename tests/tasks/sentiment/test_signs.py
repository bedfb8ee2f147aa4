"""Emoji by name against the Unicode Character Database's names, spans of what was typed, and what holds nothing to read."""

import pytest

from playground.tasks.sentiment.signs import NO_WORD, NOT_LATIN, named, nothing_to_read, with_names

# name of the code point in UnicodeData.txt, in lower case
NAMES = {
    "\U0001f622": "crying face",
    "\U0001f62d": "loudly crying face",
    "\U0001f44e": "thumbs down sign",
    "\U0001f389": "party popper",
    "\u2764\ufe0f": "heavy black heart",
    "\U0001f44d\U0001f3fd": "thumbs up sign",
    "\U0001f92e": "face with open mouth vomiting",
}


@pytest.mark.parametrize("sign", NAMES)
def test_a_sign_reads_as_its_name(sign: str) -> None:
    assert named(sign).split() == NAMES[sign].split()
    assert named(f"Shoes {sign} new").split() == ["Shoes", *NAMES[sign].split(), "new"]


def test_a_row_of_equal_signs_is_named_once_and_two_different_ones_twice() -> None:
    assert named("😢😢😢").split() == ["crying", "face"] == named("😢 😢").split()
    assert named("😢🎉").split() == ["crying", "face", "party", "popper"]


@pytest.mark.parametrize(("text", "read"), [("Bye :-)", "Bye smiling face"), ("No :(", "No frowning face"), ("I <3 it", "I heart it")])
def test_emoticons_are_words_too(text: str, read: str) -> None:
    assert " ".join(named(text).split()) == read


@pytest.mark.parametrize("text", ["", "Plain words, 3 < 4.", "https://a.b/c", "{a: (b)}", "naïve café", "a  b\n c", "你好", "x:)y"])
def test_text_without_signs_stays_as_it_is(text: str) -> None:
    assert named(text) == text
    assert with_names(text).starts == tuple(range(len(text)))


def test_every_character_knows_what_was_typed() -> None:
    text = "New 👍🏽👍🏽 shoes :-) 😍"
    made = with_names(text)
    assert len(made.text) == len(made.starts) == len(made.ends)
    for word, typed in (("New", "New"), ("thumbs", "👍🏽👍🏽"), ("sign", "👍🏽👍🏽"), ("shoes", "shoes"), ("smiling face w", "😍")):
        at = made.text.index(word)
        start, end = made.starts[at], made.ends[at + len(word) - 1]
        assert text[start:end] == typed


@pytest.mark.parametrize(
    ("text", "reason"),
    [("12345 67890", NO_WORD), ("!?", NO_WORD), ("🇫🇷", NO_WORD), ("这部电影很无聊。", NOT_LATIN), ("정말 재미있어요", NOT_LATIN),
     ("Фильм мне понравился", NOT_LATIN), ("I love it", ""), ("crying face", ""), ("Bu film çok güzel", ""), ("10/10, good", "")],
)  # fmt: skip
def test_what_holds_nothing_to_read(text: str, reason: str) -> None:
    assert nothing_to_read(named(text)) == reason
