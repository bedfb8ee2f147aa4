"""Span search equals trying every pair, in one window or stitched from several; the mass of all spans equals a direct sum."""

import numpy as np
import pytest
from numpy.typing import NDArray

from playground.tasks.answering.spans import SpanScores, position_probabilities, probability

Floats = NDArray[np.float32]


def all_spans(start: Floats, end: Floats, longest: int) -> list[tuple[int, int, float]]:
    n = len(start)
    pairs = [(i, j) for i in range(n) for j in range(i, min(n, i + longest))]
    return sorted(((i, j, float(np.float32(start[i] + end[j]))) for i, j in pairs), key=lambda s: (-s[2], s[0], s[1]))


def found(scores: SpanScores, most: int) -> list[tuple[int, int, float]]:
    return [(s.first, s.last, float(np.float32(s.score))) for s in scores.best(most)]


@pytest.mark.parametrize("seed", range(60))
def test_best_spans_equal_brute_force(seed: int) -> None:
    luck = np.random.default_rng(seed)
    n = int(luck.integers(1, 30))
    start, end = luck.normal(size=(2, n)).astype(np.float32)
    if seed % 2:  # many ties
        start, end = start.round(), end.round()
    longest, most = int(luck.integers(1, n + 3)), int(luck.integers(1, 12))
    expected, scores = all_spans(start, end, longest), SpanScores(n, longest)
    first = scores.add(0, start, end)
    assert found(scores, most) == expected[:most]
    assert found(scores, n * n + 5) == expected
    assert (first.first, first.last) == expected[0][:2]
    assert scores.log_sum() == pytest.approx(float(np.logaddexp.reduce([s for *_, s in expected])), abs=1e-5)
    assert scores.log_sum(2.5) == pytest.approx(float(np.logaddexp.reduce([s / 2.5 for *_, s in expected])), abs=1e-5)


@pytest.mark.parametrize("seed", range(60))
def test_spans_at_words_equal_brute_force(seed: int) -> None:
    """Only spans that begin and end at allowed tokens; all, where a window holds none of them."""
    luck = np.random.default_rng(seed)
    n = int(luck.integers(1, 30))
    start, end = luck.normal(size=(2, n)).astype(np.float32)
    begins, ends = luck.random((2, n)) < luck.choice([0.1, 0.5, 0.9])
    longest, every = int(luck.integers(1, n + 3)), n * n + 5
    whole = all_spans(start, end, longest)
    expected = [span for span in whole if begins[span[0]] and ends[span[1]]] or whole
    scores = SpanScores(n, longest, (begins, ends))
    first = scores.add(0, start, end)
    assert (first.first, first.last) == expected[0][:2]
    assert found(scores, every) == expected
    assert found(scores, 3) == expected[:3]
    assert scores.log_sum(1.5) == pytest.approx(float(np.logaddexp.reduce([s / 1.5 for *_, s in expected])), abs=1e-5)


@pytest.mark.parametrize("seed", range(20))
def test_stitched_windows_equal_brute_force_with_the_better_reading(seed: int) -> None:
    """Windows overlap, their logits differ: every span that a window holds counts once, with the higher of its scores."""
    luck = np.random.default_rng(seed)
    n, size, longest = 40, int(luck.integers(8, 20)), int(luck.integers(2, 9))
    scores, expected = SpanScores(n, longest), dict[tuple[int, int], tuple[float, int]]()
    for window, first in enumerate(range(0, n - size + 5, max(1, size // 2))):
        stop = min(first + size, n)
        start, end = luck.normal(size=(2, stop - first)).astype(np.float32)
        own = scores.add(first, start, end)
        assert own.window == window
        for i, j, score in all_spans(start, end, longest):
            if score > expected.get((first + i, first + j), (-np.inf, 0))[0]:
                expected[first + i, first + j] = score, window
    ranked = sorted(expected.items(), key=lambda item: (-item[1][0], item[0]))
    for span, ((first, last), (score, window)) in zip(scores.best(len(ranked)), ranked, strict=True):
        assert (span.first, span.last, span.window) == (first, last, window)
        assert span.score == pytest.approx(score, abs=1e-6)
    assert scores.log_sum() == pytest.approx(float(np.logaddexp.reduce([score for score, _ in expected.values()])), abs=1e-5)


def test_the_same_window_twice_changes_nothing() -> None:
    start, end = np.random.default_rng(1).normal(size=(2, 12)).astype(np.float32)
    once, twice = SpanScores(12, 5), SpanScores(12, 5)
    once.add(0, start, end)
    twice.add(0, start, end)
    twice.add(0, start, end)
    assert found(once, 50) == found(twice, 50)
    assert once.log_sum() == twice.log_sum()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_all_spans_and_no_answer_sum_to_one(temperature: float) -> None:
    start, end = (3 * np.random.default_rng(2).normal(size=(2, 15))).astype(np.float32)
    scores, null = SpanScores(15, 4), 1.25
    scores.add(0, start, end)
    mass = scores.log_sum(temperature)
    total = sum(probability(span.score, mass, null, temperature) for span in scores.best(500))
    assert total + probability(null, mass, null, temperature) == pytest.approx(1)


def test_large_logits_do_not_overflow_and_nothing_is_nothing() -> None:
    scores = SpanScores(2, 2)
    assert scores.log_sum() == -np.inf
    assert scores.best(3) == []
    scores.add(0, np.array([900.0, -900.0], np.float32), np.array([900.0, 0.0], np.float32))
    assert scores.log_sum() == pytest.approx(1800)
    assert probability(1800.0, scores.log_sum(), -5.0, 1.0) == pytest.approx(1)


def test_position_probabilities_are_a_softmax_with_cls() -> None:
    logits = np.array([900.0, 1.0, -3.0], np.float32)
    shares, none = position_probabilities(logits, 899.0)
    assert float(shares.sum()) + none == pytest.approx(1)
    assert none / shares[0] == pytest.approx(np.exp(-1), rel=1e-5)
