"""The sampling that the page does, in node, against the numpy stages that equal transformers' own (tests/tasks/generation)."""

import itertools

import numpy as np
import pytest

from playground.tasks.generation.sampling import Knobs, place_drawn, rank_order
from tests.oracles import run_pipeline
from tests.web.node import run

SEEN = [0, 3, 17, 40, 99]
SETTINGS = [
    Knobs(*values) for values in itertools.product((1.0, 1.3, 0.8), (0.0, 0.3, 1.7), (0, 1, 20), (1.0, 0.9, 0.3), (0.0, 0.05, 0.5))
]
CODE = """return given.settings.map((set) => {
  const made = pipeline(given.logits, given.seen, set), kept = Array.from(made.order.slice(0, made.inMin));
  return { kept, chances: Array.from(made.chances), penalised: Array.from(made.penalised), divided: Array.from(made.divided),
    after: [made.inK, made.inP, made.inMin], places: given.numbers.map((u) => fall(made.chances, u).place) };
});"""


@pytest.mark.parametrize("rounded", [False, True], ids=["all apart", "with equals"])
def test_every_stage_keeps_and_weighs_as_the_reference_does(rounded: bool) -> None:
    random = np.random.default_rng(2)
    logits = (random.standard_normal(120) * 3).astype(np.float32)
    logits = logits.round(0) if rounded else logits
    numbers = [0.0, *random.random(5), 0.999]
    given = {"logits": logits.tolist(), "seen": SEEN, "settings": [vars(one) for one in SETTINGS], "numbers": numbers}
    for knobs, made in zip(SETTINGS, run({"stages.js": "pipeline, fall"}, CODE, given), strict=True):
        wanted = run_pipeline(logits, np.array(SEEN, np.int32), knobs)
        np.testing.assert_array_equal(np.float32(made["penalised"]), wanted.penalised, err_msg=str(knobs))
        np.testing.assert_array_equal(np.float32(made["divided"]), wanted.divided, err_msg=str(knobs))
        if not rounded:  # of equals at a border the page keeps the lower ids, where the library's sort has an order of its own
            assert set(made["kept"]) == set(np.flatnonzero(np.isfinite(wanted.in_min_p)).tolist()), knobs
        assert made["after"] == sorted(made["after"], reverse=True) and made["after"][2] == len(made["kept"])
        order = rank_order(wanted.penalised)[: len(made["kept"])]
        assert made["kept"] == order.tolist(), knobs
        shares = np.exp(wanted.divided[order].astype(np.float64) - wanted.divided[order[0]])
        np.testing.assert_allclose(made["chances"], shares / shares.sum(), rtol=1e-12)
        assert made["places"] == [place_drawn(shares / shares.sum(), number) for number in numbers], knobs
