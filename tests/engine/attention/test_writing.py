"""Rows that come while writing equal one forward over all that was written; and the frames that carry them."""

from typing import Any

import numpy as np
import pytest
import torch

from playground.engine.attention.attention import attend
from playground.engine.attention.writing import write_on
from playground.engine.watch import Watch
from playground.errors import BadInput, Cancelled
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.writing import Writing, WritingRequest
from playground.tasks.precision import unpacked
from playground.tasks.request import Progress
from playground.views.attention.packing import RowMessages
from tests.conftest import Models
from tests.wire import read_all

TEXT = "The capital of France is"


def written(models: Models, tokens: int = 8) -> tuple[Writing, list[Writing]]:
    items: list[Any] = []
    (made,) = write_on(models["smollm2-135m"], [WritingRequest(TEXT, "smollm2-135m", tokens)], Watch(items.append))
    return made, items


def test_rows_equal_one_forward_over_the_whole(models: Models) -> None:
    made, items = written(models)
    loaded = models["smollm2-135m"]
    assert " Paris" in made.text and made.text.startswith(TEXT) and made.ended
    assert len(made.rows) == 9 and [len(item.rows) for item in items] == list(range(1, 9))
    whole = attend(loaded, [AttentionRequest(made.text, "smollm2-135m")], Watch())[0]
    assert whole.answer.shapes[0].keys.labels == made.side.labels
    for layer, ours in enumerate(np.stack(whole.layers["masked"])):
        row = 0
        for rows in made.rows:
            count, keys = rows.shape[2:]
            now = unpacked(rows[layer])
            assert abs(unpacked(ours[:, row : row + count, :keys]) - now).max() < 4e-4, "fused and eager attention round differently"
            row += count
            assert abs(now.sum(-1) - 1).max() < 1e-4


def test_what_is_written_is_what_the_model_finds_likeliest(models: Models) -> None:
    made, _ = written(models, 3)
    loaded = models["smollm2-135m"]
    ids = loaded.codec.ids(TEXT)
    with torch.inference_mode():
        for _ in range(3):
            ids.append(int(loaded.model(torch.tensor([ids])).logits[0, -1].argmax()))
    assert made.text == loaded.codec.decode(ids)


def test_messages_carry_each_row_once(models: Models) -> None:
    made, items = written(models, 4)
    told = RowMessages()
    sent = read_all(b"".join(one for item in [Progress("waiting", "Waiting"), *items, made] for one in told(item)))
    for (about, arrays), rows in zip(sent, made.rows, strict=True):
        np.testing.assert_allclose(arrays["rows"], (rows / 65535) ** 4, rtol=1e-12)
        assert len(about["side"]["labels"]) == rows.shape[-1]


def test_limits_are_said_and_it_stops(models: Models) -> None:
    with pytest.raises(BadInput, match="up to 192"):
        write_on(models["smollm2-135m"], [WritingRequest("cat " * 300, "smollm2-135m")], Watch())
    with pytest.raises(BadInput, match="Choose a decoder"):
        write_on(models["minilm-l6"], [WritingRequest("cat", "minilm-l6")], Watch())
    for wrong in (0, 65, "3", True, None):
        with pytest.raises(BadInput, match="number of tokens"):
            WritingRequest("cat", "smollm2-135m", wrong).check()  # type: ignore[arg-type]
    watch = Watch(lambda item: watch.cancel())
    with pytest.raises(Cancelled):
        write_on(models["smollm2-135m"], [WritingRequest(TEXT, "smollm2-135m")], watch)
