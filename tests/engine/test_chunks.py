"""A text in parts is tokenized as it would be whole, in all three schemes, and counts are what the tokens are."""

import random
import time
from typing import Any

import numpy as np
import pytest

from playground.catalog import find_model
from playground.engine import chunks as parts
from playground.engine.chunks import parted
from playground.engine.codec import Codec
from playground.engine.tokens.budget import weigh
from playground.engine.tokens.tokens import tokenize
from playground.engine.watch import Watch
from playground.errors import Cancelled
from playground.service.local import LocalService
from playground.tasks.request import Progress
from playground.tasks.tokens.budget import BudgetRequest
from playground.tasks.tokens.tokens import TokensRequest
from tests.conftest import Models
from tests.engine.test_codec import SLUGS, TEXTS


@pytest.fixture(scope="module")
def codecs(models: Models) -> dict[str, Codec]:
    return {slug: models[slug].codec for slug in SLUGS}


def mixed(length: int) -> str:
    """Fuzzed scripts between plain words, with every kind of space around them."""
    luck, words = random.Random(11), ["The cat's", "sat,", "on 12", "naïve", "don’t", "\n\n", "  ", "x", "\t", "end."]
    text = ""
    while len(text) < length:
        text += luck.choice(TEXTS)[:20] if luck.random() < 0.2 else luck.choice(words) + luck.choice([" ", " ", "\n", ""])
    return text


LONG = mixed(30_000)


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("special", [True, False])
def test_parts_are_tokenized_as_the_whole(codecs: dict[str, Codec], slug: str, special: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = codecs[slug].encode(LONG, special)
    monkeypatch.setattr(parts.parted, "__defaults__", (300,))
    assert len(parted(LONG)) > 50
    [made] = tokenize(find_model(slug), codecs[slug], [TokensRequest(LONG, slug, special)], Watch())
    for name in ("ids", "starts", "ends", "special"):
        assert np.array_equal(getattr(made, name), getattr(whole, name)), name
        assert getattr(made, name).dtype == getattr(whole, name).dtype and not getattr(made, name).flags.writeable
    assert made.pieces == whole.pieces
    [budget] = weigh(find_model(slug), codecs[slug], [BudgetRequest(LONG, slug)], Watch())
    assert budget.tokens == int((~whole.special).sum())
    assert (budget.characters, budget.bytes) == (len(LONG), len(LONG.encode()))
    assert budget.special == len(codecs[slug].encode("a").ids) - len(codecs[slug].encode("a", special=False).ids)


@pytest.mark.parametrize("text", ["", "x" * 100_000, "日本語" * 30_000, "word " * 30_000, LONG, "a b"])
def test_parts_joined_are_the_text(text: str) -> None:
    made = parted(text)
    assert "".join(made) == text
    assert all(made) or text == ""


def test_a_long_text_tells_how_far_it_is_and_stops(codecs: dict[str, Codec]) -> None:
    text, told = "Some plain words here. " * 10_000, []
    for runner, request in ((weigh, BudgetRequest(text, "minilm-l6")), (tokenize, TokensRequest(text, "minilm-l6"))):
        told.clear()
        runner(find_model("minilm-l6"), codecs["minilm-l6"], [request], Watch(told.append))  # type: ignore[operator]
        assert len(told) >= 3 and all(isinstance(item, Progress) for item in told)
        assert [item.done for item in told] == sorted(item.done for item in told) and told[-1].total == len(text)
        watch = Watch()
        watch.cancel()
        with pytest.raises(Cancelled):
            runner(find_model("minilm-l6"), codecs["minilm-l6"], [request], watch)  # type: ignore[operator]


@pytest.mark.parametrize("kind", [BudgetRequest, TokensRequest])
def test_stop_is_heard_within_a_part(local: LocalService, kind: Any) -> None:
    stream = local.stream(kind("Some plain words here. " * 43_000, "minilm-l6"))
    next(item for item in stream if item.done)
    lane = local._lanes["minilm-l6", True]
    began = time.monotonic()
    stream.close()
    while lane.working and time.monotonic() - began < 10:
        time.sleep(0.01)
    assert time.monotonic() - began < 1.0
