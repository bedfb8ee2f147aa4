"""Translation on the real embedded model: right on greetings, equal to transformers' beam search, scores recomputed by hand."""

import pytest
import torch

from playground.engine.models import Loaded
from playground.engine.translation.translation import translate
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.translation.translation import Translation, TranslationRequest
from tests.conftest import Models

SLUG = "en-fr"
TEXTS = ["How are you?", "I don't know where my cat is.", "It's raining, so we stay at home.", "Hello"]
RIGHT = {
    "comment allez-vous", "comment vas-tu", "comment ça va", "ça va", "comment vous portez-vous", "comment tu vas", "tu vas bien",
    "comment te portes-tu", "vous allez bien", "comment est-ce que tu vas",
}  # fmt: skip


@pytest.fixture
def marian(models: Models) -> Loaded:
    return models[SLUG]


def one(loaded: Loaded, text: str, beams: int = 4) -> Translation:
    return translate(loaded, [TranslationRequest(text, SLUG, beams)], Watch())[0]


def test_how_are_you(marian: Loaded) -> None:
    assert one(marian, "How are you?").translation.lower().rstrip(" ?!.\u202f\u00a0") in RIGHT


def test_the_greeting_survives(marian: Loaded) -> None:
    answer = one(marian, "Hello, how are you?").translation
    assert any(word in answer for word in ("Bonjour", "Salut")), answer


@pytest.mark.parametrize("beams", [1, 2, 4])
def test_equals_transformers_beam_search(marian: Loaded, beams: int) -> None:
    for text in TEXTS:
        ids = torch.tensor([marian.codec.ids(text)])
        with torch.inference_mode():
            made = marian.model.generate(
                ids, attention_mask=torch.ones_like(ids), num_beams=beams, do_sample=False, max_new_tokens=60, max_length=None,
                length_penalty=1.0, early_stopping=False,
            )  # fmt: skip
        assert one(marian, text, beams).translation == marian.codec.decode(made[0].tolist())


def test_a_score_is_the_mean_log_probability_of_its_tokens(marian: Loaded) -> None:
    """Teacher forced, by hand: one forward over the tokens `search` found."""
    from playground.engine.decoding import search

    for beams in (1, 3):
        ids = torch.tensor([marian.codec.ids(TEXTS[1])])
        inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        for new, score in search(marian.model, inputs, beams, 40):
            start = marian.model.config.decoder_start_token_id
            with torch.inference_mode():
                logits = marian.model(**inputs, decoder_input_ids=torch.tensor([[start, *new[:-1]]])).logits[0]
            logits = logits.clone()
            logits[:, marian.model.config.pad_token_id] = -torch.inf  # Marian never writes padding
            own = torch.log_softmax(logits.float(), -1)[torch.arange(len(new)), torch.tensor(new)]
            assert score == pytest.approx(float(own.mean()), abs=1e-3)
            assert score <= 0


def test_candidates_fall_by_score_and_are_as_many_as_beams(marian: Loaded) -> None:
    for beams in (1, 3, 5):
        answer = one(marian, TEXTS[2], beams)
        scores = [candidate.score for candidate in answer.candidates]
        assert len(scores) == beams
        assert scores == sorted(scores, reverse=True)
        assert answer.candidates[0].text == answer.translation
        assert answer.source_tokens == len(marian.codec.ids(TEXTS[2]))


def test_alone_equals_in_a_batch(marian: Loaded) -> None:
    together = translate(marian, [TranslationRequest(text, SLUG, 2) for text in TEXTS], Watch())
    for text, answer in zip(TEXTS, together, strict=True):
        alone = one(marian, text, 2)
        assert answer.text == text
        assert answer.translation == alone.translation
        assert [c.score for c in answer.candidates] == pytest.approx([c.score for c in alone.candidates], abs=1e-4)


def test_a_text_over_the_window_is_refused_with_the_numbers(marian: Loaded) -> None:
    with pytest.raises(BadInput, match=rf"tokens long.*reads {marian.window}"):
        one(marian, "cat " * (marian.window + 1))
