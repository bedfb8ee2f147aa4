"""Arrays for the page as one short string: little-endian float16 in base64. Knows no room."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray


def compact(numbers: NDArray[np.floating[Any]]) -> str:
    """What `halves` in web/look.js reads. Numbers beyond float16 are clipped to its largest."""
    clipped = np.clip(numbers, -65504, 65504).astype("<f2")
    return base64.b64encode(np.ascontiguousarray(clipped).tobytes()).decode("ascii")
