"""Embeddings against transformers' own hidden states and a brute force of everything worked out from them, on every family."""

from typing import Any

import numpy as np
import pytest
import torch

from playground.engine.embeddings.embeddings import embed, nearest
from playground.engine.models import Loaded
from playground.engine.stack import read_passage, stack_of
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.service.local import LocalService
from playground.tasks.embeddings.embeddings import Embeddings, EmbeddingsRequest, NeighboursRequest, square
from playground.tasks.limits import LIMITS
from tests.conftest import Models
from tests.engine.tiny import CARDS, TEXT, stacks, tiny

FAMILIES = [(family, stack) for family in CARDS for stack in stacks(family)]
REAL = [("minilm-l6", "encoder"), ("smollm2-135m", "decoder"), ("en-fr", "encoder"), ("en-fr", "decoder"), ("minilm-qa", "encoder")]
RIVER, MONEY = "She sat on the bank of the river.", "He took the money to the bank."


def ask(loaded: Loaded, text: str, stack: str = "", second: str = "") -> Embeddings:
    return embed(loaded, [EmbeddingsRequest(text, loaded.card.slug, second, stack)], Watch())[0]


def hidden_states(loaded: Loaded, text: str, name: str) -> list[np.ndarray]:  # type: ignore[type-arg]
    """transformers' own, (stages, tokens, width); the last of a model with a final norm is after it."""
    passage = read_passage(loaded, stack_of(loaded, name), text)
    options: dict[str, Any] = {} if loaded.card.family == "encoder" else {"use_cache": False}
    if loaded.card.family == "encoder-decoder" and name == "encoder":
        with torch.inference_mode():
            states = stack_of(loaded, name).module(input_ids=passage.inputs["input_ids"], output_hidden_states=True).hidden_states
        return [state[0].float().numpy() for state in states]
    with torch.inference_mode():
        out = loaded.model.base_model(**passage.inputs, output_hidden_states=True, **options)
    found = getattr(out, f"{name}_hidden_states", None) if loaded.card.family == "encoder-decoder" else out.hidden_states
    return [state[0].float().numpy() for state in found]


def check_against_hidden_states(loaded: Loaded, text: str, name: str) -> None:
    made, states = ask(loaded, text, name), hidden_states(loaded, text, name)
    given = made.normed if made.normed is not None else sum(part.numbers for part in made.parts)
    np.testing.assert_allclose(np.broadcast_to(given, states[0].shape), states[0], atol=1e-4)
    with_final = "final" in made.stages[-1]
    assert len(made.stages) == len(states) + with_final
    theirs = [*states[:-1], None, states[-1]] if with_final else states
    for stage, state in enumerate(theirs):
        if state is None:
            continue
        np.testing.assert_allclose(made.norms[stage], np.linalg.norm(state, axis=1), rtol=1e-4)
        scaled = torch.nn.functional.normalize(torch.tensor(state), dim=1)
        np.testing.assert_allclose(square(made.cosines[stage]), scaled @ scaled.T, atol=2e-3)


@pytest.mark.parametrize(("family", "stack"), FAMILIES)
def test_parts_add_up_and_stages_are_the_models_hidden_states(family: str, stack: str) -> None:
    check_against_hidden_states(tiny(family), TEXT, stack)


@pytest.mark.models
@pytest.mark.parametrize(("slug", "stack"), REAL)
def test_parts_and_stages_of_the_real_models(models: Models, slug: str, stack: str) -> None:
    check_against_hidden_states(models[slug], RIVER, stack)


def test_the_embedding_norm_is_of_the_sum(models: Models) -> None:
    made, module = ask(models["minilm-l6"], RIVER), models["minilm-l6"].model.embeddings.LayerNorm
    assert [part.name for part in made.parts] == ["token", "position", "segment"]
    with torch.inference_mode():
        expected = module(torch.tensor(np.asarray(sum(part.numbers for part in made.parts))))
    assert made.normed is not None
    np.testing.assert_allclose(made.normed, expected, atol=1e-4)


def test_a_second_text_is_read_on_its_own(models: Models) -> None:
    loaded = models["minilm-l6"]
    both, one, two = ask(loaded, RIVER, second=MONEY), ask(loaded, RIVER), ask(loaded, MONEY)
    assert both.labels == one.labels + two.labels
    assert both.second == len(one.labels)
    np.testing.assert_allclose(both.norms, np.concatenate([one.norms, two.norms], axis=1), rtol=1e-5)
    np.testing.assert_array_equal(square(both.cosines[3])[: both.second, : both.second], square(one.cosines[3]))


