"""Two sentences are one batch; what is wrong with either is a sentence."""

import pytest

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.panels.sentiment.twotexts import twotexts
from playground.tasks.request import Batch
from playground.tasks.sentiment.sentiment import SentimentRequest
from tests.panels.panel import WritingService

MODEL = DEFAULTS["sentiment"]


def test_both_are_asked_together() -> None:
    service = WritingService()
    *_, (note, view) = twotexts(service, "so good", "so bad", MODEL)
    assert service.asked == [Batch((SentimentRequest("so good", MODEL), SentimentRequest("so bad", MODEL)))]
    assert "turns to negative" in note["text"]
    assert [[part["text"] for part in side["parts"] if part["changed"]] for side in view["sides"]] == [["good"], ["bad"]]


@pytest.mark.parametrize("texts", [("", "b"), ("a", "  ")])
def test_an_empty_side_is_a_sentence(texts: tuple[str, str]) -> None:
    with pytest.raises(BadInput, match="pick an example"):
        list(twotexts(WritingService(), *texts, MODEL))
