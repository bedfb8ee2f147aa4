"""What the lab opens, and the view that comes back from a page: anybody's value, so all of it is checked."""

from typing import Any

import pytest

from playground.errors import BadInput
from playground.tasks.attention.attention import AttentionRequest
from playground.views.attention.lab import lab_view, read_runs, read_view

RUNS = [("one", AttentionRequest("a", "minilm-l6")), ("two", AttentionRequest("b", "en-fr", "c"))]
VIEW = {"pane": 1, "kind": "cross", "layer": 1, "head": 3, "query": 0}


def test_what_goes_out_comes_back() -> None:
    assert read_runs(lab_view(RUNS)) == RUNS


def test_the_view_is_of_the_pane_in_view() -> None:
    view = read_view(lab_view(RUNS) | {"view": VIEW})
    assert (view.of, view.kind, view.layer, view.head, view.query) == (RUNS[1][1], "cross", 1, 3, 0)


@pytest.mark.parametrize("head", ["mean", "max", "rollout", "all", None, True])
def test_a_reduction_counts_as_the_mean(head: object) -> None:
    assert read_view(lab_view(RUNS) | {"view": VIEW | {"head": head}}).head == "mean"


@pytest.mark.parametrize(
    "change", [{"kind": 3}, {"kind": "sideways"}, {"layer": "1"}, {"layer": None}, {"layer": True}, {"query": "x"}, {"query": [1]}]
)
def test_a_view_that_cannot_be_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        read_view(lab_view(RUNS) | {"view": VIEW | change})


@pytest.mark.parametrize("value", [None, 3, "x", [], {}, {"runs": None}, {"runs": [None]}, {"runs": [{"name": "x", "spec": 3}]}])
def test_a_value_that_is_no_lab_is_refused(value: object) -> None:
    with pytest.raises(BadInput, match="can be read"):
        read_runs(value)


def test_a_wrong_type_inside_a_run_is_told_by_the_request() -> None:
    (_, request) = read_runs({"runs": [{"name": "x", "spec": {"text": 3, "model": "minilm-l6"}}]})[0]
    with pytest.raises(BadInput, match="must be text"):
        request.check()
