"""How attention weights are kept and sent: a uint16 code c stands for the weight (c / 65535)⁴.

Even steps of 1/65535 leave nothing of the weights beside a sink, which are often below 1e-6: what is left of such a row when
its sink is hidden would be a few steps. The fourth power keeps four decimals of a weight near 1 and three digits of one of 1e-7.
"""

import numpy as np
from numpy.typing import NDArray

STEPS = 65535
POWER = 4


def packed(weights: NDArray[np.float32]) -> NDArray[np.uint16]:
    """The nearest of 65,536 codes for weights from 0 to 1; 0 stays 0 and 1 stays 1."""
    return (np.sqrt(np.sqrt(weights)) * np.float32(STEPS) + np.float32(0.5)).astype(np.uint16)


def unpacked(codes: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Codes back to weights, each within `packing_error` of what it was. Rows of n sum to 1 within 3.1e-5 · n^(1/4)."""
    roots = codes * np.float32(1 / STEPS)
    roots *= roots
    roots *= roots
    return np.asarray(roots, np.float32)


def packing_error(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The most a weight can have moved by being packed: half a code, 3.1e-5 of a weight near 1, and float32's own rounding.

    It grows more slowly than the weight, so it holds of means of weights too.
    """
    return np.asarray((weights ** (1 / POWER) + 0.5 / STEPS) ** POWER - weights + 1e-6 * weights)
