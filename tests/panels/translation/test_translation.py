"""The translation panel on the fake service: what is shown, what each choice asks for, and what a page may not send."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from playground.errors import BadInput
from playground.panels.translation.forced_decoding import choose, force_text, force_token, free, pick
from playground.panels.translation.translation import DEFAULT, EXAMPLES, PANEL, explain_translation, show, translate
from playground.tasks.translation.document import DocumentRequest
from playground.tasks.translation.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation.limits import LIMITS
from playground.tasks.translation.translation import TranslationRequest
from playground.views.translation.document import read_parts
from tests.panels.panel import WritingService, built, elem_ids
from tests.wire import unpack

TEXT = "- One cat. Two cats!\n\n3. A dog"


def shown(text: str = TEXT, beams: float = 2, service: WritingService | None = None) -> tuple[Any, ...]:
    """(note, document, candidates, alignment) at the end of a run."""
    return after(show, text, DEFAULT.model, beams, service=service)


def after(handler: Callable[..., Iterator[tuple[Any, ...]]], *given: Any, service: WritingService | None = None) -> tuple[Any, ...]:
    return list(handler(service or WritingService(), *given))[-1]


def event(**data: Any) -> Any:
    return SimpleNamespace(_data=data)


@pytest.mark.parametrize("beams", [1, 4.0, 8])
def test_as_many_candidates_as_beams(beams: float) -> None:
    assert len(shown("Hello", beams)[2]["rows"]) == beams


def test_a_text_is_shown_in_parts_and_its_first_sentence_explained() -> None:
    service = WritingService()
    _, document, candidates, alignment = shown(service=service)
    assert [type(asked) for asked in service.asked] == [DocumentRequest, TranslationRequest, ForcedDecodingRequest]
    assert [part["text"] for part in read_parts(document)] == ["- ", "One cat. (1)", " ", "Two cats! (1)", "\n\n3. ", "A dog (1)"]
    assert [part["sentence"] for part in read_parts(document)] == [0, 1, 0, 2, 0, 3]
    assert (document["total"], document["chosen"], candidates["title"]) == (3, 1, "Sentence 1 of 3")
    assert alignment["lab"]["text"] == "One cat."


def test_the_weights_are_all_there_in_one_string() -> None:
    alignment = shown("One cat")[3]
    sent = unpack(alignment["arrays"])["weights"]
    assert sent.size == alignment["layers"] * alignment["heads"] * alignment["written"] * alignment["read"]
    assert np.allclose(sent, 1 / alignment["read"], atol=1 / 255)


def test_a_text_without_words_is_kept_and_told() -> None:
    note, document, candidates, alignment = shown("42 – 43")
    assert "not one letter" in note["text"]
    assert (read_parts(document)[0]["text"], candidates, alignment) == ("42 – 43", None, None)


def test_picking_a_sentence_explains_it() -> None:
    document = shown()[1]
    _, chosen, candidates, alignment = after(pick, document, event(sentence=2))
    assert (chosen["chosen"], candidates["title"], alignment["lab"]["text"]) == (2, "Sentence 2 of 3", "Two cats!")


def test_choosing_a_candidate_explains_it_and_changes_the_text() -> None:
    _, document, candidates, _ = shown()
    _, changed, again, alignment = after(choose, document, candidates, event(candidate=1))
    assert read_parts(changed)[1]["text"] == again["best"] == alignment["lab"]["target"] == "One cat. (2)"
    assert [row["chosen"] for row in again["rows"]] == [False, True]
    assert again["asked"]["candidate"] == 1
    assert read_parts(changed)[3] == read_parts(document)[3]


def test_forcing_a_token_keeps_what_stood_before_it() -> None:
    service = WritingService()
    _, document, candidates, alignment = shown("One cat")
    after(force_token, document, candidates, alignment, event(place=2, id=77), service=service)
    assert service.asked[0] == TranslationRequest("One cat", DEFAULT.model, 2, begin_ids=(*alignment["ids"][:2], 77))


def test_forcing_a_beginning_and_letting_it_go() -> None:
    service = WritingService()
    _, document, candidates, _ = shown("One cat")
    _, _, forced, _ = after(force_text, document, candidates, "  Un chat ", service=service)
    assert service.asked[0] == TranslationRequest("One cat", DEFAULT.model, 2, begin="Un chat")
    assert (forced["forced"], forced["best"]) == (2, "Un chat One cat (1)")
    _, _, own, _ = after(free, document, forced)
    assert (own["forced"], own["best"]) == (0, "One cat (1)")


def test_a_sentence_too_long_to_explain_is_told() -> None:
    note, _, candidates, alignment = shown("cat " * (LIMITS.explained_tokens + 1))
    assert f"over {LIMITS.explained_tokens} tokens" in note["text"]
    assert candidates["rows"]
    assert alignment is None


ASKED = {"text": "a", "model": "en-fr", "beams": 2, "begin": "", "begin_ids": "x"}


@pytest.mark.parametrize("value", [None, {}, [], {"asked": 3}, {"asked": {}}, {"asked": ASKED}])
def test_a_page_that_says_nothing_is_a_sentence(value: Any) -> None:
    with pytest.raises(BadInput, match="ranslate"):
        after(choose, None, value, event(candidate=0))
    with pytest.raises(BadInput, match="ranslate"):
        after(pick, value, event(sentence=1))


@pytest.mark.parametrize("data", [{}, {"candidate": -1}, {"candidate": "1"}, {"candidate": True}, {"candidate": 10**9}])
def test_an_event_that_is_not_ours_is_a_sentence(data: dict[str, Any]) -> None:
    _, document, candidates, _ = shown("One cat")
    with pytest.raises(BadInput, match="Translate the text again"):
        after(choose, document, candidates, event(**data))


def test_a_changed_page_is_checked_again() -> None:
    _, document, candidates, _ = shown("One cat")
    candidates["asked"]["beams"] = 99
    with pytest.raises(BadInput, match="from 1 to 8"):
        after(choose, document, candidates, event(candidate=0))


def test_the_api_streams_and_has_defaults() -> None:
    (found,) = translate(WritingService(), "Hello")
    assert found["translation"] == found["candidates"][0]["text"]
    assert len(found["candidates"]) == DEFAULT.beams
    assert found["sentences"][0]["start"] == 0


def test_the_api_explains() -> None:
    found = explain_translation(WritingService(), "One cat", candidate=1, begin="Un")
    assert found["translation"] == "Un One cat (2)"
    assert [token["forced"] for token in found["tokens"]][:2] == [True, False]
    assert len(found["alignment"]) == len(found["written_words"])


@pytest.mark.parametrize(("beams", "said"), [(0, "from 1 to 8"), (9, "from 1 to 8"), (1.5, "whole number"), ("4", "whole number")])
def test_bad_beams_are_a_sentence(beams: Any, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        list(translate(WritingService(), "Hello", beams=beams))
    with pytest.raises(BadInput, match=said):
        explain_translation(WritingService(), "Hello", beams=beams)


@pytest.mark.parametrize(("label", "values"), EXAMPLES)
def test_examples_run(label: str, values: tuple[str]) -> None:
    assert shown(*values)[2]["rows"], label


def test_controls_have_names() -> None:
    names = {"text", "model", "beams", "run", "stop", "note", "document", "candidates", "begin", "force", "alignment"}
    assert {f"translation-{name}" for name in names} <= elem_ids(built(PANEL, WritingService()))
