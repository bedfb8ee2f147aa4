"""A cache bounded by bytes: the least recently used goes first. Safe from any thread; knows not what it keeps."""

import ctypes
import dataclasses
import sys
import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Generic, TypeVar

import numpy as np

V = TypeVar("V")
OVERHEAD = 64


class ByteCache(Generic[V]):
    """Keeps at most `budget` bytes; a value larger than all of it is not kept."""

    def __init__(self, budget: int) -> None:
        self._budget, self._lock = budget, threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[V, int]] = OrderedDict()
        self.bytes = 0

    def get(self, key: Hashable) -> V | None:
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                return None
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: V, size: int) -> None:
        with self._lock:
            old = self._kept.pop(key, None)
            self.bytes -= old[1] if old else 0
            if size > self._budget:
                return
            self._kept[key] = (value, size)
            self.bytes += size
            while self.bytes > self._budget:
                self.bytes -= self._kept.popitem(last=False)[1][1]

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.bytes = 0

    def __len__(self) -> int:
        return len(self._kept)


def give_back_freed_memory() -> None:
    """Hands the pages that malloc keeps of what was freed back to the system, where glibc can (a few ms): what a run needs on its
    way would else stay beside what is kept of it, 0.6 MB for each 128-token run (measured)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)


def size_of(value: Any) -> int:
    """About the bytes a request or answer holds: arrays by their own count, text by its characters, all else a little."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes) + OVERHEAD
    if isinstance(value, str):
        return len(value) * (1 if value.isascii() else 4) + OVERHEAD
    if isinstance(value, tuple | list):
        return OVERHEAD + sum(size_of(item) for item in value)
    if dataclasses.is_dataclass(value):
        return OVERHEAD + sum(size_of(getattr(value, f.name)) for f in dataclasses.fields(value))
    return OVERHEAD // 2
