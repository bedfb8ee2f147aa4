"""Gradient × input against finite differences in double precision, and a parameter that never collects a gradient."""

import copy
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
import torch

from playground.engine.attention.influence import attribute
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput, Cancelled
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.influence import Influence, InfluenceRequest
from tests.conftest import Models

TEXT, STEP = "The white house is small.", 1e-5


def ask(loaded: Loaded, kind: str = "", query: int = 3, text: str = TEXT) -> Influence:
    return attribute(loaded, [InfluenceRequest(AttentionRequest(text, loaded.card.slug), query, kind)], Watch())[0]


def double(loaded: Loaded) -> Any:
    model = copy.deepcopy(loaded.model).double()
    model.set_attn_implementation("eager")
    return model


def scaled(model: Any, ids: torch.Tensor, place: int, by: float) -> torch.Tensor:
    made = model.get_input_embeddings()(ids).clone()
    made[0, place] *= 1 + by
    return made


def test_a_vectors_movement_is_its_directional_derivative(models: Models) -> None:
    loaded = models["minilm-l6"]
    model, ids = double(loaded), torch.tensor([loaded.codec.ids(TEXT)])
    made = ask(loaded)
    with torch.no_grad():
        for place, score in enumerate(made.scores):
            up, down = (model(inputs_embeds=scaled(model, ids, place, by)).last_hidden_state[0, 3] for by in (STEP, -STEP))
            assert float(((up - down) / (2 * STEP)).norm()) == pytest.approx(float(score), rel=1e-3, abs=1e-4)
    assert not made.signed


@pytest.mark.slow
def test_two_models_are_worked_out_at_once(models: Models) -> None:
    """Forward mode is one for the whole process: torch refuses a second."""
    long = " ".join(["The white house is small."] * 6)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda slug: ask(models[slug], "self", 3, long), ["minilm-l6", "en-fr"] * 4))
    for slug, one in zip(["minilm-l6", "en-fr"] * 4, made, strict=True):
        np.testing.assert_allclose(one.scores, ask(models[slug], "self", 3, long).scores, rtol=1e-4)


def test_a_label_moves_as_the_gradient_says(models: Models) -> None:
    loaded = models["minilm-sentiment"]
    model, ids = double(loaded), torch.tensor([loaded.codec.ids(TEXT)])
    made = ask(loaded)
    with torch.no_grad():
        best = int(model(input_ids=ids).logits[0].argmax())
        for place, score in enumerate(made.scores):
            up, down = (model(inputs_embeds=scaled(model, ids, place, by)).logits[0, best] for by in (STEP, -STEP))
            assert float((up - down) / (2 * STEP)) == pytest.approx(float(score), rel=1e-3, abs=1e-4)
    assert made.signed


def test_the_next_tokens_logit_moves_as_its_own_gradient_says(models: Models) -> None:
    """Against autograd on embeddings handed to the model; its RMS norms always reckon in float32, too coarse for differences."""
    loaded = models["smollm2-135m"]
    model = copy.deepcopy(loaded.model)
    model.set_attn_implementation("eager")
    x = model.get_input_embeddings()(torch.tensor([loaded.codec.ids(TEXT)])).detach().requires_grad_()
    logits = model(inputs_embeds=x).logits[0, 3]
    (gradient,) = torch.autograd.grad(logits[logits.argmax()], x)
    np.testing.assert_allclose(ask(loaded).scores, (gradient * x)[0].sum(-1).detach().numpy(), rtol=1e-3, atol=2e-3)


def test_a_translation_has_scores_for_both_sides(models: Models) -> None:
    loaded = models["en-fr"]
    cross, masked, own = (ask(loaded, kind) for kind in ("cross", "masked", "self"))
    assert len(cross.scores) == len(own.scores) == len(loaded.codec.ids(TEXT))
    assert abs(masked.scores[4:]).max() == 0 and abs(masked.scores[:4]).min() > 0, "what comes later moves nothing"
    assert cross.of == masked.of and not own.signed


def test_nothing_is_kept_and_it_repeats(models: Models) -> None:
    loaded = models["minilm-sentiment"]
    first, second = ask(loaded), ask(loaded)
    np.testing.assert_array_equal(first.scores, second.scores)
    assert all(parameter.grad is None and not parameter.requires_grad for parameter in loaded.model.parameters())
    assert not loaded.model.get_input_embeddings()._forward_hooks


def test_limits_are_said_and_it_stops(models: Models) -> None:
    with pytest.raises(BadInput, match="up to 128"):
        ask(models["minilm-l6"], text="cat " * 200)
    with pytest.raises(BadInput, match="tokens 0 to 7"):
        ask(models["minilm-l6"], query=8)
    with pytest.raises(BadInput, match="It has: self"):
        ask(models["minilm-l6"], "masked")
    watch = Watch()
    watch.cancel()
    with pytest.raises(Cancelled):
        attribute(models["minilm-l6"], [InfluenceRequest(AttentionRequest(TEXT, "minilm-l6"), 1)], watch)
    assert not models["minilm-l6"].model.get_input_embeddings()._forward_hooks