def test_the_two_banks_drift_apart(models: Models) -> None:
    made = ask(models["minilm-l6"], RIVER, second=MONEY)
    i, j = (k for k, label in enumerate(made.labels) if label == "bank")
    path = [float(square(stage)[i, j]) for stage in made.cosines]
    assert path[0] > 0.95 > 0.9 > path[-1]
    alone = ask(models["smollm2-135m"], RIVER, second=MONEY)
    i, j = (k for k, label in enumerate(alone.labels) if label == " bank")
    assert float(square(alone.cosines[0])[i, j]) == pytest.approx(1, abs=1e-3), "a rotary model adds no position"


def test_a_decoder_beside_an_encoder_reads_the_translation(models: Models) -> None:
    made = ask(models["en-fr"], "The white house is small.", "decoder")
    assert made.labels[0] == "⟨start⟩" and made.special[0]
    assert "maison" in made.texts[0]


def test_a_translation_that_is_cut_is_told_as_far_as_it_was_read(models: Models) -> None:
    loaded = models["en-fr"]
    stack = stack_of(loaded, "decoder")
    whole, part = (read_passage(loaded, stack, "The white house is small, and the black cat sleeps.", most) for most in (96, 10))
    assert len(part.labels) == 10 < len(whole.labels)  # the words may differ: at its limit another hypothesis can be the best
    assert part.text == "".join(part.labels[1:]).strip() and len(whole.text) > len(part.text) > 0


def test_too_long_a_text_is_cut_and_says_so(models: Models) -> None:
    made = ask(models["minilm-l6"], "word " * 120)
    assert len(made.labels) == LIMITS.vector_tokens
    assert made.cut == 122 - LIMITS.vector_tokens
    assert made.labels[-1] == "[SEP]"
    both = ask(models["minilm-l6"], "word " * 120, second="other " * 120)
    assert len(both.labels) == LIMITS.vector_tokens
    long = ask(models["minilm-l6"], "word " * 120, second="one two")
    assert len(long.labels) == LIMITS.vector_tokens and long.second == LIMITS.vector_tokens - 4


@pytest.mark.models
@pytest.mark.parametrize(("slug", "stage"), [("minilm-l6", 4), ("smollm2-135m", 31), ("en-fr", 2)])
def test_neighbours_equal_a_search_through_the_table(models: Models, slug: str, stage: int) -> None:
    loaded = models[slug]
    request = EmbeddingsRequest(RIVER, slug)
    (made,) = nearest(loaded, [NeighboursRequest(request, 3, stage, 7)], Watch())
    states = hidden_states(loaded, RIVER, stack_of(loaded, "").name)
    vector = torch.tensor(states[-1 if stage == 31 else stage][3])
    table = loaded.model.get_input_embeddings().weight
    cosines = torch.nn.functional.cosine_similarity(table.float(), vector[None], dim=1)
    order = torch.argsort(cosines, descending=True)[:7].tolist()
    assert [one.id for one in made.nearest] == order
    np.testing.assert_allclose([one.cosine for one in made.nearest], cosines[order], atol=1e-5)
    assert made.entries == len(table)


def test_a_token_is_nearest_to_itself_at_the_embedding(models: Models) -> None:
    (made,) = nearest(models["smollm2-135m"], [NeighboursRequest(EmbeddingsRequest(RIVER, "smollm2-135m"), 4)], Watch())
    assert (made.rank, made.nearest[0].label) == (1, " bank")
    assert made.own == pytest.approx(1, abs=1e-5)


def test_neighbours_of_the_second_text(models: Models) -> None:
    request = EmbeddingsRequest(RIVER, "minilm-l6", MONEY)
    labels = ask(models["minilm-l6"], RIVER, second=MONEY).labels
    (made,) = nearest(models["minilm-l6"], [NeighboursRequest(request, labels.index("money"))], Watch())
    assert made.nearest[0].label == made.label == "money"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [({"token": 90}, "tokens 0 to 10"), ({"stage": 7}, "stages 0 to 6"), ({"token": 500}, "Token"), ({"count": 0}, "1 to 50")],
)
def test_what_is_not_there_is_told(local: LocalService, more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        local.run(NeighboursRequest(EmbeddingsRequest(RIVER, "minilm-l6"), **more))


def test_a_stack_the_model_has_not_is_told(local: LocalService) -> None:
    with pytest.raises(BadInput, match=r"has no decoder. It has: encoder"):
        local.run(EmbeddingsRequest(RIVER, "minilm-l6", stack="decoder"))
    with pytest.raises(BadInput, match="encoder, decoder"):
        local.run(EmbeddingsRequest(RIVER, "minilm-l6", stack="both"))
