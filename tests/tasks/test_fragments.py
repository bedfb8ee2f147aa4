"""What is answered without the model. The French of the short words is checked against what any dictionary says."""

import pytest

from playground.tasks.fragments import by_rule
from playground.tasks.labels import GREETINGS, LABELS
from playground.tasks.short_words import SHORT_WORDS
from playground.tasks.source_text import french_text, source_text


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


@pytest.mark.parametrize(
    ("text", "french"),
    [
        ("Save as…", "Enregistrer sous…"),
        ("Log In", "Se connecter"),
        ("SAVE", "ENREGISTRER"),
        ("Total: £20–£35", "Total : 20\u00a0£–35\u00a0£"),
        ("Size: 42", "Taille : 42"),
        ("File | Options", "Fichier | Options"),
        ("Next →", "Suivant →"),
        ("Save & exit", "Enregistrer et quitter"),
        ("either/or", ""),
        ("and/or", "et/ou"),
        ("Yes/No", "Oui/Non"),
        ("No, thanks", "Non, merci"),
        ("Merry Christmas!", "Joyeux Noël !"),
        ("Happy birthday 🎂", "Joyeux anniversaire 🎂"),
        ("Hi!", "Salut !"),
    ],
)
def test_labels_and_greetings(text: str, french: str) -> None:
    source = source_text(text)
    assert french_text(by_rule(source), source) == french


def test_what_is_all_copied_is_its_own_answer() -> None:
    source = source_text("jane@example.com, 43086 😀")
    assert by_rule(source) == source.read


@pytest.mark.parametrize(
    "text",
    [
        "dog",
        "Yes!",
        "What?",
        "the dog",
        "I love you.",
        "a 5",
        "Open the file.",
        "Help!",
        "Save 5",
        "Thank you, Tom.",
        "Hi there",
        "Hello <b>you</b> 🦙",
        "Close <b>window</b>",
        "A→A",
        "The (1 of",
    ],
)
def test_the_model_answers_what_says_something(text: str) -> None:
    assert by_rule(source_text(text)) == ""


def test_no_fragment_is_rude_or_empty() -> None:
    every = (*SHORT_WORDS.values(), *LABELS.values(), *GREETINGS.values())
    assert all(french and not {"cul", "merde", "con"} & set(french.replace(",", " ").split()) for french in every)
