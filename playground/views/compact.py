"""Arrays for the page as one short string: two bytes a number, in base64. Knows no room."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray


def compact(numbers: NDArray[np.floating[Any]]) -> str:
    """As float16, three digits good, for what is drawn: `halves` in web/look.js reads it. Numbers beyond are clipped to its largest."""
    return _text(np.clip(numbers, -65504, 65504).astype("<f2"))


def cosines(numbers: NDArray[np.floating[Any]]) -> str:
    """Numbers from −1 to 1 in steps of 1/32767, four decimals good: `cosinesOf` in web/look.js reads it."""
    return _text(np.rint(numbers * 32767).astype("<i2"))


def _text(numbers: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers).tobytes()).decode("ascii")
