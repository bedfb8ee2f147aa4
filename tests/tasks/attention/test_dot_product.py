"""The formula's maths on small numbers, written out, and what a request for steps refuses."""

import math
from typing import Any

import numpy as np
import pytest

from playground.errors import BadInput, UnknownModel
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.dot_product import StepsRequest, Vectors, shares_of, softmax_rows, work_through
from tests.fake.service import FakeService

OF = AttentionRequest("the cat sat on the mat", "smollm2-135m")
INF = float("inf")


def array(numbers: Any) -> Any:
    return np.array(numbers, np.float32)


def test_the_formula_by_hand() -> None:
    """One head of two dimensions over three keys, the last one masked, with a bias on the second."""
    key, value = array([[[1, 0], [0, 1], [5, 5]]]), array([[[1, 0], [0, 1], [9, 9]]])
    vectors = Vectors(array([[1, 2]]), key, value, array([0, 0, -INF]), array([[0, 0.5, 0]]), 0.5)
    made = work_through(vectors, scaling=True, masking=True)
    assert made.scores.tolist() == [[1, 2, 15]]
    assert made.scaled.tolist() == [[0.5, 1, 7.5]]
    a, b = math.exp(0.5), math.exp(1.5)
    assert made.weights[0] == pytest.approx([a / (a + b), b / (a + b), 0], abs=1e-6)
    assert made.weights[0, 2] == 0
    assert made.output[0] == pytest.approx([a / (a + b), b / (a + b)], abs=1e-6)
    raw = work_through(vectors, scaling=False, masking=True)
    assert raw.weights[0] == pytest.approx([math.exp(1) / (math.exp(1) + math.exp(2.5)), math.exp(2.5) / (math.exp(1) + math.exp(2.5)), 0])
    assert work_through(vectors, scaling=True, masking=False).weights[0, 2] > 0.99


def test_softmax_of_large_scores_and_of_what_is_left_out() -> None:
    assert softmax_rows(array([[1000, 0], [-INF, 3]])).tolist() == [[1, 0], [0, 1]]


def test_shares_add_up_to_one_and_may_point_against() -> None:
    weights, value = array([0.75, 0.25]), array([[1, 0], [-1, 1]])
    shares = shares_of(weights, value, weights @ value)
    assert shares.sum() == pytest.approx(1)
    assert shares[1] < 0
    assert shares_of(weights, value * 0, array([0, 0])).tolist() == [0, 0]


def test_without_a_stage_only_that_stage_changes() -> None:
    service = FakeService()
    full = service.run(StepsRequest(OF, "", 1, 2, 3))
    bare = service.run(StepsRequest(OF, "", 1, 2, 3, scaling=False, mask=False))
    assert (full.scaling, full.masking, bare.scaling, bare.masking) == (True, True, False, False)
    assert full.weights[4:].tolist() == [0, 0]
    assert full.weights.tolist() == full.plain.tolist() == bare.plain.tolist()
    np.testing.assert_allclose(bare.weights, softmax_rows(bare.scores), atol=1e-6)
    assert not full.weights.flags.writeable


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"kind": "cross"}, "has no “cross” attention. It has: masked"),
        ({"kind": "sideways"}, "Choose one of: self, masked, cross"),
        ({"layer": 2}, "has layers 0 to 1"),
        ({"layer": -1}, "has layers 0 to 1"),
        ({"layer": True}, "is not a whole number"),
        ({"head": 3}, "has heads 0 to 2"),
        ({"head": "mean"}, "no steps of its own. Give a whole number from 0"),
        ({"head": True}, "Give a whole number from 0"),
        ({"query": 6}, "there are tokens 0 to 5"),
        ({"query": -1}, "from 0 to 511"),
        ({"query": 1.5}, "must be a whole number"),
        ({"scaling": 1}, "Scaling must be true or false"),
        ({"mask": None}, "Mask must be true or false"),
        ({"of": AttentionRequest(" ", "smollm2-135m")}, "holds only spaces"),
    ],
)
def test_bad_input_is_told_in_a_sentence(more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        FakeService().run(StepsRequest(**{"of": OF, **more}))


def test_an_unknown_model_is_told_with_those_there_are() -> None:
    with pytest.raises(UnknownModel, match="minilm-l6"):
        FakeService().run(StepsRequest(AttentionRequest("a", "nonsense")))
