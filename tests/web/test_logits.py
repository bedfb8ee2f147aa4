"""What the page reckons of an explained answer, in node, against the service's own maths and by hand."""

import numpy as np
import pytest

from playground.tasks.answering.spans import position_probabilities, probability
from tests.web.node import run

FILE = "answering/logits.js"


@pytest.mark.parametrize("temperature", [1.0, 1.7])
def test_a_span_has_the_probability_that_the_service_gives_it(temperature: float) -> None:
    cases = [(score, log_sum, null) for score in (-30.0, 2.5, 14.0) for log_sum in (-5.0, 3.0, 12.5) for null in (-40.0, 0.0, 11.0)]
    given = [{"score": s, "of": {"temperature": temperature, "log_sum": a, "null": n}} for s, a, n in cases]
    made = run({FILE: "chanceOf"}, "return given.map(({ score, of }) => chanceOf(score, of));", given)
    np.testing.assert_allclose(made, [probability(s, a, n, temperature) for s, a, n in cases], rtol=1e-9)


def test_a_window_is_one_softmax_with_no_answer_in_it() -> None:
    logits = (np.random.default_rng(0).standard_normal(30) * 5).astype(np.float32)
    code = """const share = shareOf(Float32Array.from(given.logits), given.none);
    return { p: given.logits.map(share.p), none: share.p(given.none), place: given.logits.map(share.place) };"""
    made = run({FILE: "shareOf"}, code, {"logits": logits.tolist(), "none": 1.5})
    shares, none = position_probabilities(logits, 1.5)
    np.testing.assert_allclose(made["p"], shares, rtol=1e-5)
    assert made["none"] == pytest.approx(none) and sum(made["p"]) + made["none"] == pytest.approx(1)
    both = np.append(logits, 1.5)
    np.testing.assert_allclose(made["place"], (logits - both.min()) / (both.max() - both.min()), rtol=1e-5)


def test_spans_that_overlap_lie_on_lanes_of_their_own_and_as_high_as_they_can() -> None:
    """Brute force: the lowest lane number on which no earlier span shares a token."""
    random = np.random.default_rng(1)
    for _ in range(5):
        spans = [{"first": int(a), "last": int(a + n)} for a, n in zip(random.integers(0, 20, 8), random.integers(0, 6, 8), strict=True)]
        made = run({FILE: "lanesOf"}, "return [...lanesOf(given)].flatMap(([i, held]) => held.map(({ lane, k }) => [i, lane, k]));", spans)
        lanes: list[int] = []
        for k, one in enumerate(spans):
            taken = {lanes[j] for j in range(k) if spans[j]["first"] <= one["last"] and spans[j]["last"] >= one["first"]}
            lanes.append(next(lane for lane in range(len(spans) + 1) if lane not in taken))
        wanted = {(i, lanes[k], k) for k, one in enumerate(spans) for i in range(one["first"], one["last"] + 1)}
        assert {tuple(one) for one in made} == wanted and len(made) == len(wanted)
