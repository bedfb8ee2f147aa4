"""What is said before a translation is believed."""

import pytest

from playground.tasks.source_text import source_text
from playground.tasks.translation.warnings import language_of, loops, unread, warnings_of

LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzéüß'.,!?- ")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Ich bin nicht sicher, ob das eine gute Idee ist.", "German"), ("Le chat est sur la table et il dort.", "French"),
        ("El perro está en la casa y no quiere salir.", "Spanish"), ("Non ho capito che cosa è successo, ma mi dispiace.", "Italian"),
        ("Ik weet niet of het een goed idee is.", "Dutch"),
        ("Eu não sei se isso é uma boa ideia para você.", "Portuguese"),
        ("I am not sure whether this is a good idea.", ""),
        ("The die was cast on the table.", ""),
        ("He went to the El Prado in June.", ""),
        ("Thank you.", ""), ("Paris", ""), ("The man is in the car.", ""), ("Une", "French"),
    ],
)  # fmt: skip
def test_the_language_by_its_short_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_another_script_is_named_and_copied() -> None:
    source = source_text("Привет, мир! Hello, Łukasz.", LETTERS)
    assert unread(source) == ("Привет", "мир")
    said = warnings_of(source, frozenset(), False, False, True)
    assert len(said) == 1 and "“Привет”, “мир”" in said[0] and "copied" in said[0]


def test_what_is_no_word_is_said() -> None:
    words = frozenset({"the", "dog", "sleeps"})
    assert warnings_of(source_text("The dog sleeps."), words, False, False, True) == ()
    assert "not in the English" in warnings_of(source_text("asdf qwer zxcv"), words, False, False, True)[0]
    assert "asked again" in warnings_of(source_text("The dog sleeps."), words, True, False, True)[0]
    assert "German" in warnings_of(source_text("Der Hund ist im Haus und schläft nicht"), words, False, False, True)[0]


@pytest.mark.parametrize(
    ("french", "english", "looped"),
    [
        ("de la de la de la de la", "of the", True), ("oui oui oui oui", "Yes.", True), ("Oui, oui.", "Yes, yes.", False),
        ("La maison à la maison", "Home", True), ("bye bye", "bye bye", False),
        ("non non non", "no no no", False), ("Il pleut.", "It is raining.", False), (" ".join(map(str, range(40))), "One two.", True),
    ],
)  # fmt: skip
def test_loops(french: str, english: str, looped: bool) -> None:
    assert loops(french, english) is looped
