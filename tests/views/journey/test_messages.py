"""Messages of a journey: what they hold is what was measured, and they keep the stated size."""

import numpy as np

from playground.tasks.journey.journey import Journey, JourneyRequest
from playground.tasks.precision import unpacked
from playground.tasks.request import Progress
from playground.views.journey.messages import JourneyMessages
from tests.fake.service import FakeService
from tests.wire import read_all

TEXT = "one two three four"


def made(text: str = TEXT, model: str = "smollm2-135m") -> Journey:
    return FakeService().run(JourneyRequest(text, model))


def test_the_first_message_holds_the_picture_and_the_others_all_weights() -> None:
    journey = made()
    (header, arrays), *layers = read_all(b"".join(JourneyMessages(1, 2)(journey)))
    assert header["tokens"]["labels"] == TEXT.split() and (header["layer"], header["head"]) == (1, 2)
    assert [one["layer"] for one, _ in layers] == [1, 0]
    for one, found in layers:
        np.testing.assert_allclose(found["weights"], unpacked(journey.weights[one["layer"]]), atol=1e-6)
    np.testing.assert_allclose(arrays["one"], unpacked(journey.weights[1][2]), atol=1e-6)
    assert journey.saying is not None and (arrays["logits"] == journey.saying.logits).all()
    vectors = arrays["vectors"] * arrays["steps"][:, None]
    assert np.abs(vectors - journey.vectors).max() <= arrays["steps"].max() / 2 + 1e-6


def test_a_view_outside_of_the_model_is_brought_inside() -> None:
    (header, _), *_ = read_all(b"".join(JourneyMessages(99, 99)(made())))
    assert (header["layer"], header["head"]) == (1, 2)


def test_a_classifier_says_labels() -> None:
    (header, arrays), *_ = read_all(b"".join(JourneyMessages()(made(model="minilm-sentiment"))))
    assert header["labels"] == [["negative", 0.25], ["positive", 0.75]] and "logits" not in arrays and header["kind"] == "self"


def test_progress_is_a_message_without_arrays() -> None:
    assert read_all(b"".join(JourneyMessages()(Progress("waiting", "Waiting", place=2)))) == [({"progress": "Waiting", "place": 2}, {})]


def test_text_travels_as_it_is() -> None:
    text = "<b> ‮x \U0001f917"
    (header, _), *_ = read_all(b"".join(JourneyMessages()(made(text))))
    assert header["tokens"]["labels"] == text.split() and header["text"] == text
