"""Forced decoding against transformers: attention equals `output_attentions`, probabilities and alternatives a direct forward."""

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from playground.engine.models import Loaded
from playground.engine.translation.forced_decoding import reread
from playground.engine.translation.translation import translate
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.precision import unpacked
from playground.tasks.translation.forced_decoding import ForcedDecoding, ForcedDecodingRequest
from playground.tasks.translation.translation import Translation, TranslationRequest
from tests.conftest import Models
from tests.engine.alignments import accuracies
from tests.engine.test_tap import twin

SLUG, TEXT = "en-fr", "The black cat sleeps on the table."


@pytest.fixture
def marian(models: Models) -> Loaded:
    return models[SLUG]


def one(loaded: Loaded, request: TranslationRequest, candidate: int = 0) -> tuple[Translation, ForcedDecoding]:
    (made,) = translate(loaded, [request], Watch())
    (read,) = reread(loaded, [ForcedDecodingRequest(request, candidate, made.candidates[candidate].ids)], Watch())
    return made, read


def forward(loaded: Loaded, text: str, ids: tuple[int, ...]) -> tuple[torch.Tensor, NDArray[np.float32]]:
    """(tokens, vocabulary) logits and (layers, heads, written, read) attention of transformers' own eager path."""
    read = torch.tensor([loaded.codec.ids(loaded.card.prefix + text)])
    before = torch.tensor([[loaded.model.config.decoder_start_token_id, *ids[:-1]]])
    with torch.inference_mode():
        out = twin(loaded.model, "eager")(input_ids=read, decoder_input_ids=before, output_attentions=True)
    return out.logits[0], torch.cat(out.cross_attentions).numpy()


@pytest.mark.parametrize("candidate", [0, 1])
def test_equals_a_direct_forward(marian: Loaded, candidate: int) -> None:
    made, read = one(marian, TranslationRequest(TEXT, SLUG), candidate)
    check_against_forward(marian, made, read, candidate)


def check_against_forward(loaded: Loaded, made: Translation, read: ForcedDecoding, candidate: int = 0) -> None:
    """Shared with the tiny Marian and T5 of test_hub_translation.py."""
    logits, attention = forward(loaded, made.text, read.ids)
    np.testing.assert_allclose(unpacked(read.weights), attention, atol=3.2e-5)
    own = torch.log_softmax(logits, -1)[torch.arange(len(read.ids)), torch.tensor(read.ids)].numpy()
    assert read.log_probabilities == pytest.approx(own, abs=1e-3)
    best = logits.topk(read.alternative_logits.shape[1])
    assert read.alternative_logits == pytest.approx(best.values.numpy(), abs=1e-3)
    shares = torch.softmax(logits, -1).gather(1, best.indices).numpy()
    assert np.exp(read.alternative_logits - read.log_totals[:, None]) == pytest.approx(shares, abs=1e-4)
    for i, token in enumerate(read.ids):
        assert read.ranks[i] == int((logits[i] > logits[i, token]).sum())
    assert made.candidates[candidate].text == read.translation
    assert len(read.written) == len(read.ids) == read.weights.shape[2]
    assert len(read.read) == read.weights.shape[3] == made.source_tokens
    assert all(not array.flags.writeable for array in (read.weights, read.logits, read.log_totals, read.ranks, read.alternative_logits))


def test_the_tokens_sum_to_the_candidates_score(marian: Loaded) -> None:
    for candidate in range(3):
        made, read = one(marian, TranslationRequest(TEXT, SLUG, 3), candidate)
        chosen = made.candidates[candidate]
        assert chosen.total == pytest.approx(float(read.log_probabilities.sum()), abs=2e-3)
        assert chosen.score == pytest.approx(chosen.total / len(chosen.ids))
        assert "".join(read.written.labels[:-1]).strip().replace(" ", "") == chosen.text.replace(" ", "")


def test_without_ids_the_translation_is_searched_for(marian: Loaded) -> None:
    request = TranslationRequest(TEXT, SLUG, 2)
    made, read = one(marian, request, 1)
    (searched,) = reread(marian, [ForcedDecodingRequest(request, 1)], Watch())
    assert searched.ids == read.ids == made.candidates[1].ids


