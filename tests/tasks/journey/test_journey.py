"""Which tokens of a long text are read, and where a row of a triangle lies; by hand."""

from dataclasses import replace

import numpy as np
import pytest

from playground.errors import BadInput
from playground.tasks.changes import Changes
from playground.tasks.journey.journey import JourneyRequest, SayingRequest, WordsRequest, places_of, telling_head, triangle
from playground.tasks.precision import packed
from tests.fake.service import FakeService


def test_a_decoder_reads_the_last_and_an_encoder_the_first_tokens() -> None:
    special = [True, False, False, False, False, True]
    assert places_of(special, 6, first=True).tolist() == [0, 1, 2, 3, 4, 5]
    assert places_of(special, 4, first=True).tolist() == [0, 1, 2, 5]
    assert places_of(special, 4, first=False).tolist() == [0, 3, 4, 5]
    assert places_of([False] * 5, 2, first=False).tolist() == [3, 4]


def test_a_row_of_the_triangle_is_that_row() -> None:
    made = FakeService().run(JourneyRequest("one two three four", "smollm2-135m"))
    square = np.tril(np.arange(16, dtype=np.float32).reshape(4, 4) / 16)
    codes = packed(np.stack([square] * 3))[:, *triangle(4)]
    made = replace(made, weights=(codes, codes))
    for token in range(4):
        np.testing.assert_allclose(made.row(1, token)[2], square[token, : token + 1], atol=1e-4)


def test_the_telling_head_passes_over_the_first_token_and_itself() -> None:
    made = FakeService().run(JourneyRequest("one two three four", "smollm2-135m"))
    weights = np.zeros((2, 3, 4, 4), np.float32)
    weights[0, 0, 3] = [0.9, 0.1, 0, 0]
    weights[1, 2, 3] = [0, 0, 0.4, 0.6]
    made = replace(made, weights=tuple(packed(one)[:, *triangle(4)] for one in weights))
    assert telling_head(made) == (1, 2)
    assert telling_head(FakeService().run(JourneyRequest("one", "smollm2-135m"))) == (0, 0)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (JourneyRequest("", "smollm2-135m"), "empty"),
        (JourneyRequest("x" * 5_001, "smollm2-135m"), "limit is 5,000"),
        (JourneyRequest("a", "smollm2-135m", "none"), "object of changes"),  # type: ignore[arg-type]
        (JourneyRequest("a", "smollm2-135m", Changes(hidden=(-1,))), "not a place"),
        (SayingRequest(JourneyRequest("a", "smollm2-135m"), 128), "from 0 to 127"),
        (WordsRequest("smollm2-135m", ()), "1 to 64"),
    ],
)
def test_what_is_refused_at_the_door(asked: JourneyRequest, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        asked.check()
