"""The maths of embeddings and positions against numpy's own, and what a request refuses."""

import numpy as np
import pytest

from playground.errors import BadInput
from playground.tasks.embeddings.embeddings import (
    EmbeddingsRequest,
    NeighboursRequest,
    cosine_matrix,
    place_of,
    principal_axes,
    square,
    triangle,
    unit,
)
from playground.tasks.embeddings.positions import PositionsRequest, mean_by_distance, reordered, turned

RANDOM = np.random.default_rng(1)


@pytest.mark.parametrize("shape", [(5, 40), (60, 7), (9, 9)])
def test_principal_axes_equal_the_singular_vectors(shape: tuple[int, int]) -> None:
    vectors = RANDOM.standard_normal(shape) * np.linspace(3, 0.5, shape[1])
    coordinates, shares = principal_axes(vectors, np.ones(len(vectors), bool))
    centred = vectors - vectors.mean(axis=0)
    _, s, vt = np.linalg.svd(centred, full_matrices=False)
    np.testing.assert_allclose(np.abs(coordinates), np.abs(centred @ vt[:3].T), atol=1e-4)
    np.testing.assert_allclose(shares, s[:3] ** 2 / (s**2).sum(), rtol=1e-4)


def test_axes_are_fitted_to_the_marked_rows_alone() -> None:
    vectors = RANDOM.standard_normal((12, 5))
    far = vectors.copy()
    far[-1] *= 1000
    fitted = np.arange(12) < 11
    near, distant = (principal_axes(some, fitted)[0] for some in (vectors, far))
    np.testing.assert_allclose(near[:11], distant[:11], atol=1e-5)
    assert np.abs(distant[11]).max() > 10


@pytest.mark.parametrize("rows", [1, 2])
def test_too_few_rows_leave_axes_at_nothing(rows: int) -> None:
    coordinates, shares = principal_axes(RANDOM.standard_normal((rows, 6)), np.ones(rows, bool))
    assert coordinates.shape == (rows, 3) and np.isfinite(coordinates).all()
    assert (coordinates[:, rows:] == 0).all() and (shares[rows:] == 0).all()


def test_the_sign_of_an_axis_does_not_depend_on_the_rows_order() -> None:
    vectors = RANDOM.standard_normal((8, 30))
    there, back = principal_axes(vectors, np.ones(8, bool))[0], principal_axes(vectors[::-1], np.ones(8, bool))[0][::-1]
    np.testing.assert_allclose(there, back, atol=1e-4)


def test_cosines_and_their_triangle() -> None:
    vectors = RANDOM.standard_normal((6, 4)).astype(np.float32)
    vectors[2] = 0
    full = cosine_matrix(vectors)
    assert full[0, 3] == pytest.approx(vectors[0] @ vectors[3] / np.linalg.norm(vectors[0]) / np.linalg.norm(vectors[3]), rel=1e-5)
    assert (full[2] == 0).all() and (full == full.T).all() and np.abs(full).max() <= 1
    half = triangle(full)
    np.testing.assert_array_equal(square(half), full)
    assert all(half[place_of(6, i, j)] == full[i, j] for i in range(6) for j in range(6))
    assert np.linalg.norm(unit(vectors)[0]) == pytest.approx(1)


def test_a_turn_keeps_lengths_and_products_at_equal_distance() -> None:
    q, k = RANDOM.standard_normal((2, 16)).astype(np.float32)
    speeds = (1.0 / 10000 ** (np.arange(8) / 8)).astype(np.float32)
    assert np.linalg.norm(turned(q, speeds, 40)) == pytest.approx(np.linalg.norm(q), rel=1e-5)
    np.testing.assert_allclose(turned(turned(q, speeds, 5), speeds, -5), q, atol=1e-5)
    for shift in (0, 3, 50):
        assert turned(q, speeds, 7 + shift) @ turned(k, speeds, 2 + shift) == pytest.approx(turned(q, speeds, 5) @ k, abs=1e-4)


def test_means_by_distance_and_orders() -> None:
    full = np.array([[1, 2, 3], [2, 1, 4], [3, 4, 1]], np.float32)
    assert mean_by_distance(full).tolist() == [1, 3, 3]
    assert reordered([[0], [1, 2], [3]], "reversed", 0) == [[3], [1, 2], [0]]
    for seed in range(20):
        mixed = reordered([[0], [1]], "shuffled", seed)
        assert mixed == [[1], [0]], "never the order they came in"
    assert reordered([[0]], "shuffled", 1) == [[0]]


@pytest.mark.parametrize(("stage", "sentence"), [(-1, "0 to"), (True, "whole number"), ("1", "whole number"), (10**9, "0 to 1,000")])
def test_wrong_numbers_are_told(stage: object, sentence: str) -> None:
    of = EmbeddingsRequest("Hello", "minilm-l6")
    with pytest.raises(BadInput, match=sentence):
        NeighboursRequest(of, 0, stage).check()  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="Head"):
        PositionsRequest(of, head=stage if stage != 10**9 else -2).check()  # type: ignore[arg-type]


def test_requests_are_values() -> None:
    one, two = (NeighboursRequest(EmbeddingsRequest("Hello", "minilm-l6"), 1) for _ in range(2))
    assert one == two and hash(one) == hash(two)
    assert NeighboursRequest.room == EmbeddingsRequest.room == "embeddings"
