"""opus-mt-en-fr and t5-small drop in unchanged: tiny random ones over real HTTP give translations, forced beginnings and explanations
that equal transformers' own."""

from collections.abc import Iterator
from pathlib import Path

import huggingface_hub
import pytest

from playground.catalog import find_model
from playground.engine.models import Loaded, load_model
from playground.engine.translation.translation import begin_ids, source_ids, translate
from playground.engine.watch import Watch
from playground.service.local import LocalService
from playground.settings import Settings
from playground.tasks.translation.document import DocumentRequest
from playground.tasks.translation.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation.translation import TranslationRequest
from tests.engine.hub_server import serving
from tests.engine.tiny_translators import make_tiny_marian, make_tiny_t5
from tests.engine.translation.test_forced_decoding import check_against_forward, one

SLUGS = ("opus-mt-en-fr", "t5-small")
TEXT = "The dog sleeps on the table."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    folder = tmp_path_factory.mktemp("translators")
    made = {"Helsinki-NLP/opus-mt-en-fr": make_tiny_marian(new(folder, "marian")), "google-t5/t5-small": make_tiny_t5(new(folder, "t5"))}
    with pytest.MonkeyPatch.context() as patch, serving(made) as hub:
        patch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(folder / "hub"))
        patch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", False)
        yield Settings(hub_endpoint=hub.url, device="cpu", warm=False)


def new(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


@pytest.fixture(scope="module")
def loaded(settings: Settings) -> dict[str, Loaded]:
    return {slug: load_model(find_model(slug), settings, lambda *_: None) for slug in SLUGS}


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_explained_equals_a_direct_forward(loaded: dict[str, Loaded], slug: str) -> None:
    made, read = one(loaded[slug], TranslationRequest(TEXT, slug, 3), 1)
    check_against_forward(loaded[slug], made, read, 1)
    assert read.weights.shape[:2] == (3, 4)
    assert (read.layer, "not measured" in read.why) == (1, True)
    assert made.candidates[1].total == pytest.approx(float(read.log_probabilities.sum()), abs=2e-3)
    assert len(read.alternatives) == len(read.ids) == len(read.alternative_ids)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_forced_beginning(loaded: dict[str, Loaded], slug: str) -> None:
    request = TranslationRequest(TEXT, slug, 2, "Le chien")
    made, read = one(loaded[slug], request)
    ids = begin_ids(loaded[slug], request)
    assert made.forced == len(ids) > 0
    assert all(candidate.ids[: len(ids)] == ids for candidate in made.candidates)
    assert made.translation.startswith("Le chien")
    check_against_forward(loaded[slug], made, read)


def test_t5_reads_its_prefix(loaded: dict[str, Loaded]) -> None:
    t5 = loaded["t5-small"]
    assert t5.codec.decode(source_ids(t5, TEXT)).startswith("translate English to French: The")
    _, read = one(t5, TranslationRequest(TEXT, "t5-small", 1))
    assert "".join(read.read.labels).startswith("translate English")
    assert read.read.special[-1]


@pytest.mark.parametrize("slug", SLUGS)
def test_alone_equals_in_a_batch(loaded: dict[str, Loaded], slug: str, settings: Settings) -> None:
    texts = ["The cat sleeps.", "Hello, how are you?", "The house is small and the dog is big on the table."]
    found = LocalService(settings).run(DocumentRequest("\n".join(texts), slug, 2))
    for text, made in zip(texts, (m for m in found.made if m is not None), strict=True):
        (alone,) = translate(loaded[slug], [TranslationRequest(text, slug, 2)], Watch())
        size = min(len(alone.candidates[0].ids), len(made.candidates[0].ids), 2 * alone.source_tokens)  # a random model may never end
        assert made.candidates[0].ids[:size] == alone.candidates[0].ids[:size]


@pytest.mark.parametrize("slug", SLUGS)
def test_what_it_cannot_spell_is_told(loaded: dict[str, Loaded], slug: str) -> None:
    (made,) = translate(loaded[slug], [TranslationRequest("The 猫 sleeps on Ω.", slug, 1)], Watch())
    assert made.unknown
    assert set("".join(made.unknown)) & {"猫", "Ω"}
    assert translate(loaded[slug], [TranslationRequest(TEXT, slug, 1)], Watch())[0].unknown == ()


@pytest.mark.parametrize("slug", SLUGS)
def test_through_the_service(settings: Settings, slug: str) -> None:
    answer = LocalService(settings).run(ForcedDecodingRequest(TranslationRequest(TEXT, slug, 2)))
    assert answer.source.startswith("hub ")
    assert answer.weights.shape[3] == len(answer.read)
