"""The written list of models is whole: every default serves its room offline, and an unknown name lists the known ones."""

import pytest

from playground.catalog import DEFAULTS, MODELS, ROOMS, Hub, ModelCard, find_model, models_for, offline_sentence
from playground.errors import UnknownModel
from playground.layouts import LAYOUTS

WITH_MODELS = [room for room in ROOMS if room != "learn"]


def test_slugs_are_unique_and_fit_a_link() -> None:
    slugs = [card.slug for card in MODELS]
    assert len(set(slugs)) == len(slugs)
    assert all(slug.replace("-", "").isalnum() and slug.islower() for slug in slugs)


@pytest.mark.parametrize("room", WITH_MODELS)
def test_every_room_works_offline_by_default(room: str) -> None:
    card = find_model(DEFAULTS[room], room)
    assert card.embedded
    assert card in models_for(room)
    assert set(DEFAULTS) == set(WITH_MODELS)
    assert any(card.slug in offline_sentence(room) for card in models_for(room))


def test_every_card_is_filled_in() -> None:
    for card in MODELS:
        assert card.rooms
        assert card.sources and card.bytes > 0 and card.window > 0 and card.licence
        assert card.scheme in ("byte-level BPE", "WordPiece", "SentencePiece")
        assert "embeddings" not in card.rooms or card.kind in LAYOUTS
        assert ("translation" in card.rooms) == bool(card.languages)
        assert all(source.id.count("/") == 1 for source in card.sources if isinstance(source, Hub))


def test_three_tokenizer_schemes_work_offline() -> None:
    assert {card.scheme for card in models_for("tokens") if card.embedded} == {"byte-level BPE", "WordPiece", "SentencePiece"}


def test_an_unknown_model_lists_those_that_can() -> None:
    with pytest.raises(UnknownModel) as caught:
        find_model("nosuch", "translation")
    assert all(card.slug in str(caught.value) for card in models_for("translation"))
    assert "smollm2" not in str(caught.value)
    with pytest.raises(UnknownModel, match=r"GPT-2 \(gpt2\) cannot be used for translation"):
        find_model("gpt2", "translation")
    for name in (None, 3, "", "GPT2", "gpt2 "):
        with pytest.raises(UnknownModel):
            find_model(name)


def test_what_works_offline_is_named() -> None:
    assert offline_sentence() == "These work offline: smollm2-135m, minilm-l6, minilm-sentiment, minilm-qa, en-fr."


@pytest.mark.parametrize("card", MODELS, ids=lambda card: card.slug)
def test_a_family_is_what_its_kind_is_made_of(card: ModelCard) -> None:
    assert card.family == "-".join(LAYOUTS[card.kind].stacks)


@pytest.mark.parametrize("card", MODELS, ids=lambda card: card.slug)
def test_a_head_is_a_class_of_transformers(card: ModelCard) -> None:
    import transformers

    assert hasattr(transformers, card.head)
