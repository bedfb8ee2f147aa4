"""Fresh heads: the same numbers as the library's own classifier with such a head, and chance is what they give."""

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from playground.engine.learn.fresh_head import classify_fresh, fresh_weights
from playground.engine.watch import Watch
from playground.errors import BadInput, Cancelled
from playground.tasks.learn.fresh_head import FreshHeadRequest, accuracies, one_sided
from playground.tasks.request import Batch
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.views.learn.fresh_head import fresh_head_sentence, fresh_head_view, sentences

if TYPE_CHECKING:
    from playground.service.port import Service
    from tests.conftest import Models

TEXTS = tuple(text for text, _ in sentences())
LABELS = np.array([label for _, label in sentences()])


def test_counting() -> None:
    logits = np.array([[[0, 1], [1, 0], [0, 1], [0, 1]], [[1, 0]] * 4], np.float32)
    assert accuracies(logits, np.array([1, 0, 0, 1])).tolist() == [0.75, 0.25 * 2]
    assert one_sided(logits).tolist() == [0.75, 1.0]


def test_the_sentences_are_half_and_half_and_all_different() -> None:
    assert len(set(TEXTS)) == len(TEXTS) == 64
    assert LABELS.mean() == 0.5


@pytest.mark.models
def test_equal_to_the_librarys_classifier_with_that_head(models: "Models") -> None:
    """BertForSequenceClassification on the same body, with our random head put in."""
    from transformers import BertForSequenceClassification

    loaded = models["minilm-l6"]
    whole = BertForSequenceClassification(loaded.model.config).eval()
    whole.bert.load_state_dict(loaded.model.state_dict())
    (made,) = classify_fresh(loaded, [FreshHeadRequest(TEXTS[:5], "minilm-l6", (3, 4))], Watch())
    for place, seed in enumerate((3, 4)):
        whole.classifier.weight.data, whole.classifier.bias.data = fresh_weights(384, seed, 0.02), torch.zeros(2)
        for i, text in enumerate(TEXTS[:5]):
            with torch.inference_mode():
                expected = whole(input_ids=torch.tensor([loaded.codec.ids(text)])).logits[0].numpy()
            assert np.abs(made.logits[place, i] - expected).max() < 1e-5


def test_a_head_begins_as_the_library_begins_one() -> None:
    made = torch.cat([fresh_weights(384, seed, 0.02).flatten() for seed in range(20)])
    assert abs(float(made.mean())) < 1e-3
    assert float(made.std()) == pytest.approx(0.02, rel=0.03)


@pytest.mark.models
def test_fresh_heads_give_chance_and_the_trained_one_does_not(service: "Service") -> None:
    fresh = service.run(FreshHeadRequest(TEXTS, "minilm-l6", tuple(range(100))))
    shares = accuracies(fresh.logits, LABELS)
    assert fresh.logits.shape == (100, 64, 2)
    assert not fresh.logits.flags.writeable
    assert abs(shares.mean() - 0.5) < 0.04
    assert shares.min() < 0.45 and shares.max() > 0.55
    trained = service.run(Batch(tuple(SentimentRequest(text, "minilm-sentiment") for text in TEXTS)))
    view = fresh_head_view(fresh, trained)
    assert view["rows"][0]["trained"] and view["rows"][0]["share"] > 0.8
    assert len(view["rows"]) == 101
    assert fresh_head_sentence(fresh, trained).startswith("100 fresh heads got")


@pytest.mark.models
def test_a_model_without_a_pooled_vector_says_so(service: "Service") -> None:
    with pytest.raises(BadInput, match="no pooled vector"):
        service.run(FreshHeadRequest(("x",), "smollm2-135m"))


@pytest.mark.models
def test_nobody_waits_any_more(models: "Models") -> None:
    watch = Watch()
    watch.cancel()
    with pytest.raises(Cancelled):
        classify_fresh(models["minilm-l6"], [FreshHeadRequest(TEXTS, "minilm-l6")], watch)


@pytest.mark.parametrize(
    "bad",
    [FreshHeadRequest((), "minilm-l6"), FreshHeadRequest(("",), "minilm-l6"), FreshHeadRequest(("x",) * 201, "minilm-l6"),
     FreshHeadRequest(("x",), "minilm-l6", (-1,)), FreshHeadRequest(("x",), "minilm-l6", ()),
     FreshHeadRequest(("x",), "minilm-l6", (True,))],
)  # fmt: skip
def test_bad_requests(bad: FreshHeadRequest) -> None:
    with pytest.raises(BadInput):
        bad.check()
