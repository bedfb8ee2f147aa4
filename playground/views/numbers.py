"""Many numbers in few characters, for values that travel to the page inside JSON; `web/look.js` unpacks them."""

import base64
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray


class Packed(TypedDict):
    """Little-endian integers in base64; `kind` is u1, u2 or i4."""

    kind: str
    data: str


class Scaled(TypedDict):
    """A number is `low` + `step` × its packed integer; exact to half a `step`, 1/131,070 of the whole range."""

    low: float
    step: float
    packed: Packed


def pack(values: NDArray[Any]) -> Packed:
    """The smallest of three integer kinds that holds all `values`."""
    low, high = (int(values.min()), int(values.max())) if len(values) else (0, 0)
    kind = "u1" if low >= 0 and high < 256 else "u2" if low >= 0 and high < 65536 else "i4"
    return {"kind": kind, "data": base64.b64encode(values.astype(f"<{kind}").tobytes()).decode()}


def scale(values: NDArray[np.float32]) -> Scaled:
    """Real numbers in two bytes each."""
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    step = (high - low) / 65535 or 1.0
    return {"low": low, "step": step, "packed": pack(np.rint((values.astype(np.float64) - low) / step).astype(np.int32))}
