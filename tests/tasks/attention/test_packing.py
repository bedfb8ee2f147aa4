"""Packing keeps four decimals, pools by maximum, and never invents a token."""

from typing import Any

import numpy as np
import pytest

from playground.errors import BadInput
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.attention.packing import AttentionPackRequest, pooled, reduction, word_numbers
from playground.tasks.precision import packed, packing_error, unpacked
from playground.tasks.side import Side
from playground.views.attention.packing import pack_message
from tests.fake.service import FakeService
from tests.wire import Arrays, read

RUN = AttentionRequest("the cat sat on the mat", "en-fr", "le chat")


def _sent(request: AttentionPackRequest) -> tuple[Any, Arrays]:
    return read(pack_message(FakeService().run(request)))


def test_packing_is_good_to_four_decimals_and_keeps_0_and_1() -> None:
    weights = np.random.default_rng(0).dirichlet(np.full(300, 0.1), 50).astype(np.float32)
    weights[0] = 0.0
    weights[0, 1] = 1.0
    back = unpacked(packed(weights))
    assert abs(back - weights).max() < 0.5e-4 and packing_error(1) < 0.5e-4
    assert all(abs(a - b) <= packing_error(b) for a, b in zip(back.ravel(), weights.ravel().tolist(), strict=True))
    assert back[0, 0] == 0.0 and back[0, 1] == 1.0
    np.testing.assert_allclose(back.sum(axis=1), 1, atol=1e-4)


def test_small_weights_keep_three_digits() -> None:
    """What a sink leaves beside it: as even steps of 1/65535 all of these are 0."""
    small = np.array([7e-6, 3e-7, 1e-7], np.float32)
    np.testing.assert_allclose(unpacked(packed(small)), small, rtol=2e-3)


@pytest.mark.parametrize("size", [64, 65, 128, 300, 512])
def test_pooling_is_the_largest_weight_of_each_cell(size: int) -> None:
    weights = np.random.default_rng(size).integers(0, 65536, (2, size, size - 1)).astype(np.uint16)
    small = pooled(weights, 64)
    edges = [i * size // 64 for i in range(64)] + [size]
    columns = min(64, size - 1)
    if size > 65:
        direct = weights[1, edges[5] : edges[6], 7 * (size - 1) // 64 : 8 * (size - 1) // 64].max()
        assert small[1, 5, 7] == direct
    assert small.shape == (2, 64, columns)


@pytest.mark.parametrize("kind", ["self", "masked", "cross"])
def test_the_message_decodes_to_the_maps(kind: str) -> None:
    about, arrays = _sent(AttentionPackRequest(RUN, kind))
    (part,) = about["parts"]
    assert about["kind"] == kind and not part["pooled"] and list(arrays) == [part["array"]]
    weights = arrays[part["array"]]
    for layer in range(weights.shape[0]):
        for head in range(weights.shape[1]):
            exact = FakeService().run(AttentionMapRequest(RUN, layer, head, kind)).weights
            np.testing.assert_allclose(weights[layer, head], exact, atol=1e-6)
    assert [s["kind"] for s in about["shapes"]] == ["self", "masked", "cross"]
    assert bool(about["labels"]) == (kind != "cross")


def test_a_pattern_that_cannot_be_is_told_as_such() -> None:
    """Fault 32: “looks at the token after” was offered for a decoder. The mask hides what comes after, so its scores are null."""
    about, _ = _sent(AttentionPackRequest(RUN, "masked"))
    place = [pattern["name"] for pattern in about["patterns"]].index("next")
    assert {head[place] for layer in about["scores"] for head in layer} == {None}
    assert about["patterns"][place]["lacks"] == "the mask hides what comes after"
    about, _ = _sent(AttentionPackRequest(RUN, "self"))
    assert all(head[place] > 0 for layer in about["scores"] for head in layer)


def test_one_head_comes_alone_and_in_full() -> None:
    about, arrays = _sent(AttentionPackRequest(RUN, "self", 1, 2))
    assert [(p["layer"], p["head"], arrays[p["array"]].shape[:2]) for p in about["parts"]] == [(1, 2, (1, 1))]
    exact = FakeService().run(AttentionMapRequest(RUN, 1, 2, "self")).weights
    np.testing.assert_allclose(arrays["part0"][0, 0], exact, atol=1e-6)


@pytest.mark.parametrize(("layer", "head"), [(0, None), (None, 0), (9, 0), (0, 9), (-1, 0), (True, 0), ("0", 0), ([], 0), (0, {})])
def test_wrong_parts_are_refused_with_a_sentence(layer: object, head: object) -> None:
    with pytest.raises(BadInput, match=r"\w+ \w+ \w+"):
        FakeService().run(AttentionPackRequest(RUN, "self", layer, head))  # type: ignore[arg-type]


def test_words_join_their_pieces() -> None:
    pieces = ("[CLS]", "em", "##bed", "##ding", ".", "[SEP]")
    wordpiece = Side(("[CLS]", "em", "bed", "ding", ".", "[SEP]"), pieces, (True, *[False] * 4, True))
    assert word_numbers(wordpiece) == [0, 1, 1, 1, 2, 3]
    bpe = Side(("Em", "bed", " now", "!"), ("Em", "bed", "Ġnow", "!"), (False,) * 4)
    assert word_numbers(bpe) == [0, 0, 1, 2]


@pytest.mark.parametrize("name", ["mean", "max", "rollout", "all"])
def test_reductions_equal_numpy(name: str) -> None:
    rng = np.random.default_rng(1)
    layers = [packed(rng.dirichlet(np.ones(7), (3, 7)).astype(np.float32)) for _ in range(4)]
    plain = [(layer.astype(np.float64) / 65535) ** 4 for layer in layers]
    if name == "rollout":
        wanted = np.eye(7)
        for layer in plain[:3]:
            mixed = (layer.mean(0) + np.eye(7)) / 2
            wanted = mixed / mixed.sum(-1, keepdims=True) @ wanted
    else:
        wanted = {"mean": plain[2].mean(0), "max": plain[2].max(0), "all": np.mean([one.mean(0) for one in plain], 0)}[name]
    assert abs(reduction(layers, 2, name) - wanted).max() < 1e-5


def test_a_reduction_comes_alone_and_cross_attention_has_no_rollout() -> None:
    service = FakeService()
    pack = service.run(AttentionPackRequest(RUN, "cross", 0, "max"))
    assert pack.parts[0].reduced == "max" and pack.parts[0].weights.shape[:2] == (1, 1)
    with pytest.raises(BadInput, match="Rollout is for self-attention"):
        service.run(AttentionPackRequest(RUN, "cross", 0, "rollout"))
    with pytest.raises(BadInput, match="Head"):
        service.run(AttentionPackRequest(RUN, "cross", 0, "median"))
