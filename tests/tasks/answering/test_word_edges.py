"""Where words begin and end, marked by hand: < where a span may begin, > where one may end."""

import random

import numpy as np
import pytest

from playground.tasks.answering.word_edges import word_edges

MARKED = [
    "<It> <was> <-12.5°C>, <not> <12.5%>.>",
    "<Mail> <jane.doe@example.com>, <or> <see> <https://a.b/c_(d>)>?>",  # the mark at the end may be taken along
    "<See> <https://a.b/c?d=e&f=g>.>",
    "<Caesar>'s> <death> <is> <in> <the> <U.S>.> <law>.>",
    "<(<in> <1889>–<1890>)> <don't> <stop>!>",
    '<"<Stop>">, <he> <said>.>',
    "<“<Flung> <to> <it>”> <and> <gone>",
    "<The> <state-of-the-art> <e-mail> <of> <Jean-Luc>",
    "<It> <costs> <$5> <or> <€3.50>; <C++> <and> <C#> <are> <free>",
    "<In> <2010>.>[12>]> <He> <left>",
    "<The> <war>—<a> <long> <one>—<ended>",
    "<snake_case> <and> <f(x>)>",
    "<She> <got> <+3> <and> <.5> <points>",
    "<the> <boys>'> <room>",
    "<你><好><世><界>",
]


def plain(marked: str) -> tuple[str, list[int], list[int]]:
    text, begins, ends = "", list[int](), list[int]()
    for letter in marked:
        if letter in "<>":
            (begins if letter == "<" else ends).append(len(text))
        else:
            text += letter
    return text, begins, ends


@pytest.mark.parametrize("marked", MARKED)
def test_words_begin_and_end_where_the_marks_say(marked: str) -> None:
    text, begins, ends = plain(marked)
    places = np.arange(len(text))
    first, last = word_edges(text, places, places + 1)  # every character a token
    assert [int(i) for i in np.flatnonzero(first)] == begins
    assert [int(i) + 1 for i in np.flatnonzero(last)] == ends


def test_an_empty_token_is_no_edge() -> None:
    first, last = word_edges("a b", [0, 1, 2], [0, 1, 3])
    assert (first.tolist(), last.tolist()) == ([False, False, True], [False, False, True])


def test_every_framed_word_has_a_beginning_and_an_end() -> None:
    """A word with up to two opening marks before it and up to four closing ones behind: it alone is a span, none of it is."""
    draw = random.Random(3)
    for _ in range(2000):
        word = "".join(draw.choices("ab1é-@/%°$", k=draw.randint(0, 6))) + draw.choice("ab1é%°")
        word = draw.choice("ab1$é") + word
        before = "".join(draw.choices("([\"“*'", k=draw.randint(0, 2)))
        after = "".join(draw.choices(').,!"”*;', k=draw.randint(0, 4)))
        text, at = f"x {before}{word}{after} y", 2 + len(before)
        places = np.arange(len(text))
        first, last = word_edges(text, places, places + 1)
        assert [i for i in range(at, at + len(word)) if first[i]] == [at], text
        assert [i for i in range(at, at + len(word)) if last[i]] == [at + len(word) - 1], text


def test_long_texts_take_no_time() -> None:
    for text in ("(" * 100_000, "a" * 100_000, ")" * 100_000, "a)" * 50_000, "[1]" * 33_000, "a–" * 50_000, "'s" * 50_000):
        assert len(word_edges(text, [0], [1])[0]) == 1
