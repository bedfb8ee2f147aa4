"""Parameters by component add up to the model's own count, tied weights once."""

import pytest
import torch

from playground.engine.embeddings.anatomy import take_apart
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.tasks.embeddings.anatomy import Anatomy, AnatomyRequest
from tests.conftest import Models
from tests.engine.tiny import CARDS, tiny


def ask(loaded: Loaded) -> Anatomy:
    return take_apart(loaded, [AnatomyRequest(loaded.card.slug)], Watch())[0]


def check(loaded: Loaded) -> Anatomy:
    made, model = ask(loaded), loaded.model
    once = {parameter.data_ptr(): parameter.numel() for parameter in model.parameters()}
    assert sum(one.times * one.each for one in made.components) == model.num_parameters() == sum(once.values())
    assert made.total == sum(one.parameters for one in made.components)
    assert all((one.parameters > 0) != one.fixed and one.detail for one in made.components)
    assert len({(one.stack, one.name, one.each) for one in made.components}) == len(made.components)
    return made


@pytest.mark.parametrize("family", CARDS)
def test_components_add_up(family: str) -> None:
    check(tiny(family))


@pytest.mark.models
@pytest.mark.parametrize("slug", ["minilm-l6", "minilm-sentiment", "minilm-qa", "smollm2-135m", "en-fr"])
def test_components_of_real_models_add_up(models: Models, slug: str) -> None:
    made = check(models[slug])
    attention = next(one for one in made.components if one.name == "self-attention")
    assert attention.times == {"minilm": 6, "smollm": 30, "en-fr": 6}[slug[:6].rstrip("-")]


def test_what_lies_where(models: Models) -> None:
    made = {(one.stack, one.name): one for one in ask(models["smollm2-135m"]).components}
    assert made["", "token embeddings"].parameters == 49152 * 576
    assert made["decoder", "self-attention"].each == 2 * 576 * 576 + 2 * 192 * 576
    assert made["decoder", "feed-forward"].each == 3 * 576 * 1536
    assert made["decoder", "norms"].each == 2 * 576
    assert "tied" in ask(models["smollm2-135m"]).tied and "tied" in ask(models["en-fr"]).tied
    assert ask(models["minilm-l6"]).tied == ""


def test_an_untied_head_is_counted(models: Models) -> None:
    loaded = tiny("llama-gqa")
    assert not torch.equal(loaded.model.lm_head.weight, loaded.model.model.embed_tokens.weight)
    assert "task head" in {one.name for one in ask(loaded).components}
    assert "of its own" in ask(loaded).tied
    assert {"task head", "pooler"} & {one.name for one in ask(models["minilm-sentiment"]).components} == {"task head", "pooler"}
