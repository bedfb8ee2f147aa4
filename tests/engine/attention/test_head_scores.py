"""Pattern scores of real heads against transformers' own float32 attentions and the mask, where a sink leaves next to nothing."""

import numpy as np
import pytest
import torch

from playground.engine.attention.attention import attend
from playground.engine.watch import Watch
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.heads import PATTERNS
from playground.tasks.attention.packing import head_patterns, visible
from playground.tasks.changes import Changes
from playground.tasks.precision import unpacked
from tests.conftest import Models
from tests.engine.test_tap import twin
from tests.oracles import without_keys

NAMES = [pattern.name for pattern in PATTERNS]
HTML = "<ul>\n  <li>one</li>\n  <li>two</li>\n  <li>three</li>\n</ul>"
ADDRESS = "See https://example.com/docs/example/page?example=1&page=2 for an example."
PYTHON = "x = 1\nx = 2\nx = x + 1\nprint(x)"


def same_token(weights: "np.ndarray", ids: list[int], causal: bool) -> float:
    """By hand, row by row: what a token puts on its other places, over the tokens that may see one."""
    found = []
    for i, row in enumerate(weights):
        elsewhere = [j for j in range(i if causal else len(ids)) if j != i and ids[j] == ids[i]]
        if elsewhere:
            found.append(sum(float(row[j]) for j in elsewhere))
    return sum(found) / len(found)


def spread_out(weights: "np.ndarray", causal: bool) -> float:
    shares = []
    for i, row in enumerate(weights.astype(np.float64)):
        seen = i + 1 if causal else len(row)
        if seen > 1:
            shares.append(-sum(w * np.log(w) for w in row if w > 0) / np.log(seen))
    return sum(shares) / len(shares)


@pytest.mark.parametrize(("slug", "text"), [("smollm2-135m", PYTHON), ("smollm2-135m", HTML), ("minilm-sentiment", ADDRESS)])
def test_what_rounds_to_nothing_is_seen_all_the_same(models: Models, slug: str, text: str) -> None:
    loaded, causal = models[slug], slug == "smollm2-135m"
    (run,) = attend(loaded, [AttentionRequest(text, slug)], Watch())
    (shape,) = run.answer.shapes
    scores, _ = head_patterns(shape, run.layers)
    ids = loaded.codec.ids(text)
    with torch.inference_mode():
        theirs = twin(loaded.model, "eager")(input_ids=torch.tensor([ids]), output_attentions=True).attentions
    for layer, heads in enumerate(theirs):
        for head, weights in enumerate(heads[0].float().numpy()):
            assert scores[layer][head][NAMES.index("same token")] == pytest.approx(same_token(weights, ids, causal), abs=5e-4)
            assert scores[layer][head][NAMES.index("spread out")] == pytest.approx(spread_out(weights, causal), abs=1e-3)


def test_the_sink_of_the_review_is_a_sink(models: Models) -> None:
    """Layer 18, head 8: 0.300 by the review's own computation; on the page it read 1.000, and the pattern finder led there."""
    (run,) = attend(models["smollm2-135m"], [AttentionRequest(PYTHON, "smollm2-135m")], Watch())
    scores, labels = head_patterns(run.answer.shapes[0], run.layers)
    assert scores[18][8][NAMES.index("same token")] == pytest.approx(0.300, abs=0.005)
    assert labels[18][8] == "first token"
    assert np.isnan(scores[:, :, NAMES.index("next")]).all(), "nothing comes after that a decoder may see"


def test_what_is_hidden_is_not_seen(models: Models) -> None:
    request = AttentionRequest("the cat saw the dog", "smollm2-135m", changes=Changes(hidden=(0,)))
    (run,) = attend(models["smollm2-135m"], [request], Watch())
    (shape,) = run.answer.shapes
    wanted = np.tri(5, dtype=bool)
    wanted[1:, 0] = False
    np.testing.assert_array_equal(visible(shape, request.changes), wanted)
    scores, _ = head_patterns(shape, run.layers, request.changes)
    assert np.isnan(scores[:, :, NAMES.index("first token")]).all()
    assert not np.isnan(scores[:, :, NAMES.index("self")]).any()


def test_a_row_of_a_sink_keeps_what_is_beside_the_sink(models: Models) -> None:
    """Layer 18, head 7, row “it”: without its first token, what the packed weights leave is what float32 leaves, within a hundredth."""
    loaded, text = models["smollm2-135m"], "The animal didn't cross the street because it was too tired."
    (run,) = attend(loaded, [AttentionRequest(text, "smollm2-135m")], Watch())
    with torch.inference_mode():
        theirs = twin(loaded.model, "eager")(input_ids=torch.tensor([loaded.codec.ids(text)]), output_attentions=True).attentions
    first = np.arange(len(run.answer.shapes[0].keys)) == 0
    for layer, heads in enumerate(theirs):
        for head, weights in enumerate(heads[0].numpy()):
            kept = weights[1:, 1:].astype(np.float64)
            ours = without_keys(unpacked(run.layers["masked"][layer][head]), first)[1:, 1:]
            np.testing.assert_allclose(ours, kept / kept.sum(axis=1, keepdims=True), atol=0.01)
