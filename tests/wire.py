"""Reads messages of arrays with numpy, as their form is written down in views/wire.py: what the page's own reader is held to."""

import base64
import json
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]


def read(data: bytes) -> tuple[Any, Arrays]:
    """`about` and the arrays of one message, which must be all of `data`."""
    ((about, arrays),) = read_all(data)
    return about, arrays


def read_all(data: bytes) -> list[tuple[Any, Arrays]]:
    """Of messages one after another."""
    found, at = [], 0
    while at < len(data):
        size, body = struct.unpack_from("<II", data, at)
        assert size % 8 == 0 and body % 8 == 0
        header = json.loads(data[at + 8 : at + 8 + size])
        at += 8 + size
        end, arrays = at + body, {}
        for name, told in header["arrays"].items():
            codes = np.frombuffer(data, "<" + told["dtype"], int(np.prod(told["shape"])), at).reshape(told["shape"])
            arrays[name] = _numbers(codes, told)
            at += codes.nbytes + -codes.nbytes % 8
        assert at == end, "nothing but the arrays"
        found.append((header["about"], arrays))
    return found


def unpack(text: str) -> Arrays:
    """The arrays of a view's base64."""
    about, arrays = read(base64.b64decode(text))
    assert about is None
    return arrays


def _numbers(codes: NDArray[Any], told: dict[str, Any]) -> NDArray[Any]:
    if told.get("sums"):
        return np.cumsum(codes, dtype=np.int64)
    if "steps" in told:
        return told.get("low", 0) + told.get("span", 1) * (codes.astype(float) / told["steps"]) ** told.get("power", 1)
    return codes.astype(np.float32) if codes.dtype == np.float16 else codes
