"""The real translator: as many sentences come out as went in, whatever case they are typed in and however the lines are wrapped."""

import textwrap

import pytest

from playground.engine.models import Loaded
from playground.engine.translation.document import translate_documents
from playground.engine.watch import Watch
from playground.tasks.translation.document import Document, DocumentRequest
from tests.conftest import Models

SLUG = "en-fr"
# Text, and a word that the French of each of its sentences must have.
TEXTS = {
    "lower case": ("i like cats. i like dogs.", ("chats", "chiens")),
    "questions": ("where is the station? the train is late. we are waiting.", ("gare", "train", "attend")),
    "an abbreviation": ("We live at 5 Baker St. It is a small house. The garden is green.", ("St", "maison", "jardin")),
    "no space": ("I like tea.The cat is black.", ("thé", "chat")),
    "a line each": ("The cat sleeps.\nthe dog eats.\nThe bird sings.", ("chat", "chien", "oiseau")),
}


@pytest.fixture
def marian(models: Models) -> Loaded:
    return models[SLUG]


def made_of(marian: Loaded, text: str) -> Document:
    return translate_documents(marian, [DocumentRequest(text, SLUG, 2)], Watch())[0]


@pytest.mark.parametrize("kind", list(TEXTS))
def test_as_many_sentences_out_as_in(marian: Loaded, kind: str) -> None:
    text, words = TEXTS[kind]
    found = [one.translation for one in made_of(marian, text).made if one is not None]
    assert len(found) == len(words), found
    for french, word in zip(found, words, strict=True):
        assert word in french.lower() or word in french, found


def test_a_wrapped_text_is_translated_like_an_unwrapped_one(marian: Loaded) -> None:
    """sentencepiece reads a line break as a space, so a sentence over two lines is the same sentence to the model."""
    text = "The children are playing in the garden behind the old white house. Their mother is reading a book under the big tree."
    wrapped = "\n".join(textwrap.wrap(text, 50))
    assert "\n" in wrapped
    one, other = ([m.translation for m in made_of(marian, typed).made if m is not None] for typed in (text, wrapped))
    assert one == other and len(one) == 2
