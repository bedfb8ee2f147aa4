"""What the page draws of the steps: true numbers, the strongest keys, text that is only text, and a sentence for each stage."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.dot_product import Steps, StepsRequest
from playground.views.attention.dot_product import MOST, steps_view, token_choices
from tests.fake.service import FakeService

WORDS = " ".join(f"w{i}" for i in range(20))


def made(text: str = WORDS, **more: Any) -> Steps:
    return FakeService().run(StepsRequest(AttentionRequest(text, "smollm2-135m"), "", 1, 2, **{"query": 3, **more}))


def test_the_strongest_keys_come_first_and_nothing_is_lost() -> None:
    steps = made(query=19)
    view = steps_view(steps)
    weights = [key["weight"] for key in view["keys"]]
    assert weights == sorted(weights, reverse=True) and len(weights) == MOST
    assert view["rest"]["count"] == 20 - MOST
    assert sum(weights) + float(view["rest"]["weight_text"]) == pytest.approx(1, abs=1e-3)
    parts = np.sum([key["part"]["numbers"] for key in view["keys"]] + [view["rest"]["part"]["numbers"]], axis=0)
    np.testing.assert_allclose(parts, view["output"]["numbers"], atol=1e-3)
    shares = [float(key["share"].removesuffix(" %").strip("<>").replace("−", "-")) for key in [*view["keys"], view["rest"]]]
    assert sum(shares) == pytest.approx(100, abs=1)
    assert steps_view(made("a b c", query=1))["rest"] is None


def test_four_decimals_with_a_real_minus() -> None:
    key = steps_view(made(query=0))["keys"][1]
    assert (key["mask"], key["weight_text"]) == ("−∞", "0.0000")
    assert key["share"] == "0 %"
    assert "-" not in key["score"] and len(key["score"].split(".")[1]) == 4


@pytest.mark.parametrize(
    ("more", "formula", "words"),
    [
        ({}, "softmax(QKᵀ / √d_k + mask) · V", "adds −∞ to 16 later tokens"),
        ({"scaling": False}, "softmax(QKᵀ + mask) · V", "Without dividing by √8"),
        ({"mask": False}, "softmax(QKᵀ / √d_k) · V", "Without the mask 16 later tokens would take"),
        ({"query": 19}, "softmax(QKᵀ / √d_k + mask) · V", "The mask is 0 everywhere here"),
    ],
)
def test_formula_and_sentences_say_what_was_left_out(more: dict[str, Any], formula: str, words: str) -> None:
    view = steps_view(made(**more))
    assert view["formula"] == formula
    assert words in " ".join(view["sentences"].values())
    assert view["changed"] == bool({"scaling", "mask"} & set(more))


@pytest.mark.parametrize(
    ("kind", "place", "masked", "said"),
    [
        ("self", 1, [3], "adds −∞ to 1 hidden token, whose weight is then exactly 0: the hidden you took away."),
        ("masked", 17, [2, 18, 19], "adds −∞ to 2 later tokens and 1 hidden token, whose"),
        ("cross", 0, [4, 5], "adds −∞ to 2 hidden tokens, whose"),
    ],
)
def test_tokens_that_were_hidden_are_not_called_later_ones(kind: Any, place: int, masked: list[int], said: str) -> None:
    one = made(query=place)
    mask = np.zeros_like(one.mask)
    mask[masked] = -np.inf
    assert said in " ".join(steps_view(replace(one, kind=kind, place=place, mask=mask))["sentences"].values())


def test_positions_are_told_where_they_enter() -> None:
    steps = made()
    assert "already" in steps_view(steps)["sentences"]["query"]
    assert "turned" in steps_view(replace(steps, positions="rotary", query_before=steps.query))["sentences"]["query"]
    biased = steps_view(replace(steps, positions="relative bias", bias=steps.scores, scale=1.0))
    assert "bias" in biased["sentences"]["query"] and biased["formula"] == "softmax(QKᵀ + position bias + mask) · V"
    assert "does not scale" in biased["sentences"]["scaled"]


def test_tokens_are_told_apart_and_made_visible() -> None:
    choices = token_choices(made("the the \u202ex", query=0).queries)
    assert choices == [("0 · the", 0), ("1 · the", 1), ("2 · ⟨U+202E⟩x", 2)]
    assert steps_view(made("<b>x</b> y", query=0))["keys"][0]["label"] == "<b>x</b>"
