"""Positions against their formulas and the model's own scores, and the test of all tests: words moved, positions removed."""

import numpy as np
import pytest

from playground.engine.embeddings.positions import look_up, shuffle
from playground.engine.models import Loaded
from playground.engine.stack import put_through, read_passage, stack_of
from playground.engine.tap import open_tap
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.embeddings.embeddings import EmbeddingsRequest, square
from playground.tasks.embeddings.positions import PositionsRequest, PositionTable, Shuffle, ShuffleRequest, turned
from tests.conftest import Models
from tests.engine.tiny import TEXT, tiny

SENTENCE = "The unbelievable bank of the river was green."


def ask(loaded: Loaded, stack: str = "", **more: int) -> PositionTable:
    text = SENTENCE if loaded.source != "tiny" else TEXT
    return look_up(loaded, [PositionsRequest(EmbeddingsRequest(text, loaded.card.slug, stack=stack), **more)], Watch())[0]


def moved(loaded: Loaded, text: str, way: str = "reversed", seed: int = 0) -> Shuffle:
    return shuffle(loaded, [ShuffleRequest(EmbeddingsRequest(text, loaded.card.slug), way, seed)], Watch())[0]


def test_sines_and_cosines_of_the_place(models: Models) -> None:
    """Vaswani et al. 2017, section 3.5, with Marian's order: sines first, cosines after them."""
    made = ask(models["en-fr"])
    assert made.kind == "sinusoidal" and made.table is not None
    places, half = np.arange(len(made.table))[:, None], made.table.shape[1] // 2
    angles = places / 10000 ** (2 * np.arange(half) / (2 * half))
    np.testing.assert_allclose(made.table, np.concatenate([np.sin(angles), np.cos(angles)], axis=1), atol=1e-5)
    np.testing.assert_allclose(square(made.cosines)[3, 7], np.cos(4 * (1 / 10000 ** (2 * np.arange(half) / (2 * half)))).mean(), atol=1e-3)  # type: ignore[arg-type]


def test_a_learned_table_is_the_models_own(models: Models) -> None:
    made, weight = ask(models["minilm-l6"]), models["minilm-l6"].model.embeddings.position_embeddings.weight
    assert made.kind == "learned" and made.table is not None and made.by_distance is not None
    np.testing.assert_array_equal(made.table, weight[: len(made.table)])
    assert made.by_distance[0] == pytest.approx(1) and made.by_distance[1] > made.by_distance[32]


@pytest.mark.parametrize(("layer", "head", "query", "key"), [(0, 0, 5, 2), (7, 4, 8, 8), (29, 8, 6, 0)])
def test_rotary_turns_give_the_models_scores_by_distance_alone(models: Models, layer: int, head: int, query: int, key: int) -> None:
    loaded = models["smollm2-135m"]
    made = ask(loaded, query=query, key=key, layer=layer, head=head).rotary
    assert made is not None
    stack = stack_of(loaded, "")
    with open_tap(lambda weights: None, layer) as tap:
        put_through(loaded, stack, read_passage(loaded, stack, SENTENCE), {})
    assert tap.call is not None
    theirs = float(tap.call.query[0, head, query] @ tap.call.key[0, head, key]) * made.scale

    def score(m: int, n: int) -> float:
        return float(turned(made.query, made.frequencies, m) @ turned(made.key, made.frequencies, n)) * made.scale

    assert score(query, key) == pytest.approx(theirs, abs=1e-3, rel=1e-4)
    assert made.curve[query - key] == pytest.approx(theirs, abs=1e-3, rel=1e-4)
    for shift in (1, 17, 100):
        assert score(query + shift, key + shift) == pytest.approx(theirs, abs=1e-2, rel=1e-3)
    assert abs(score(query + 5, key) - theirs) > 1e-3, "another distance, another score"
    assert np.linalg.norm(turned(made.query, made.frequencies, 9)) == pytest.approx(np.linalg.norm(made.query), rel=1e-5)


