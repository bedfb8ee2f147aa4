"""Sentence vectors equal the model card's own recipe, run as a padded batch."""

import numpy as np
import pytest
import torch

from playground.engine.batches import padded
from playground.engine.embeddings.similarity import compare
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.embeddings.similarity import SimilarityRequest
from tests.conftest import Models

TEXTS = ("A man is eating food.", "Somebody has lunch.", "Stock markets fell on Monday, and nobody knew why.", "Lunch")


def test_mean_pooling_as_the_model_card_says(models: Models) -> None:
    """sentence-transformers/all-MiniLM-L6-v2, README: mean_pooling over the attention mask, then cosines."""
    loaded = models["minilm-l6"]
    (made,) = compare(loaded, [SimilarityRequest(TEXTS, "minilm-l6")], Watch())
    ids, mask = padded([loaded.codec.ids(text) for text in TEXTS], 0, loaded.device)
    with torch.inference_mode():
        hidden = loaded.model(input_ids=ids, attention_mask=mask).last_hidden_state
    wide = mask[:, :, None].float()
    pooled = torch.nn.functional.normalize((hidden * wide).sum(1) / wide.sum(1), dim=1)
    np.testing.assert_allclose(made.cosines, pooled @ pooled.T, atol=1e-4)
    assert made.cosines[0, 1] > made.cosines[0, 2]
    assert made.tokens == tuple(int(n) for n in mask.sum(1))


def test_what_is_refused() -> None:
    for texts, sentence in (((), "2 to 12"), (("one",), "2 to 12"), (("a",) * 13, "2 to 12"), (("a", ""), "Sentence 2 is empty"),
                            (("a", "x" * 1001), "1,000"), (["a", "b"], "2 to 12")):  # fmt: skip
        with pytest.raises(BadInput, match=sentence):
            SimilarityRequest(texts, "minilm-l6").check()  # type: ignore[arg-type]
