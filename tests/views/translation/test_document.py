"""A document as parts, notes and an API answer."""

import json

import pytest

from playground.errors import BadInput
from playground.tasks.passages import passages_of
from playground.tasks.translation.document import Document, DocumentRequest
from playground.tasks.translation.translation import Candidate, Translation
from playground.views.translation.document import document_note, document_view, read_parts, sentence_request, translated, with_sentence

TEXT = "> A cat. A dog!\n---\n"
REQUEST = DocumentRequest(TEXT, "en-fr", 2)


def made(done: int, unknown: tuple[str, ...] = (), parted: int = 0) -> Document:
    passages, found, left = passages_of(TEXT), list[Translation | None](), done
    for passage in passages:
        ready = passage.sentence and left > 0
        left -= ready
        found.append(Translation("en-fr", "", passage.text, (Candidate(f"<b>{passage.text}", -0.5),), 3, 3, 0, unknown) if ready else None)
    return Document("en-fr", "", TEXT, passages, tuple(found), parted)


def test_what_is_not_done_is_still_in_its_own_language() -> None:
    view = document_view(made(1), REQUEST)
    assert [part["text"] for part in read_parts(view)] == ["> ", "<b>A cat.", " ", "A dog!", "\n---\n"]
    assert [part.get("done") for part in read_parts(view)] == [None, True, None, False, None]
    assert "".join(part["text"] for part in read_parts(view)) == made(1).translation
    json.dumps(view)


def test_notes_say_how_far_it_is_and_what_was_lost() -> None:
    assert document_note(made(1)) == {"text": "Sentence 2 of 2…", "done": 1, "total": 2, "tone": "busy"}
    told = document_note(made(2, ("猫",), 1))["text"]
    assert "2 sentences" in told
    assert "“猫”" in told
    assert "in parts: 1" in told
    assert "cannot spell" not in document_note(made(2))["text"]


def test_the_api_says_where_each_sentence_was() -> None:
    found = translated(made(2))
    assert (found["done"], found["total"], found["candidates"]) == (2, 2, [])
    assert [TEXT[one["start"] : one["start"] + len(one["text"])] for one in found["sentences"]] == ["A cat.", "A dog!"]


def test_a_sentence_is_asked_for_by_its_number() -> None:
    view = document_view(made(2), REQUEST)
    assert (sentence_request(view, 2).text, sentence_request(view, 2).beams) == ("A dog!", 2)
    with pytest.raises(BadInput, match="Translate the text again"):
        sentence_request(view, 3)
    changed = with_sentence(view, 2, "Un chien", -0.1)
    assert [part["text"] for part in read_parts(changed)] == ["> ", "<b>A cat.", " ", "Un chien", "\n---\n"]
    assert changed["chosen"] == 2
    assert with_sentence(None, 1, "x", -1) is None


@pytest.mark.parametrize("value", [None, 3, {}, {"parts": 3}, {"parts": "{"}, {"parts": "3"}, {"parts": "[3]"}])
def test_what_is_no_document_has_no_parts(value: object) -> None:
    assert read_parts(value) == []
    assert with_sentence(value, 1, "x", -1) == value
