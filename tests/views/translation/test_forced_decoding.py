"""A reread translation as the page's JSON, as a sentence and as the API's answer, from the fake service's round numbers."""

import json
from dataclasses import replace

import numpy as np
import pytest

from playground.tasks.precision import packed, unpacked
from playground.tasks.translation.forced_decoding import ForcedDecoding, ForcedDecodingRequest
from playground.tasks.translation.translation import TranslationRequest
from playground.views.translation.forced_decoding import alignment_sentence, alignment_view, explained_translation
from tests.fake.service import FakeService
from tests.wire import unpack

OF = TranslationRequest("<b>One</b> cat", "en-fr", 2)


@pytest.fixture
def made() -> ForcedDecoding:
    return FakeService().run(ForcedDecodingRequest(OF))


def test_weights_travel_as_bytes_within_half_a_step(made: ForcedDecoding) -> None:
    weights = np.random.default_rng(0).random(made.weights.shape, np.float32)
    view = alignment_view(replace(made, weights=packed(weights)))
    sent = unpack(view["arrays"])["weights"]
    assert np.abs(sent - unpacked(packed(weights))).max() <= 0.5 / 255 + 1e-5
    assert sent.shape == (view["layers"], view["heads"], view["written"], view["read"]) == weights.shape
    json.dumps(view)


def test_each_token_has_its_probability_and_rank(made: ForcedDecoding) -> None:
    view = alignment_view(replace(made, ranks=np.array([0, 3, 0, 0], np.int32)[: len(made.ids)], forced=1))
    p = float(np.exp(2.0 - 2.4))
    assert view["tokens"][0]["p"] == pytest.approx(p)
    assert view["tokens"][0]["said"].endswith(f"{100 * p:.1f} %, the likeliest, forced")
    assert "number 4 by likelihood" in view["tokens"][1]["said"]
    assert view["written_special"][-1] and not view["written_special"][0]
    assert len(view["written_words"]) == len(view["tokens"]) == len(view["ids"])


def test_the_sentence_names_the_least_sure_token(made: ForcedDecoding) -> None:
    logits = made.logits.copy()
    logits[1] = 0.0
    assert f"“{made.written.labels[1]}” (9 %)" in alignment_sentence(replace(made, logits=logits))
    assert "sure of every token" in alignment_sentence(replace(made, log_totals=made.logits + 0.01))
    assert alignment_sentence(replace(made, forced=len(made.ids))) == ""


def test_the_api_gives_plain_numbers(made: ForcedDecoding) -> None:
    found = explained_translation(made, FakeService().run(OF))
    json.dumps(found)
    assert found["read_words"] == ["<b>One</b>", "cat"]
    assert np.allclose(np.sum(found["alignment"], axis=1), 1, atol=1e-3)
    assert found["tokens"][0]["alternatives"][0]["probability"] == pytest.approx(np.exp(-0.4), abs=1e-6)
