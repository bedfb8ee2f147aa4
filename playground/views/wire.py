"""Arrays for the page in one form, which `web/wire.js` reads: a header that says what each is, then their bytes. Knows no room.

A message is two uint32, the lengths of header and body, then both, padded to multiples of 8; all little-endian. The header is JSON:
{"about": any, "arrays": {name: {"dtype", "shape", …}}}; arrays lie one after another in that order, C-contiguous, each padded to 8.
Messages may follow one another in a stream. Inside a component's JSON value one travels as base64 (`packed`).

An array of codes says how they are read: code c stands for low + span · (c / steps)^power (low 0, span 1, power 1 where not
named), or, with "sums", for the running sum of the codes up to it.
"""

import base64
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.tasks import precision

ALIGNED = 8
COSINE_STEPS = 32767


@dataclass(frozen=True)
class Coded:
    """Integers that stand for other numbers, as the module says; `steps` 0 is no coding at all."""

    codes: NDArray[Any]
    steps: int = 0
    low: float = 0.0
    span: float = 1.0
    power: int = 1
    sums: bool = False


def message(about: Any, arrays: Mapping[str, NDArray[Any] | Coded]) -> bytes:
    """`about` and `arrays` in one piece; integers of 64 bits are refused, since the page has none."""
    coded = {name: one if isinstance(one, Coded) else Coded(one) for name, one in arrays.items()}
    told = {"about": about, "arrays": {name: _told(one) for name, one in coded.items()}}
    header = json.dumps(told, separators=(",", ":")).encode("ascii")
    header += b" " * (-len(header) % ALIGNED)
    body = b"".join(data + bytes(-len(data) % ALIGNED) for data in (_bytes(one.codes) for one in coded.values()))
    return struct.pack("<II", len(header), len(body)) + header + body


def packed(arrays: Mapping[str, NDArray[Any] | Coded]) -> str:
    """A message without `about`, as base64."""
    return base64.b64encode(message(None, arrays)).decode("ascii")


def whole(numbers: NDArray[Any]) -> Coded:
    """Whole numbers in the smallest of uint8, uint16 and int32 that holds them all."""
    low, high = (int(numbers.min()), int(numbers.max())) if numbers.size else (0, 0)
    return Coded(numbers.astype("u1" if low >= 0 and high < 256 else "u2" if low >= 0 and high < 65536 else "i4"))


def rising(numbers: NDArray[Any]) -> Coded:
    """Whole numbers as the differences to the one before, which are small where they rise slowly."""
    return Coded(whole(np.diff(numbers, prepend=0)).codes, sums=True)


def scaled(numbers: NDArray[np.float32]) -> Coded:
    """Real numbers in two bytes each, exact to 1/131,070 of their range."""
    low, high = (float(numbers.min()), float(numbers.max())) if numbers.size else (0.0, 0.0)
    span, steps = high - low or 1.0, 65535
    return Coded(np.rint((numbers.astype(np.float64) - low) / span * steps).astype("u2"), steps, low, span)


def cosines(numbers: NDArray[np.floating[Any]]) -> Coded:
    """Numbers from −1 to 1 in steps of 1/32767: four decimals are good."""
    return Coded(np.rint(numbers * COSINE_STEPS).astype("i2"), COSINE_STEPS)


def halves(numbers: NDArray[np.floating[Any]]) -> NDArray[np.float16]:
    """Three digits good, for what is drawn; numbers beyond float16 are clipped to its largest."""
    return np.asarray(np.clip(numbers, -65504, 65504), np.float16)


def weights(codes: NDArray[np.uint16]) -> Coded:
    """Attention weights as the service packs them (tasks/precision.py)."""
    return Coded(codes, precision.STEPS, power=precision.POWER)


def _told(one: Coded) -> dict[str, Any]:
    kind = one.codes.dtype
    if kind.kind not in "iuf" or (kind.kind != "f" and kind.itemsize > 4):
        raise TypeError(f"The page reads no {kind}.")
    told: dict[str, Any] = {"dtype": f"{kind.kind}{kind.itemsize}", "shape": list(one.codes.shape)}
    if one.sums:
        told["sums"] = True
    if one.steps:
        told |= {name: value for name, value, usual in _coding(one) if value != usual}
    return told


def _coding(one: Coded) -> tuple[tuple[str, float, float], ...]:
    return ("steps", one.steps, 0), ("low", one.low, 0.0), ("span", one.span, 1.0), ("power", one.power, 1)


def _bytes(codes: NDArray[Any]) -> bytes:
    return np.ascontiguousarray(codes, codes.dtype.newbyteorder("<")).tobytes()
