"""The formulas that stand beside the numbers give those numbers: worked out with numpy from the models' own weights."""

import numpy as np
import pytest

from playground.engine.embeddings.anatomy import take_apart
from playground.engine.embeddings.block import open_blocks
from playground.engine.embeddings.positions import look_up
from playground.engine.watch import Watch
from playground.tasks.embeddings.anatomy import AnatomyRequest
from playground.tasks.embeddings.block import Block, BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest
from playground.tasks.embeddings.positions import PositionsRequest
from playground.views.embeddings.anatomy import anatomy_view
from playground.views.embeddings.block import block_view, flow_sentence, stages_sentence
from playground.views.embeddings.positions import positions_view
from tests.conftest import Models

TEXT = "The animal didn't cross the street because it was too tired."
pytestmark = pytest.mark.models


def opened(models: Models, slug: str) -> Block:
    return open_blocks(models[slug], [BlockRequest(EmbeddingsRequest(TEXT, slug), 0, 2)], Watch())[0]


def test_layer_norm_is_the_formula(models: Models) -> None:
    made, view = opened(models, "minilm-l6"), block_view(opened(models, "minilm-l6"))
    assert view["norm_formula"] == "LayerNorm(x) = γ · (x − mean(x)) / √(var(x) + ε) + β"
    x, shown = made.stages[-2].vector.astype(np.float64), made.stages[-1].vector
    norm = models["minilm-l6"].model.encoder.layer[0].output.LayerNorm
    gain, shift = (part.detach().float().numpy() for part in (norm.weight, norm.bias))
    assert np.abs(gain * (x - x.mean()) / np.sqrt(x.var() + norm.eps) + shift - shown).max() < 1e-4


def test_rms_norm_is_the_formula(models: Models) -> None:
    made = opened(models, "smollm2-135m")
    assert block_view(made)["norm_formula"] == "RMSNorm(x) = γ · x / √(mean(x²) + ε)"
    x, shown = made.stages[0].vector.astype(np.float64), made.stages[1].vector
    norm = models["smollm2-135m"].model.model.layers[0].input_layernorm
    assert np.abs(norm.weight.detach().float().numpy() * x / np.sqrt((x**2).mean() + norm.variance_epsilon) - shown).max() < 1e-4


def test_what_a_norm_does_to_lengths_is_said_with_this_block_s_own(models: Models) -> None:
    """Not "so lengths stay alike": after this layer norm the tokens' lengths differ by half."""
    made = opened(models, "minilm-l6")
    lengths = made.stages[-1].norms
    assert lengths.max() > 1.5 * lengths.min()
    assert f"lie from {lengths.min():.2f} to {lengths.max():.2f}" in stages_sentence(made)
    assert "alike" not in stages_sentence(made)
    assert f"between {made.stream.min():.2f} and {made.stream.max():.2f}" in flow_sentence(made)


def test_the_translator_s_positions_are_the_sines_and_cosines(models: Models) -> None:
    made = look_up(models["en-fr"], [PositionsRequest(EmbeddingsRequest("The white house.", "en-fr"))], Watch())[0]
    assert "sin(p / 10000^(2i/d))" in positions_view(made)["formula"]
    assert made.table is not None
    places, d = made.table.shape
    angles = np.arange(places)[:, None] / 10000 ** (2 * np.arange(d // 2) / d)
    assert np.abs(np.concatenate([np.sin(angles), np.cos(angles)], 1) - made.table).max() < 1e-3


def test_sines_and_cosines_are_no_parameters(models: Models) -> None:
    """Two stacks × 512 places × 192 numbers: 196,608 of what the library counts."""
    loaded = models["en-fr"]
    made = take_apart(loaded, [AnatomyRequest("en-fr")], Watch())[0]
    waves = [one for one in made.components if one.fixed]
    assert sum(one.times * one.each for one in waves) == 2 * 512 * 192 == 196_608
    assert {one.name for one in waves} == {"position embeddings"}
    assert made.total == loaded.model.num_parameters() - 196_608
    boxes = anatomy_view([made], "a b")["columns"][0]["components"]
    assert [one["parameters"] for one in boxes if one["name"] == "position embeddings"] == ["no parameters"] * 2


def test_minilm_s_pooler_is_not_what_its_vectors_come_from(models: Models) -> None:
    parts = take_apart(models["minilm-l6"], [AnatomyRequest("minilm-l6")], Watch())[0].components
    assert "mean of its tokens" in next(one.aside for one in parts if one.name == "pooler")
    assert [one.name for one in parts if one.aside] == ["pooler"]
    used = take_apart(models["minilm-sentiment"], [AnatomyRequest("minilm-sentiment")], Watch())[0].components
    assert [one.name for one in used if one.aside] == [], "a classifier reads its pooler"
