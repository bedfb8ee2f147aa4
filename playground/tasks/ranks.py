"""Spearman's rank correlation: how far two lists of numbers agree on what comes first. Knows no model."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def rank_correlation(a: NDArray[Any], b: NDArray[Any]) -> float:
    """Spearman's: the correlation of ranks, ties sharing their mean rank; 0 where one side is all the same, or empty."""
    if not len(a):
        return 0.0
    x, y = (_ranks(np.asarray(one, np.float64)) for one in (a, b))
    x, y = x - x.mean(), y - y.mean()
    size = float(np.sqrt((x * x).sum() * (y * y).sum()))
    return float((x * y).sum() / size) if size > 0 else 0.0


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.unique(values, return_inverse=True)[1]
    counts = np.bincount(order)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[order], np.float64)
