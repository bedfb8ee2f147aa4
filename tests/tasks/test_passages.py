"""Sentence splitting: nothing is lost whatever the text, and sentences end where people say they end."""

import itertools
import random

import pytest

from playground.tasks.passages import Passage, parted, passages_of

ALPHABET = (
    *"aZ é.!?…,;:-–*#>()[]\"'“”«»’_`~1289/@", "\n", "\r\n", "\t", "  ", "\u2028", "\x0c", "\u00a0", "\u200b", "🙂", "👩‍🚀", "。", "！",
    "中", "مر", "e\u0301", "Mr. ", "e.g. ", "3.14", "http://a.b/c?d=E.F ", "- ", "1. ", "# ", "> ", "U.S. ", "\x00", "<b>", "${7*7}",
    ". The ",
)  # fmt: skip


def sentences(text: str) -> list[str]:
    return [passage.text for passage in passages_of(text) if passage.sentence]


@pytest.mark.parametrize("seed", range(40))
def test_the_parts_are_the_text(seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(40):
        text = "".join(draw.choices(ALPHABET, k=draw.randint(0, 80)))
        found = passages_of(text)
        assert "".join(passage.text for passage in found) == text
        assert all(passage.text for passage in found)
        assert all(any(letter.isalpha() for letter in p.text) for p in found if p.sentence)
        assert not any(not a.sentence and not b.sentence for a, b in itertools.pairwise(found)), "what is kept is in one piece"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How are you?", ["How are you?"]),
        ("No full stop", ["No full stop"]),
        ("One. Two! Three?  Four…", ["One.", "Two!", "Three?", "Four…"]),
        ("Mr. Smith met Dr. Lee, e.g. for tea. He left.", ["Mr. Smith met Dr. Lee, e.g. for tea.", "He left."]),
        ("It is 3.14. Then came 5.", ["It is 3.14.", "Then came 5."]),
        ("J. K. Rowling wrote it. So did I. Then we left.", ["J. K. Rowling wrote it.", "So did I.", "Then we left."]),
        ("The U.S. Army came. He left the U.S. The end.", ["The U.S. Army came.", "He left the U.S.", "The end."]),
        ("See no. 5 now. I said no. Then he left.", ["See no. 5 now.", "I said no.", "Then he left."]),
        ("We left at 5 p.m. on Monday. At 6 p.m. We ate.", ["We left at 5 p.m. on Monday.", "At 6 p.m.", "We ate."]),
        ("Well… perhaps. I see... Good.", ["Well… perhaps.", "I see...", "Good."]),
        ("He said “Stop!” and ran. “Go.” Then she left.", ["He said “Stop!” and ran.", "Go.", "Then she left."]),
        ("Visit https://a.b/c?d=E.F now. Mail me@x.org. Ok.", ["Visit https://a.b/c?d=E.F now.", "Mail me@x.org.", "Ok."]),
        ("你好。我很好！再见", ["你好。", "我很好！", "再见"]),
        ("Really?Yes!Good.", ["Really?", "Yes!", "Good."]),
        ("Hello 🙂 Bob! 🎉 Bye 👩‍🚀", ["Hello 🙂 Bob!", "Bye"]),
        ("(In brackets.) And (not) so.", ["In brackets.", "And (not) so."]),
        ('"Hello," he said. "How are you?"', ['"Hello," he said.', "How are you?"]),
        ("**All bold.** Some *bold*.", ["All bold.", "Some *bold*."]),
        ("Line one\nline two", ["Line one", "line two"]),
    ],
)
def test_where_sentences_end(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("# Title", "# "), ("  - item", "  - "), ("12. item", "12. "), ("(3) item", "(3) "), ("a) item", "a) "), ("> > said", "> > "),
        ("\t* [ ] item", "\t* [ ] "), ("– item", "– "), ("   indented", "   "), ("> 1. item", "> 1. "),
    ],
)  # fmt: skip
def test_what_a_line_begins_with_is_kept(line: str, kept: str) -> None:
    assert passages_of(line)[0] == Passage(kept, False)
    assert len(sentences(line)) == 1


@pytest.mark.parametrize("text", ["", "---", "* * *", "42", "1.", "\n\n", " \t ", "🙂!", "https://a.b/c", "12:30 – 13:45"])
def test_what_has_no_words_is_kept(text: str) -> None:
    assert sentences(text) == []


def test_a_sentence_too_long_is_cut_at_commas_then_spaces_then_anywhere() -> None:
    def fits(text: str) -> bool:
        return len(text) <= 20

    texts = ("one two three, four five six; seven eight nine, ten", "one two three four five six seven eight", "x" * 99, "é,e\u0301 " * 30)
    for text in texts:
        found = parted(text, fits)
        assert "".join(passage.text for passage in found) == text
        assert all(fits(passage.text) for passage in found)
    assert parted("one two three, four five six", fits)[0].text == "one two three,"
    assert parted("short", fits) == (Passage("short", True),)


@pytest.mark.parametrize(
    "text",
    ["a@" * 10_000, "a" + " !" * 9_999, "😀" * 19_999 + "a", "Mr. " * 5_000, "U.S. a " * 2_800, "a." * 10_000, "a@" + "b." * 9_999,
     "a " + "@b." * 6_000, "“a” " * 5_000, "(" * 19_999 + "a", "x@y.z!" * 3_300],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_no_text_of_the_longest_is_looked_through_again_and_again(text: str) -> None:
    """Each of these took seconds, the first one most of an hour, while nobody else was served."""
    assert "".join(part.text for part in passages_of(text)) == text


@pytest.mark.parametrize(
    ("text", "whole"), [("Ask a!B@c.org today.", "Ask a!B@c.org today."), ("(a@b.co.uk) is mine.", "(a@b.co.uk) is mine.")]
)
def test_an_address_is_one_word(text: str, whole: str) -> None:
    assert whole in [part.text for part in passages_of(text)]
