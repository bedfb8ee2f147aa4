"""How attention weights are kept and sent: uint16 steps of 1/65535, an absolute error of at most 7.7e-6 (four decimals are good)."""

import numpy as np
from numpy.typing import NDArray

STEPS = 65535


def packed(weights: NDArray[np.float32]) -> NDArray[np.uint16]:
    """Rounded to the nearest of 65,536 steps from 0 to 1; 0 stays 0 and 1 stays 1."""
    return (weights * np.float32(STEPS) + np.float32(0.5)).astype(np.uint16)


def unpacked(weights: NDArray[np.uint16]) -> NDArray[np.float32]:
    """Steps back to weights. Rows sum to 1 within n times the step: making the sum exact would move the large weights more."""
    return np.asarray(weights * np.float32(1 / STEPS), np.float32)