@pytest.mark.parametrize("stack", ["encoder", "decoder"])
def test_the_relative_bias_is_what_the_scores_get(stack: str) -> None:
    loaded = tiny("t5")
    made = ask(loaded, stack)
    assert made.kind == "relative bias" and made.bias is not None
    found = stack_of(loaded, stack)
    with open_tap(lambda weights: None, 0 if stack == "encoder" else 2) as tap:
        put_through(loaded, found, read_passage(loaded, found, TEXT), {})
    assert tap.call is not None and tap.call.bias is not None
    middle, bias = made.bias.shape[1] // 2, tap.call.bias[0].numpy()
    queries, keys = bias.shape[1:]  # the decoder half reads what random weights wrote, which may be one token
    pairs = ((0, 0), (4, 1), (5, 5), *(((1, 4),) if stack == "encoder" else ()))
    for query, key in [(q, k) for q, k in pairs if q < queries and k < keys]:
        np.testing.assert_allclose(made.bias[:, middle + key - query], bias[:, query, key], atol=1e-6)


@pytest.mark.parametrize("way", ["reversed", "shuffled"])
@pytest.mark.parametrize("slug", ["minilm-l6", "en-fr"])
def test_without_positions_an_encoder_gives_the_same_vectors_elsewhere(models: Models, slug: str, way: str) -> None:
    made = moved(models[slug], SENTENCE, way, 5)
    assert made.difference < 1e-4
    np.testing.assert_allclose(made.bare, 1, atol=1e-5)
    words = [i for i, special in enumerate(made.special) if not special]
    assert made.kept[words].min() < 0.95, "with positions the order matters"
    assert sorted(made.moved.tolist()) == list(range(len(made.labels)))
    assert sorted(made.words.split()) == sorted(made.order.split())
    assert made.words != made.order


@pytest.mark.parametrize("family", ["bert", "distilbert", "t5", "marian"])
def test_so_does_every_other_family_of_encoders(family: str) -> None:
    loaded = tiny(family)
    made = moved(loaded, TEXT)
    assert made.difference < 1e-4
    assert np.abs(1 - made.kept).max() > 1e-4


@pytest.mark.parametrize("family", ["gpt2", "llama-gqa"])
def test_a_decoders_mask_still_knows_the_order(family: str) -> None:
    made = moved(tiny(family), TEXT)
    assert made.difference > 1e-3


def test_reversed_words_keep_their_pieces_in_order(models: Models) -> None:
    made = moved(models["en-fr"], "An unbelievable, green river")
    pieces = [label.strip() for label in made.labels if label not in ("</s>",)]
    assert " ".join(pieces) == made.words
    first = made.order.split()
    assert first[0] == "river" and first[-1] == "An"
    joined = "".join(first)
    assert "unbelievable" in joined


def test_the_model_is_as_before(models: Models) -> None:
    """The hooks are gone, also after an error."""
    loaded = models["minilm-l6"]
    stack = stack_of(loaded, "")
    passage = read_passage(loaded, stack, SENTENCE)
    before = put_through(loaded, stack, passage, {}).outputs["block 5"]
    moved(loaded, SENTENCE)
    with pytest.raises(AttributeError):
        put_through(loaded, stack, passage, {"broken": None}, positions=False)
    np.testing.assert_array_equal(before, put_through(loaded, stack, passage, {}).outputs["block 5"])
    assert not any(module._forward_hooks for name, module in loaded.model.named_modules() if "embeddings" in name)


def test_one_word_and_the_decoder_half_are_told(models: Models) -> None:
    with pytest.raises(BadInput, match="two words"):
        moved(models["minilm-l6"], "Hello")
    with pytest.raises(BadInput, match="Choose the encoder"):
        shuffle(models["en-fr"], [ShuffleRequest(EmbeddingsRequest(SENTENCE, "en-fr", stack="decoder"))], Watch())
    with pytest.raises(BadInput, match="reversed, shuffled"):
        ShuffleRequest(EmbeddingsRequest(SENTENCE, "minilm-l6"), "sideways").check()
    with pytest.raises(BadInput, match="heads 0 to 8"):
        ask(models["smollm2-135m"], head=9)
    with pytest.raises(BadInput, match="tokens 0 to"):
        ask(models["smollm2-135m"], query=99)
