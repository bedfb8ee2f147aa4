"""How a piece of work hears that nobody waits for it any more, and how it says how far it is. Knows no model."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from playground.errors import Cancelled

_CURRENT: ContextVar["Watch | None"] = ContextVar("watch", default=None)


class Watch:
    """Handed to a runner: call `check` often, `report` Progress and cumulative partial answers."""

    def __init__(self, report: Callable[[Any], None] | None = None) -> None:
        self._stop = threading.Event()
        self._report = report

    def cancel(self) -> None:
        """Safe from any thread."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()

    def check(self) -> None:
        """Raises Cancelled once the reader has left."""
        if self._stop.is_set():
            raise Cancelled("Stopped.")

    def report(self, item: Any) -> None:
        self.check()
        if self._report is not None:
            self._report(item)


@contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """While open, every attention layer that runs in this thread checks `watch`, so a long forward stops between layers."""
    token = _CURRENT.set(watch)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def check_current() -> None:
    """Raises Cancelled if the work in this thread is watched and nobody waits for it any more."""
    watch = _CURRENT.get()
    if watch is not None:
        watch.check()
