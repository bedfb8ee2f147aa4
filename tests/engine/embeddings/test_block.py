"""One block: its parts add up to transformers' own hidden states, and its neurons to what the feed-forward adds, on every family."""

from typing import Any

import numpy as np
import pytest
import torch

from playground.engine.embeddings.block import open_blocks
from playground.engine.models import Loaded
from playground.engine.stack import find_part, stack_of
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.layouts import FORWARD, layout_of
from playground.service.local import LocalService
from playground.tasks.embeddings.block import Block, BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest
from tests.conftest import Models
from tests.engine.embeddings.test_embeddings import FAMILIES, REAL, hidden_states
from tests.engine.tiny import TEXT, tiny

SENTENCE = "The white house saw the other house."


def ask(loaded: Loaded, text: str, stack: str, layer: int, token: int, neurons: int = 8) -> Block:
    return open_blocks(loaded, [BlockRequest(EmbeddingsRequest(text, loaded.card.slug, stack=stack), layer, token, neurons)], Watch())[0]


def check_adds_up(loaded: Loaded, text: str, name: str, layer: int, token: int) -> None:
    """stream + Σ added is the next hidden state; in a post-norm model after each sum's own norm."""
    made, states, stack = ask(loaded, text, name, layer, token), hidden_states(loaded, text, name), stack_of(loaded, name)
    x = torch.tensor(np.array(states[layer][token]))
    np.testing.assert_allclose(made.stages[0].vector, x, atol=1e-4)
    added = [torch.tensor(np.array(stage.vector)) for stage in made.stages if stage.kind == "added"]
    assert len(added) == len(made.sublayers) == len(stack.sublayers(stack.blocks[layer]))
    with torch.inference_mode():
        for part, one in zip(added, stack.sublayers(stack.blocks[layer]), strict=True):
            x = x + part
            if not made.norm_first:
                x = find_part(stack.blocks[layer], one.norm)(x)
        if layer == len(stack.blocks) - 1 and stack.final is not None:
            x = stack.final(x)
    np.testing.assert_allclose(x, states[layer + 1][token], atol=1e-4, rtol=1e-4)
    np.testing.assert_allclose(made.flow[layer], [np.linalg.norm(part) for part in added], rtol=1e-4)
    np.testing.assert_allclose(made.stream[layer], np.linalg.norm(states[layer][token]), rtol=1e-4)


@pytest.mark.parametrize(("family", "stack"), FAMILIES)
@pytest.mark.parametrize("layer", [0, 1])
def test_the_parts_add_up(family: str, stack: str, layer: int) -> None:
    check_adds_up(tiny(family), TEXT, stack, layer, 3)


@pytest.mark.models
@pytest.mark.parametrize(("slug", "stack"), REAL)
def test_the_parts_of_real_models_add_up(models: Models, slug: str, stack: str) -> None:
    for layer in (0, len(stack_of(models[slug], stack).blocks) - 1):
        check_adds_up(models[slug], SENTENCE, stack, layer, 2)


def test_all_blocks_of_a_pre_norm_model_add_up(models: Models) -> None:
    """The residual stream: the embedding and everything the thirty blocks add."""
    loaded, text = models["smollm2-135m"], SENTENCE
    states = hidden_states(loaded, text, "decoder")
    total = np.array(states[0][4])
    for layer in range(30):
        made = ask(loaded, text, "decoder", layer, 4, 1)
        total = total + sum(stage.vector for stage in made.stages if stage.kind == "added")
    np.testing.assert_allclose(total, made.stages[-1].vector, atol=1e-3, rtol=1e-4)


def test_a_card_names_its_models_kind(models: Models) -> None:
    for slug in ("smollm2-135m", "minilm-l6", "minilm-sentiment", "en-fr"):
        assert models[slug].card.kind == models[slug].model.config.model_type


@pytest.mark.parametrize(("family", "stack"), FAMILIES)
def test_neurons_times_their_vectors_are_what_the_feed_forward_adds(family: str, stack: str) -> None:
    loaded = tiny(family)
    width = ask(loaded, TEXT, stack, 1, 2).width
    made = ask(loaded, TEXT, stack, 1, 2, min(width, 50))
    one = next(s for s in layout_of(loaded.model.config.model_type, "").sublayers if s.kind == FORWARD)
    module = find_part(stack_of(loaded, stack).blocks[1], one.neurons)
    rows = module.weight.numpy() if family == "gpt2" else module.weight.numpy().T
    if width <= 50:
        bias = module.bias.numpy() if getattr(module, "bias", None) is not None else 0
        whole = sum(n.activation * rows[n.number] for n in made.neurons) + bias
        expected = next(s.vector for s in made.stages if s.name.endswith("feed-forward adds"))
        np.testing.assert_allclose(whole, expected, atol=1e-4)
    for neuron in made.neurons:
        assert neuron.added == pytest.approx(abs(neuron.activation) * np.linalg.norm(rows[neuron.number]), rel=1e-4)
        assert neuron.along[2] == pytest.approx(neuron.activation)
    assert [n.added for n in made.neurons] == sorted((n.added for n in made.neurons), reverse=True)


def test_norms_are_every_tokens(models: Models) -> None:
    one, two = (ask(models["minilm-l6"], SENTENCE, "", 3, token) for token in (1, 2))
    for a, b in zip(one.stages, two.stages, strict=True):
        np.testing.assert_array_equal(a.norms, b.norms)
        assert a.norms[1] == pytest.approx(np.linalg.norm(a.vector), rel=1e-5)
        assert b.norms[2] == pytest.approx(np.linalg.norm(b.vector), rel=1e-5)


def test_the_formula_is_the_models(models: Models) -> None:
    assert "SiLU(W_gate · x) ⊙ (W_up · x)" in ask(models["smollm2-135m"], SENTENCE, "", 0, 1).feed_forward
    assert "GELU" in ask(models["minilm-l6"], SENTENCE, "", 0, 1).feed_forward
    made = ask(models["en-fr"], SENTENCE, "decoder", 0, 1)
    assert "ReLU" in made.feed_forward and made.sublayers == ("self-attention", "cross-attention", "feed-forward")
    assert (made.norm_first, ask(models["smollm2-135m"], SENTENCE, "", 0, 1).norm_first) == (False, True)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"layer": 6}, "blocks 0 to 5"), ({"token": 99}, "tokens 0 to 9"), ({"layer": -1}, "0 to"), ({"token": 1.5}, "whole number")],
)
def test_what_is_not_there_is_told(local: LocalService, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        local.run(BlockRequest(EmbeddingsRequest(SENTENCE, "minilm-l6"), **more))
