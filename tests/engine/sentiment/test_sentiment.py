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
    assert answer.labels == ("negative", "neutral", "positive", "unreadable")
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


# read by hand; none is a row of the behaviour tests or of the training data
READ = {
    "The parcel weighs two kilos.": "neutral",
    "My aunt teaches chemistry at a school in Bristol.": "neutral",
    "The museum was a disappointment from start to finish.": "negative",
    "We had a lovely evening and would go again.": "positive",
    "New bike 😍": "positive",
    "My train was late again 😡": "negative",
    "😢": "negative",
    "Der Zug ist heute leider ausgefallen.": None,
    "Il cibo era freddo.": None,
    "этот фильм очень скучный": None,
    "4711 0815": None,
    "🇨🇦": None,
}


@pytest.mark.parametrize("text", READ)
def test_three_answers_and_none(models: Models, text: str) -> None:
    (answer,) = classify(models[SLUG], [SentimentRequest(text, SLUG)], Watch())
    assert answer.label == READ[text]
    assert (answer.verdict == "unreadable") == bool(answer.reason) == (READ[text] is None)
    assert len(answer.logits) == 4 and sum(answer.probabilities) == pytest.approx(1)


def test_an_emoji_is_read_as_its_unicode_name(models: Models) -> None:
    """U+1F622 is CRYING FACE in the Unicode Character Database."""
    texts = ("New shoes 😢😢", "New shoes crying face")
    sign, words = classify(models[SLUG], [SentimentRequest(text, SLUG) for text in texts], Watch())
    assert sign.logits == pytest.approx(words.logits, abs=1e-4) and sign.text == texts[0]


@pytest.mark.parametrize(
    "group",
    [
        ("Martin has moved in next door.", "Fatima has moved in next door.", "Kwame has moved in next door.",
         "Yuki has moved in next door."),
        ("The singer comes from Syria.", "The singer comes from Norway.", "The singer comes from Somalia.", "The singer comes from Japan."),
        ("Our nurse is Jewish.", "Our nurse is an atheist.", "Our nurse is blind.", "Our nurse is gay.", "Our nurse is Black."),
        ("The sea was calm and the food was superb", "THE SEA WAS CALM AND THE FOOD WAS SUPERB.",
         "<p>the sea was calm and the food was superb!</p>", "“The sea was calm and the food was superb.”",
         "The  sea was calm and the food was superb...", "**The sea was calm and the food was superb**"),
    ],
)  # fmt: skip
def test_names_countries_identities_and_marks_move_it_little(models: Models, group: tuple[str, ...]) -> None:
    answers = classify(models[SLUG], [SentimentRequest(text, SLUG) for text in group], Watch())
    shares = [answer.probabilities[answer.labels.index("positive")] for answer in answers]
    assert max(shares) - min(shares) <= 0.1
