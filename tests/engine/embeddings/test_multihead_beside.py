"""The lesson's MultiHeadAttention equals torch's and the model's own layer, and its code as shown runs alone."""

import pytest
import torch

from playground.engine.embeddings.multihead_beside import code, run_beside
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.embeddings.embeddings import EmbeddingsRequest
from playground.tasks.embeddings.multihead import MultiHead, MultiHeadRequest
from tests.conftest import Models
from tests.engine.tiny import TEXT, tiny


def ask(loaded: Loaded, text: str, stack: str = "", layer: int = 0) -> MultiHead:
    return run_beside(loaded, [MultiHeadRequest(EmbeddingsRequest(text, loaded.card.slug, stack=stack), layer)], Watch())[0]


def check_equal(made: MultiHead) -> None:
    torch.testing.assert_close(torch.tensor(made.ours.copy()), torch.tensor(made.torch.copy()), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(torch.tensor(made.ours.copy()), torch.tensor(made.own.copy()), atol=1e-5, rtol=1e-5)
    assert max(made.to_torch, made.to_torch_weights) < 1e-5
    assert abs(made.ours).max() > 1e-2
    torch.testing.assert_close(torch.tensor(made.weights.sum(axis=-1)), torch.ones(made.weights.shape[:2]))


@pytest.mark.models
@pytest.mark.parametrize(("slug", "stack"), [("minilm-l6", ""), ("en-fr", "encoder"), ("en-fr", "decoder"), ("minilm-sentiment", "")])
def test_all_three_are_equal_on_every_layer(models: Models, slug: str, stack: str) -> None:
    made = ask(models[slug], "The white house saw the other house.", stack)
    for layer in range(made.layers):
        check_equal(ask(models[slug], "The white house saw the other house.", stack, layer))


@pytest.mark.parametrize("family", ["bert", "distilbert", "gpt2", "marian"])
def test_on_every_family_it_fits(family: str) -> None:
    made = ask(tiny(family), TEXT, layer=1)
    check_equal(made)
    if family == "gpt2":
        assert abs(made.weights[:, 0, 1:]).max() == 0, "a decoder sees no future"


def test_where_it_does_not_fit_is_told(models: Models) -> None:
    with pytest.raises(BadInput, match="rotary positions"):
        ask(models["smollm2-135m"], "Hello there")
    with pytest.raises(BadInput, match="bias"):
        ask(tiny("t5"), TEXT)
    with pytest.raises(BadInput, match="blocks 0 to 5"):
        ask(models["minilm-l6"], "Hello", layer=6)


def test_the_code_shown_runs_alone_and_equals_torch() -> None:
    names: dict[str, object] = {}
    exec(code(), names)
    made = names["MultiHeadAttention"](12, 3)  # type: ignore[operator]
    theirs = torch.nn.MultiheadAttention(12, 3, batch_first=True)
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([made.query.weight, made.key.weight, made.value.weight]))
        theirs.in_proj_bias.copy_(torch.cat([made.query.bias, made.key.bias, made.value.bias]))
        theirs.out_proj.load_state_dict(made.output.state_dict())
    x = torch.randn(2, 5, 12)
    mask = torch.ones(5, 5, dtype=torch.bool).triu(1)
    for given in (None, mask):
        ours, weights = made(x, given)
        other, other_weights = theirs(x, x, x, attn_mask=given, average_attn_weights=False)
        torch.testing.assert_close(ours, other, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(weights, other_weights, atol=1e-5, rtol=1e-5)
    assert len(code().splitlines()) < 50
