"""The nine patterns on inputs built to have them, rollout and words against direct computation."""

import numpy as np
import pytest

from playground.tasks.attention import heads
from tests.oracles import by_word, without_keys

SIZE = 24


def _side(rng: np.random.Generator, repeated: bool = False) -> heads.Side:
    half = rng.permutation(1000)[: SIZE // 2]
    ids = np.concatenate([half, half]) if repeated else rng.permutation(1000)[:SIZE]
    delimiter = np.zeros(SIZE, bool)
    delimiter[[0, 7, 15, SIZE - 1]] = True
    return heads.Side(ids.astype(np.int32), delimiter, np.ones((SIZE, SIZE), bool))


def _map(places: "np.ndarray", rng: np.random.Generator, share: float = 0.8) -> heads.Weights:
    """`share` of each row evenly on the True cells of `places`, the rest as noise; rows with none are all noise."""
    noise = rng.random((SIZE, SIZE))
    noise /= noise.sum(axis=1, keepdims=True)
    found = places.sum(axis=1, keepdims=True)
    aimed = np.divide(places, found, out=np.zeros((SIZE, SIZE)), where=found > 0)
    return np.where(found > 0, share * aimed + (1 - share) * noise, noise).astype(np.float32)


def _built(name: str, rng: np.random.Generator) -> tuple[heads.Weights, heads.Side]:
    index = np.arange(SIZE)
    repeated = name in ("induction", "same token")
    side = _side(rng, repeated)
    same = side.ids[:, None] == side.ids[None, :]
    places = {
        "previous": index[None] == index[:, None] - 1,
        "next": index[None] == index[:, None] + 1,
        "self": index[None] == index[:, None],
        "first token": np.broadcast_to(index[None] == 0, (SIZE, SIZE)),
        "delimiter": np.broadcast_to(side.delimiter & (index > 0), (SIZE, SIZE)),
        "same token": same & ~np.eye(SIZE, dtype=bool),
        "induction": np.roll(same & np.tri(SIZE, k=-1, dtype=bool), 1, axis=1) & np.tri(SIZE, k=-1, dtype=bool),
        "local window": (abs(index[None] - index[:, None]) >= 1) & (abs(index[None] - index[:, None]) <= 2),
        "spread out": np.zeros((SIZE, SIZE), bool),
    }[name]
    return _map(places, rng, 0.9), side


@pytest.mark.parametrize("name", [pattern.name for pattern in heads.PATTERNS])
def test_a_built_pattern_gets_its_own_label(name: str) -> None:
    """The confusion on built inputs: twenty random texts each, every one labelled as built."""
    rng = np.random.default_rng(0)
    labels = [heads.label_of(heads.pattern_scores(*_built(name, rng))) for _ in range(20)]
    assert labels == [name] * 20


def test_a_score_there_is_nothing_for_is_none_and_gives_no_label() -> None:
    """A mask hides what comes after; a text without a repeated token has no other place of one."""
    side = heads.Side(np.arange(4, dtype=np.int32), np.zeros(4, bool), np.tri(4, dtype=bool))
    scores = heads.pattern_scores(np.eye(4, dtype=np.float32), side)
    assert [name for name, score in scores.items() if np.isnan(score)] == ["next", "induction", "same token", "delimiter"]
    assert heads.label_of(scores) == "self"


def test_random_heads_get_no_positional_label() -> None:
    """Dirichlet rows of middling entropy have no pattern."""
    rng = np.random.default_rng(1)
    for _ in range(20):
        weights = rng.dirichlet(np.full(SIZE, 0.3), SIZE).astype(np.float32)
        assert heads.label_of(heads.pattern_scores(weights, _side(rng))) == heads.NO_PATTERN


def test_scores_are_shares() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        weights = rng.dirichlet(np.full(SIZE, 0.1), SIZE).astype(np.float32)
        assert all(-1e-6 <= score <= 1 + 1e-5 for score in heads.pattern_scores(weights, _side(rng, True)).values() if not np.isnan(score))


def test_one_token_has_scores_too() -> None:
    side = heads.Side(np.array([5], np.int32), np.array([True]), np.ones((1, 1), bool))
    scores = heads.pattern_scores(np.ones((1, 1), np.float32), side)
    assert scores["self"] == 1.0 and np.isnan(scores["previous"]) and np.isnan(scores["first token"])


def test_rollout_equals_direct_products_and_rows_sum_to_one() -> None:
    rng = np.random.default_rng(3)
    layers = [rng.dirichlet(np.ones(5), (3, 5)).astype(np.float32) for _ in range(4)]
    direct = np.eye(5)
    for layer in layers:
        step = np.zeros((5, 5))
        for i in range(5):
            for j in range(5):
                step[i, j] = 0.5 * sum(layer[h, i, j] for h in range(3)) / 3 + 0.5 * (i == j)
        direct = step @ direct
    np.testing.assert_allclose(heads.rollout(layers), direct, atol=1e-6)
    np.testing.assert_allclose(heads.rollout(layers).sum(axis=1), 1, atol=1e-6)


def test_hidden_keys_are_zero_and_the_rest_sums_to_one() -> None:
    weights = np.array([[0.5, 0.3, 0.2], [1.0, 0.0, 0.0]], np.float32)
    kept = without_keys(weights, np.array([True, False, False]))
    np.testing.assert_allclose(kept, [[0, 0.6, 0.4], [0, 0, 0]], atol=1e-6)


def test_words_sum_over_keys_and_average_over_queries() -> None:
    rng = np.random.default_rng(4)
    weights = rng.dirichlet(np.ones(5), 5).astype(np.float32)
    words = np.array([0, 1, 1, 2, 2])
    merged = by_word(weights, words, words)
    groups = [[0], [1, 2], [3, 4]]
    direct = [[np.mean([sum(weights[q, k] for k in keys) for q in queries]) for keys in groups] for queries in groups]
    np.testing.assert_allclose(merged, direct, atol=1e-6)
    np.testing.assert_allclose(merged.sum(axis=1), 1, atol=1e-5)
