"""Sentiment on the real embedded model: right on plain sentences, equal to straight transformers code, alone as in a batch."""

import numpy as np
import pytest
import torch

from playground.engine.sentiment.sentiment import classify
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.sentiment.sentiment import SentimentRequest, softmax
from tests.conftest import Models

SLUG = "minilm-sentiment"
LINES = {
    "I love this product!": "positive",
    "This movie is fantastic!": "positive",
    "The food was cold and the waiter was rude.": "negative",
    "An utterly boring film, badly acted and far too long.": "negative",
    "What a wonderful day, and such kind people.": "positive",
}


@pytest.mark.parametrize("text", LINES)
def test_plain_sentences_come_out_right(models: Models, text: str) -> None:
    (answer,) = classify(models[SLUG], [SentimentRequest(text, SLUG)], Watch())
    assert answer.label == LINES[text]
    assert answer.labels == ("negative", "positive")
    assert sum(answer.probabilities) == pytest.approx(1)
    assert max(answer.probabilities) > 0.6


def test_equals_straight_transformers_code(models: Models) -> None:
    loaded = models[SLUG]
    for text in LINES:
        with torch.inference_mode():
            logits = loaded.model(input_ids=torch.tensor([loaded.codec.ids(text)])).logits[0]
        (answer,) = classify(loaded, [SentimentRequest(text, SLUG)], Watch())
        assert answer.logits == pytest.approx(logits.tolist(), abs=1e-5)
        assert answer.probabilities == pytest.approx(torch.softmax(logits, -1).tolist(), abs=1e-5)


def test_alone_equals_in_a_batch(models: Models) -> None:
    asked = [SentimentRequest(text, SLUG) for text in [*LINES, "ok", "very " * 200 + "good"]]
    together = classify(models[SLUG], asked, Watch())
    for request, answer in zip(asked, together, strict=True):
        (alone,) = classify(models[SLUG], [request], Watch())
        assert answer.text == request.text
        assert answer.logits == pytest.approx(alone.logits, abs=1e-4)


def test_a_text_over_the_window_is_refused_with_the_numbers(models: Models) -> None:
    with pytest.raises(BadInput, match=r"602 tokens long.*reads 512"):
        classify(models[SLUG], [SentimentRequest("good " * 600, SLUG)], Watch())


def test_softmax_of_large_logits() -> None:
    assert softmax(np.array([1000.0, 0.0])).tolist() == [1.0, 0.0]
    assert softmax(np.array([[0.0, 0.0], [1.0, 1.0]])).tolist() == [[0.5, 0.5], [0.5, 0.5]]
