"""What is answered without the model. The French of the short words is checked against what any dictionary says."""

import pytest

from playground.tasks.fragments import by_rule
from playground.tasks.short_words import SHORT_WORDS
from playground.tasks.source_text import source_text


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("a", "un, une"),
        ("The", "Le, la, les"),
        ("of", "de"),
        ("and.", "et."),
        ("b", "b"),
        ("X", "X"),
        ("with", "avec"),
        ("WHY", "Pourquoi"),
    ],
)
def test_fragments(text: str, french: str) -> None:
    assert by_rule(source_text(text)) == french


def test_what_is_all_copied_is_its_own_answer() -> None:
    source = source_text("jane@example.com, 43086 😀")
    assert by_rule(source) == source.read


@pytest.mark.parametrize("text", ["dog", "Yes!", "What?", "the dog", "I love you.", "a 5"])
def test_the_model_answers_what_says_something(text: str) -> None:
    assert by_rule(source_text(text)) == ""


def test_no_fragment_is_rude_or_empty() -> None:
    assert all(french and not {"cul", "merde", "con"} & set(french.replace(",", " ").split()) for french in SHORT_WORDS.values())
