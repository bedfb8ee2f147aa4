"""Span search equals trying every pair; the mass of all spans equals a direct sum."""

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.tasks.answering import Answering, Span, best_spans, log_sum_spans


def all_spans(
    start: NDArray[np.float32], end: NDArray[np.float32], allowed: NDArray[np.bool_], longest: int
) -> list[tuple[int, int, float]]:
    n = len(start)
    pairs = [(i, j) for i in range(n) for j in range(i, min(n, i + longest)) if allowed[i] and allowed[j]]
    return sorted(((i, j, float(np.float32(start[i] + end[j]))) for i, j in pairs), key=lambda s: (-s[2], s[0], s[1]))


@pytest.mark.parametrize("seed", range(60))
def test_best_spans_equal_brute_force(seed: int) -> None:
    luck = np.random.default_rng(seed)
    n = int(luck.integers(1, 30))
    start, end = luck.normal(size=(2, n)).astype(np.float32)
    if seed % 2:  # many ties
        start, end = start.round(), end.round()
    allowed = luck.random(n) < (1.0 if seed % 3 else 0.6)
    longest, most = int(luck.integers(1, n + 3)), int(luck.integers(1, 12))
    expected = all_spans(start, end, allowed, longest)
    assert best_spans(start, end, allowed, longest, most) == expected[:most]
    assert best_spans(start, end, allowed, longest, n * n + 5) == expected
    if expected:
        assert log_sum_spans(start, end, allowed, longest) == pytest.approx(float(np.logaddexp.reduce([s for *_, s in expected])), abs=1e-5)
    else:
        assert log_sum_spans(start, end, allowed, longest) == -np.inf


def test_large_logits_do_not_overflow() -> None:
    start, end = np.array([900.0, -900.0], np.float32), np.array([900.0, 0.0], np.float32)
    assert log_sum_spans(start, end, np.ones(2, bool), 2) == pytest.approx(1800)


def test_no_answer_has_the_score_of_no_answer() -> None:
    span = Span("a", 0, 1, 0.2)
    assert Answering("m", "s", "q", "a", None, 0.7, (span,), 1).score == 0.7
    assert Answering("m", "s", "q", "a", span, 0.7, (span,), 1).score == 0.2
