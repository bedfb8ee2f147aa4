"""Right-to-left text within our sentences is isolated; what is isolated is held against Unicode's own property."""

import unicodedata

import pytest

from playground.errors import BadInput
from playground.tasks.text import check_choice, in_quotes, isolated, shown

ISOLATE, POP = "\u2068", "\u2069"


def isolates(letter: str) -> bool:
    return isolated(letter) != letter


def test_every_right_to_left_character_is_isolated_and_no_letter_of_other_scripts_is() -> None:
    for point in [p for p in range(0x110000) if not 0xD800 <= p <= 0xDFFF]:
        direction = unicodedata.bidirectional(chr(point))
        if direction in ("R", "AL", "AN", "RLE", "RLO", "RLI"):
            assert isolates(chr(point)), hex(point)
        elif direction == "L":
            assert not isolates(chr(point)), hex(point)


def test_other_text_is_left_as_it_is() -> None:
    for text in ("", "it", "naïve 12", "日本", "½ …", "(0.22)", "🤗"):
        assert isolated(text) == text and in_quotes(text) == f"“{text}”"


@pytest.mark.parametrize("text", ["ש", "مرحبا 5", "a ש", "٣"])
def test_a_right_to_left_piece_stands_alone(text: str) -> None:
    assert in_quotes(text) == f"“{ISOLATE}{text}{POP}”"
    assert shown(text) == f"“{ISOLATE}{text}{POP}”"


def test_what_is_quoted_in_an_error_is_isolated_whole() -> None:
    assert shown("ש" * 99).endswith(f"ש…{POP}”") and shown("ש" * 99).startswith(f"“{ISOLATE}ש")
    with pytest.raises(BadInput, match=f"Model “{ISOLATE}שלום{POP}” is not known"):
        check_choice("שלום", "Model", ("a", "b"))
