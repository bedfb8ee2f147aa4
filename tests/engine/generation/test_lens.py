"""The logit lens against the model itself: its last row is what the model says, its first the embedding through norm and head."""

from typing import Any

import numpy as np
import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

from playground.engine.generation.lens import layer_logits, look
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.generation.lens import Lens, LensRequest

TEXT = "The capital of France is"


def ask(models: Any, **more: Any) -> Lens:
    return look(models["smollm2-135m"], [LensRequest(TEXT, "smollm2-135m", chat=False, **more)], Watch())[0]


@pytest.mark.parametrize("position", [-1, 0, 2])
def test_the_last_row_is_what_the_model_says(models: Any, position: int) -> None:
    loaded, made = models["smollm2-135m"], ask(models, position=position)
    with torch.inference_mode():
        logits = loaded.model(torch.tensor([loaded.codec.ids(TEXT, special=False)])).logits[0, position]
    best = torch.softmax(logits.float(), -1).topk(5)
    assert np.allclose(made.probabilities[-1], best.values.numpy(), atol=1e-5)
    assert made.texts[-1][0] == loaded.codec.decode([int(best.indices[0])]) and made.ranks[-1] == 1
    assert made.probabilities.shape == (31, 5) and (np.diff(made.probabilities, axis=1) <= 0).all()


def test_the_first_row_is_the_embedding(models: Any) -> None:
    loaded = models["smollm2-135m"]
    ids = loaded.codec.ids(TEXT, special=False)
    with torch.inference_mode():
        rows = layer_logits(loaded, ids, 3)
        by_hand = loaded.model.lm_head(loaded.model.model.norm(loaded.model.get_input_embeddings()(torch.tensor(ids[3]))))
    assert torch.allclose(rows[0], by_hand.float(), atol=1e-4)


def test_gpt2_has_its_last_norm_elsewhere(models: Any) -> None:
    """The other family of the catalog, with weights drawn at random."""
    torch.manual_seed(0)
    model = GPT2LMHeadModel(GPT2Config(vocab_size=64, n_positions=16, n_embd=32, n_layer=2, n_head=2)).eval()
    from dataclasses import replace

    loaded = replace(models["smollm2-135m"], model=model, light=None)
    with torch.inference_mode():
        rows, said = layer_logits(loaded, [1, 2, 3], 2), model(torch.tensor([[1, 2, 3]])).logits[0, 2]
    assert rows.shape == (3, 64) and torch.allclose(rows[-1], said, atol=1e-5)


def test_what_cannot_be_asked(models: Any) -> None:
    with pytest.raises(BadInput, match="out of range: there are tokens 0 to"):
        ask(models, position=300)
    with pytest.raises(BadInput, match="the lens reads 512"):
        look(models["smollm2-135m"], [LensRequest("word " * 700, "smollm2-135m", chat=False)], Watch())


def test_settled_is_the_layer_after_which_nothing_changes() -> None:
    def lens(*ranks: int) -> Lens:
        return Lens("m", "s", ("a",), (False,), 0, (("x",),) * len(ranks), np.zeros((len(ranks), 1), np.float32), np.array(ranks, np.int32))

    assert [lens(1, 1, 1).settled, lens(9, 1, 1).settled, lens(1, 3, 1).settled, lens(1, 1, 2).settled] == [0, 1, 2, 3]