def test_the_default_layer_aligns_best(marian: Loaded) -> None:
    """On 52 plain sentences, over the words of a small dictionary: what the panel says of its default is so."""
    found = accuracies(marian)
    _, read = one(marian, TranslationRequest(TEXT, SLUG, 1))
    assert "measured" in read.why
    assert found[read.layer] > 0.85
    assert found[read.layer] >= max(found.values()) - 0.05


@pytest.mark.parametrize("begin", ["Est-ce que", "Un", "Le chat noir a", "Vous êtes"])
def test_a_forced_beginning(marian: Loaded, begin: str) -> None:
    made, read = one(marian, TranslationRequest(TEXT, SLUG, 3, begin))
    forced = marian.codec.encode(begin, special=False, target=True).ids.tolist()  # type: ignore[call-arg]
    assert made.forced == read.forced == len(forced)
    assert all(candidate.ids[: made.forced] == tuple(forced) for candidate in made.candidates)
    assert all(candidate.text.startswith(begin) for candidate in made.candidates)
    assert [c.score for c in made.candidates] == sorted((c.score for c in made.candidates), reverse=True)
    assert made.candidates[0].total == pytest.approx(float(read.log_probabilities.sum()), abs=2e-3)
    assert made.candidates[0].text != one(marian, TranslationRequest(TEXT, SLUG, 3))[0].translation


def test_an_alternative_is_forced_by_its_tokens(marian: Loaded) -> None:
    _, read = one(marian, TranslationRequest(TEXT, SLUG))
    place = 3
    other = next(int(t) for t in read.alternative_ids[place] if t != read.ids[place])
    made, again = one(marian, TranslationRequest(TEXT, SLUG, begin_ids=(*read.ids[:place], other)))
    assert again.ids[: place + 1] == (*read.ids[:place], other)
    at = read.alternative_ids[place].tolist().index(other)
    expected = read.alternative_logits[place, at] - read.log_totals[place]
    assert again.log_probabilities[place] == pytest.approx(expected, abs=1e-3)
    assert again.log_probabilities[:place] == pytest.approx(read.log_probabilities[:place], abs=1e-3)
    assert made.forced == place + 1


def test_forcing_what_it_would_have_written_changes_nothing(marian: Loaded) -> None:
    free, _ = one(marian, TranslationRequest(TEXT, SLUG, 1))
    forced, _ = one(marian, TranslationRequest(TEXT, SLUG, 1, begin_ids=free.candidates[0].ids[:2]))
    assert forced.candidates[0].ids == free.candidates[0].ids
    assert forced.candidates[0].total == pytest.approx(free.candidates[0].total, abs=2e-3)
    (same,) = translate(marian, [TranslationRequest(TEXT, SLUG, 4, "", ())], Watch())
    assert same.candidates == translate(marian, [TranslationRequest(TEXT, SLUG, 4)], Watch())[0].candidates


def test_a_forced_end_is_the_end(marian: Loaded) -> None:
    end = marian.model.config.eos_token_id
    made, read = one(marian, TranslationRequest(TEXT, SLUG, 4, begin_ids=(442, end)))
    assert [candidate.ids for candidate in made.candidates] == [(442, end)]
    assert made.candidates[0].total == pytest.approx(float(read.log_probabilities.sum()), abs=2e-3)


@pytest.mark.parametrize(
    ("ids", "said"), [((9_999_999,), "cannot be written"), ((0, 5), "after the end token"), ((5,) * 512, "512 tokens")]
)
def test_beginnings_the_model_cannot_write(marian: Loaded, ids: tuple[int, ...], said: str) -> None:
    with pytest.raises(BadInput, match=said):
        translate(marian, [TranslationRequest(TEXT, SLUG, begin_ids=ids)], Watch())


def test_the_start_token_cannot_be_forced(marian: Loaded) -> None:
    with pytest.raises(BadInput, match="start token"):
        translate(marian, [TranslationRequest(TEXT, SLUG, begin_ids=(marian.model.config.decoder_start_token_id,))], Watch())


def test_too_long_to_explain_is_told_with_the_numbers(marian: Loaded) -> None:
    with pytest.raises(BadInput, match=r"is 201 tokens long.*up to 128"):
        reread(marian, [ForcedDecodingRequest(TranslationRequest("cat " * 200, SLUG), 0, (5, 0))], Watch())
    with pytest.raises(BadInput, match="vocabulary"):
        reread(marian, [ForcedDecodingRequest(TranslationRequest("cat", SLUG), 0, (9_999_999,))], Watch())
