"""A text sentence by sentence: as each alone, nothing lost between, partial answers on the way, and Stop."""

import itertools
import random
import time

import pytest

from playground.engine.models import Loaded
from playground.engine.translation import document
from playground.engine.translation.document import batches_of, translate_documents
from playground.engine.translation.translation import translate
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.service.local import LocalService
from playground.tasks.request import Progress
from playground.tasks.translation.document import Document, DocumentRequest
from playground.tasks.translation.limits import LIMITS
from playground.tasks.translation.translation import Candidate, Translation, TranslationRequest
from tests.benchmarks.texts import SENTENCES
from tests.conftest import Models
from tests.tasks.test_passages import ALPHABET

SLUG = "en-fr"
LIST = "# The house\n\n  1. The red bicycle.\n  2. The cat sleeps!\n\n> - “Where is the station?”  \n\n---\nThe end"


@pytest.fixture
def marian(models: Models) -> Loaded:
    return models[SLUG]


def one(loaded: Loaded, text: str, beams: int = 2, watch: Watch | None = None) -> Document:
    return translate_documents(loaded, [DocumentRequest(text, SLUG, beams)], watch or Watch())[0]


def test_each_sentence_is_what_it_is_alone(marian: Loaded) -> None:
    found = one(marian, " ".join(SENTENCES[:14]))
    made = [m for m in found.made if m is not None]
    assert [m.text for m in made] == list(SENTENCES[:14])
    for m in made:
        (alone,) = translate(marian, [TranslationRequest(m.text, SLUG, 2)], Watch())
        assert [c.text for c in m.candidates] == [c.text for c in alone.candidates]
        assert [c.score for c in m.candidates] == pytest.approx([c.score for c in alone.candidates], abs=1e-4)
        assert [c.ids for c in m.candidates] == [c.ids for c in alone.candidates]


def test_what_lies_between_is_kept(marian: Loaded) -> None:
    found = one(marian, LIST)
    lines = found.translation.split("\n")
    assert [line[: len(kept)] for line, kept in zip(lines, ("# ", "", "  1. ", "  2. ", "", "> - “", "", "---"), strict=False)] == [
        "# ", "", "  1. ", "  2. ", "", "> - “", "", "---",
    ]  # fmt: skip
    assert lines[5].endswith("”  ")
    assert "chat" in lines[3]
    assert (found.total, found.done, found.finished) == (5, 5, True)


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sentence is its own translation."""

    def same(loaded: Loaded, texts: list[str], beams: int, watch: Watch) -> list[Translation]:
        return [Translation(SLUG, "", text, (Candidate(text, -0.1),), 1, 1) for text in texts]

    monkeypatch.setattr(document, "translate_together", same)


@pytest.mark.usefixtures("identity")
def test_with_an_identity_translator_the_text_comes_back(marian: Loaded) -> None:
    draw = random.Random(5)
    texts = ["".join(draw.choices((*ALPHABET, "word ", "The cat sat, and "), k=draw.randint(1, 200))) for _ in range(150)]
    for text in (LIST, "word " * 3_000, "x" * 4_000, *texts):
        found = one(marian, text)
        assert found.translation == text
        assert found.finished


@pytest.mark.usefixtures("identity")
def test_a_sentence_over_the_window_is_parted_and_told(marian: Loaded) -> None:
    found = one(marian, "Short one. " + "the cat, " * 400 + "ends. Short two.")
    assert found.parted == 1
    sizes = [len(marian.codec.ids(m.text)) for m in found.made if m is not None]
    assert max(sizes) <= marian.window
    assert found.total > 3
    assert one(marian, "Short one. Short two.").parted == 0


def test_a_text_without_a_word_is_kept(marian: Loaded) -> None:
    found = one(marian, "42 – 43\n***\n")
    assert (found.translation, found.total, found.finished) == ("42 – 43\n***\n", 0, True)


def test_partial_answers_are_cumulative(marian: Loaded) -> None:
    seen: list[Document] = []
    text = "\n".join(SENTENCES[:20])
    final = one(marian, text, 1, Watch(seen.append))
    assert len(seen) >= 3
    done = [{i for i, m in enumerate(part.made) if m is not None} for part in seen]
    assert [len(some) for some in done] == sorted(len(some) for some in done)
    assert all(a <= b for a, b in itertools.pairwise(done))
    assert seen[0].translation == text, "what is not done yet is in its own language"
    assert seen[1].passages == final.passages
    assert seen[1].made[0] == final.made[0]


def test_batches_hold_every_sentence_once_and_similar_ones_together() -> None:
    draw = random.Random(1)
    sizes = [(i, draw.randint(1, 200)) for i in range(101)]
    batches = batches_of(sizes)
    assert sorted(place for batch in batches for place in batch) == list(range(101))
    assert batches[0] == [0, 1]
    assert max(map(len, batches)) <= document.TOGETHER
    by_place = dict(sizes)
    spread = sum(max(by_place[i] for i in batch) * len(batch) for batch in batches[1:]) / sum(by_place[i] for b in batches[1:] for i in b)
    assert spread < 1.35, "padding costs less than a third"
    assert batches_of([]) == []


def test_closing_the_stream_stops_between_two_layers(local: LocalService) -> None:
    """Well within a second also on a busy machine; what came before stays with the reader."""
    stream = local.stream(DocumentRequest("\n".join(SENTENCES * 8), SLUG))
    seen = [next(item for item in stream if isinstance(item, Document) and item.done)]
    stream.close()
    begun = time.monotonic()
    while local._lanes["en-fr", False].working:
        assert time.monotonic() - begun < 1.0
        time.sleep(0.005)
    assert 0 < seen[0].done < seen[0].total
    assert list(stream) == []


def test_progress_or_a_part_comes_while_it_goes_on(local: LocalService) -> None:
    items = list(local.stream(DocumentRequest("\n".join(SENTENCES[:12]), SLUG, 1)))
    assert all(isinstance(item, Progress | Document) for item in items)
    assert isinstance(items[-1], Document) and items[-1].finished


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (DocumentRequest("", SLUG), "empty"), (DocumentRequest(" \n", SLUG), "only spaces"),
        (DocumentRequest("x" * (LIMITS.translation_characters + 1), SLUG), "limit is 20,000"),
        (DocumentRequest("a", SLUG, 9), "from 1 to 8"),
    ],
)  # fmt: skip
def test_bad_requests_are_a_sentence(request_: DocumentRequest, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        request_.check()


@pytest.mark.parametrize("text", ["Yes", "Yes\n\nYes", "anna@example.com", "😢"])
def test_a_text_that_needs_no_model_is_answered(marian: Loaded, text: str) -> None:
    """Where no sentence is left for the search: a word of the list, an address, a sign."""
    made = one(marian, text)
    said = "".join(m.candidates[0].text if m else p.text for p, m in zip(made.passages, made.made, strict=True))
    assert said == text.replace("Yes", "Oui")
