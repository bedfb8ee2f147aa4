"""In every sentence of ours, a right-to-left piece of the text is isolated (UAX #9): outside of isolates none is left."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.attention.dot_product import StepsRequest
from playground.tasks.attention.influence import InfluenceRequest
from playground.tasks.attention.outcome import Outcome
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest, NeighboursRequest
from playground.tasks.embeddings.positions import ShuffleRequest
from playground.tasks.sentiment.attribution import AttributionRequest
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.sentiment.table import Table
from playground.tasks.tokens.segmentation import CuttingRequest
from playground.tasks.tokens.tokens import TokensRequest
from playground.views.attention.attention import attention_figure, run_sentence
from playground.views.attention.dot_product import steps_view, token_choices
from playground.views.attention.influence import influence_view
from playground.views.attention.outcome import outcome_sentence
from playground.views.embeddings.block import block_view
from playground.views.embeddings.embeddings import embeddings_sentence, neighbours_view, paths_sentence
from playground.views.embeddings.positions import shuffle_view
from playground.views.sentiment.attribution import attribution_sentence, attribution_view
from playground.views.sentiment.verdicts import table_sentence
from playground.views.tokens.comparison import contrast_view
from playground.views.tokens.controls import controls_sentence, spelled_sentence
from playground.views.tokens.segmentation import cutting_sentence
from playground.views.translation.translation import unknown_sentence
from tests.fake.service import FakeService

TEXTS = ("שלום 5 עולם", "مرحبا 7 عالم")
ISOLATED = re.compile("\u2068[^\u2068\u2069]*\u2069")


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from strings(list(value.values()))
    elif isinstance(value, Sequence | np.ndarray):
        for one in value:
            yield from strings(one)


def is_back(text: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in text)


def views_of(text: str) -> dict[str, Any]:
    """Whatever the page says of `text`, by who says it. The fake service takes words for tokens, and numbers from their names."""
    fake, read, embed = FakeService(), AttentionRequest(text, "minilm-l6"), EmbeddingsRequest(text, "minilm-l6")
    embeddings, steps = fake.run(embed), fake.run(StepsRequest(read))
    weights = np.full((len(fake.run(InfluenceRequest(read, 0)).keys.labels),), 0.5, np.float32)
    explained = fake.run(AttributionRequest(SentimentRequest(text, "minilm-sentiment")))
    word = text.split()[0]
    return {
        "steps": steps_view(steps), "choices": token_choices(steps.keys),
        "influence": influence_view(fake.run(InfluenceRequest(read, 0)), weights, "the head"),
        "outcome": outcome_sentence(*(Outcome("m", "next token", one) for one in (((word, 0.5), ("b", 0.2)), (("b", 0.5), (word, 0.2))))),
        "lab": run_sentence(fake.run(AttentionRequest("a", "en-fr", text))),
        "figure": attention_figure(fake.run(AttentionMapRequest(read, 0, 0))).data[0].text,
        "block": block_view(fake.run(BlockRequest(embed))), "embeddings": embeddings_sentence(embeddings),
        "paths": [paths_sentence(embeddings, 0, 0, axes, True) for axes in ("apart", "together")],  # type: ignore[arg-type]
        "neighbours": neighbours_view(fake.run(NeighboursRequest(embed, 0, 0))), "shuffle": shuffle_view(fake.run(ShuffleRequest(embed))),
        "attribution": [attribution_sentence([explained]), attribution_view([explained])],
        "cutting": cutting_sentence(fake.run(CuttingRequest(text, "minilm-l6"))),
        "comparison": contrast_view([fake.run(TokensRequest(text, name)) for name in ("minilm-l6", "en-fr")]),
        "controls": [controls_sentence((word,), "X"), spelled_sentence((word, text))], "unknown": unknown_sentence((word,)),
        "table": table_sentence(Table((text, word), ((text, word),), "UTF-8", ",", True), text, word),
    }  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_right_to_left_pieces_of_sentences_are_isolated(text: str) -> None:
    for name, view in views_of(text).items():
        said = [one for one in strings(view) if is_back(one) and sum(letter.isascii() and letter.isalpha() for letter in one) >= 5]
        assert said or name in ("comparison", "choices"), name
        for one in said:
            assert not is_back(ISOLATED.sub("", one)), (name, one)
            assert one.count("\u2068") == one.count("\u2069") > 0, (name, one)


def test_sentences_of_other_texts_hold_no_isolates() -> None:
    for name, view in views_of("some 5 words").items():
        assert not [one for one in strings(view) if re.search("[\u2066-\u2069]", one)], name
