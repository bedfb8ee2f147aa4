"""Every number of the steps recomputed straight from the model's weights: its own projections, rotary function and forward hooks."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from playground.engine.attention.attention import attend
from playground.engine.attention.dot_product import explain
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.service.local import LocalService
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.dot_product import Steps, StepsRequest
from playground.tasks.precision import unpacked
from tests.conftest import Models

TEXT = "The white house saw the other house."
PLACES = {  # kind, layer, head, query
    "minilm-l6": ("self", 3, 5, 2),
    "smollm2-135m": ("masked", 17, 7, 4),
    "en-fr": ("cross", 1, 2, 3),
}
ATTENTIONS: dict[str, Callable[[Any], Any]] = {
    "minilm-l6": lambda model: model.encoder.layer[3].attention.self,
    "smollm2-135m": lambda model: model.model.layers[17].self_attn,
    "en-fr": lambda model: model.model.decoder.layers[1].encoder_attn,
}
OUTPUTS = ATTENTIONS | {"minilm-l6": lambda model: model.encoder.layer[3].attention.output.dense}
NAMES = {"minilm-l6": ("query", "key", "value")}


def ask(loaded: Loaded, slug: str, text: str = TEXT, **more: Any) -> Steps:
    kind, layer, head, query = PLACES[slug]
    return explain(loaded, [StepsRequest(AttentionRequest(text, slug), kind, layer, head, query, **more)], Watch())[0]


def seen(loaded: Loaded, slug: str) -> dict[str, Any]:
    """What goes into the attention module and what its projection makes, in an eager forward of the very same model."""
    found: dict[str, Any] = {}

    def enter(module: Any, args: Any, kwargs: Any) -> None:
        found.update(kwargs, hidden=args[0] if args else kwargs["hidden_states"])

    def leave(module: Any, args: Any, out: Any) -> None:
        found["out"] = (out[0] if isinstance(out, tuple) else out)[0]

    hooks = [ATTENTIONS[slug](loaded.model).register_forward_pre_hook(enter, with_kwargs=True),
             OUTPUTS[slug](loaded.model).register_forward_hook(leave)]  # fmt: skip
    try:
        attend(loaded, [AttentionRequest(TEXT, slug)], Watch())
    finally:
        for hook in hooks:
            hook.remove()
    return found


def by_hand(loaded: Loaded, slug: str) -> dict[str, Any]:
    """(heads, tokens, d) of q, k and v from the model's own projections; q and k turned by transformers' own function."""
    given, module = seen(loaded, slug), ATTENTIONS[slug](loaded.model)
    keys = given["key_value_states"] if slug == "en-fr" else given["hidden"]
    names = NAMES.get(slug, ("q_proj", "k_proj", "v_proj"))
    d = getattr(module, "head_dim", None) or module.attention_head_size
    with torch.inference_mode():
        q, k, v = (
            getattr(module, name)(x).view(1, x.shape[1], -1, d).transpose(1, 2)
            for name, x in zip(names, (given["hidden"], keys, keys), strict=True)
        )
        before = q[0]
        if slug == "smollm2-135m":
            from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

            q, k = apply_rotary_pos_emb(q, k, *given["position_embeddings"])
            k, v = k.repeat_interleave(3, 1), v.repeat_interleave(3, 1)
    return {"before": before, "q": q[0], "k": k[0], "v": v[0], "d": d, "out": given["out"]}


def close(mine: Any, theirs: Any) -> None:
    np.testing.assert_allclose(np.asarray(mine), np.asarray(theirs), atol=1e-4, rtol=1e-4)


def weights_by_hand(hand: dict[str, Any], slug: str, *, scaling: bool = True, mask: bool = True) -> torch.Tensor:
    """(heads, keys) for the query of PLACES."""
    place = PLACES[slug][3]
    scores = torch.einsum("hd,hkd->hk", hand["q"][:, place], hand["k"])
    if scaling:
        scores = scores / hand["d"] ** 0.5
    if mask and slug == "smollm2-135m":
        scores[:, place + 1 :] = -torch.inf
    return torch.softmax(scores, -1)


@pytest.mark.parametrize("slug", PLACES)
def test_every_stage_equals_the_models_own_weights(models: Models, slug: str) -> None:
    made, hand = ask(models[slug], slug), by_hand(models[slug], slug)
    _, _, head, place = PLACES[slug]
    close(made.query, hand["q"][head, place])
    close(made.key, hand["k"][head])
    close(made.value, hand["v"][head])
    close(made.scores, hand["k"][head] @ hand["q"][head, place])
    close(made.scaled, hand["k"][head] @ hand["q"][head, place] / hand["d"] ** 0.5)
    assert made.bias is None
    weights = weights_by_hand(hand, slug)
    close(made.weights, weights[head])
    close(made.norms, (weights[head][:, None] * hand["v"][head]).norm(dim=1))
    close(made.output, weights[head] @ hand["v"][head])
    close(made.joined, torch.einsum("hk,hkd->hd", weights, hand["v"]).reshape(-1))
    close(made.projected, hand["out"][place])
    if slug == "smollm2-135m":
        assert made.positions == "rotary" and made.query_before is not None
        close(made.query_before, hand["before"][head, place])
        assert abs(made.query_before - made.query).max() > 0.1
        assert (made.weights[place + 1 :] == 0).all() and np.isneginf(made.mask[place + 1 :]).all()
    else:
        assert (made.positions, made.query_before) == ("absolute", None)
        assert (made.mask == 0).all()


@pytest.mark.parametrize("slug", PLACES)
def test_weights_are_the_runs_and_shares_add_up(models: Models, slug: str) -> None:
    made = ask(models[slug], slug)
    kind, layer, head, place = PLACES[slug]
    (run,) = attend(models[slug], [AttentionRequest(TEXT, slug)], Watch())
    np.testing.assert_allclose(made.weights, unpacked(run.layers[kind][layer][head, place]), atol=2e-5)
    close((made.weights[:, None] * made.value).sum(axis=0), made.output)
    d = len(made.query)
    close(made.joined[head * d : (head + 1) * d], made.output)
    assert made.shares.sum() == pytest.approx(1, abs=1e-4)
    assert made.heads * d == len(made.joined)


@pytest.mark.parametrize("slug", PLACES)
@pytest.mark.parametrize(("scaling", "mask"), [(False, True), (True, False), (False, False)])
def test_without_a_stage(models: Models, slug: str, scaling: bool, mask: bool) -> None:
    made, hand = ask(models[slug], slug, scaling=scaling, mask=mask), by_hand(models[slug], slug)
    weights, head = weights_by_hand(hand, slug, scaling=scaling, mask=mask), PLACES[slug][2]
    close(made.weights, weights[head])
    close(made.plain, weights_by_hand(hand, slug)[head])
    close(made.joined, torch.einsum("hk,hkd->hd", weights, hand["v"]).reshape(-1))


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"layer": 2, "kind": "cross"}, "en-fr has layers 0 to 1"),
        ({"kind": "self", "layer": 99}, "en-fr has layers 0 to"),
        ({"head": 99}, "en-fr has heads 0 to"),
        ({"query": 300}, "Query token 300 is out of range: there are tokens 0 to"),
    ],
)
def test_what_the_run_has_not_is_told(local: LocalService, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        local.run(StepsRequest(AttentionRequest("Hello", "en-fr", "Bonjour"), **more))


def test_one_token(local: LocalService) -> None:
    made = local.run(StepsRequest(AttentionRequest("Hello", "smollm2-135m")))
    assert made.weights.tolist() == [1.0]
    close(made.output, made.value[0])
