"""Keeps loaded things: each is loaded once however many ask, leased while in use, and the least recently used goes first.

Knows neither torch nor any model: what is loaded, and what counts as out of memory, is handed in.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar

from playground.catalog import ModelCard
from playground.engine.watch import Watch
from playground.errors import ModelUnavailable, OutOfMemory, PlaygroundError
from playground.tasks.status import ModelStatus

log = logging.getLogger(__name__)


class Sized(Protocol):
    @property
    def bytes(self) -> int: ...

    @property
    def source(self) -> str: ...


T = TypeVar("T", bound=Sized)
Loader = Callable[[ModelCard, Callable[[str, int, int], None]], T]


@dataclass
class _Entry(Generic[T]):
    ready: threading.Event = field(default_factory=threading.Event)
    thing: T | None = None
    error: BaseException | None = None
    leases: int = 0


class Store(Generic[T]):
    """`lease(card, watch)` gives the loaded thing and keeps it from being let go. `budget` bytes stay loaded, or one thing."""

    def __init__(
        self,
        load: Loader[T],
        budget: int,
        is_out_of_memory: Callable[[BaseException], bool] = lambda error: False,
        free: Callable[[], int | None] = lambda: None,
        release: Callable[[], None] = lambda: None,
    ) -> None:
        self._load, self._budget = load, budget
        self._is_out_of_memory, self._free, self._release = is_out_of_memory, free, release
        self._lock = threading.Lock()
        self._entries: OrderedDict[str, _Entry[T]] = OrderedDict()
        self._statuses: dict[str, ModelStatus] = {}

    def statuses(self) -> dict[str, ModelStatus]:
        with self._lock:
            return dict(self._statuses)

    @contextmanager
    def lease(self, card: ModelCard, watch: Watch) -> Iterator[T]:
        """Waits for the load (another's or a new one), but no longer than its reader stays. Raises what the load raised."""
        entry = self._enter(card)
        try:
            while not entry.ready.wait(0.05):
                watch.check()
            if entry.error is not None:
                raise entry.error.with_traceback(None)
            assert entry.thing is not None
            yield entry.thing
        finally:
            with self._lock:
                entry.leases -= 1
            self._shrink()

    def evict(self, keep: str = "") -> int:
        """Memory is short: lets go of everything not in use but `keep`, and of what `release` knows of. The number of things."""
        with self._lock:
            idle = [s for s, e in self._entries.items() if s != keep and e.leases == 0 and e.ready.is_set()]
            for slug in idle:
                self._drop(slug)
        self._release()
        return len(idle)

    def _enter(self, card: ModelCard) -> _Entry[T]:
        with self._lock:
            entry = self._entries.get(card.slug)
            if entry is None:
                entry = self._entries[card.slug] = _Entry()
                threading.Thread(target=self._fill, args=(card, entry), name=f"load {card.slug}", daemon=True).start()
            entry.leases += 1
            self._entries.move_to_end(card.slug)
            return entry

    def _fill(self, card: ModelCard, entry: _Entry[T]) -> None:
        """Runs in its own thread, so that one who leaves stops waiting while the load goes on for the others."""
        try:
            entry.thing = self._load_twice(card)
            precision = getattr(entry.thing, "precision", "")  # a tokenizer alone computes in nothing
            self._tell(card, "ready", source=entry.thing.source, bytes=entry.thing.bytes, precision=precision)
        except Exception as error:
            if not isinstance(error, PlaygroundError):
                log.exception("loading %s failed", card.slug)
                error = ModelUnavailable(f"{card.name} could not be loaded ({type(error).__name__}). The server's log says more.")
            entry.error = error
            self._tell(card, "failed", why=str(error))
            with self._lock:
                self._entries.pop(card.slug, None)
        finally:
            entry.ready.set()
            self._shrink()

    def _load_twice(self, card: ModelCard) -> T:
        """Out of memory: everything idle is let go and the load tried once more."""
        try:
            return self._load(card, lambda state, done, total: self._tell(card, state, done, total))
        except Exception as error:
            if not self._is_out_of_memory(error):
                raise
        self.evict(keep=card.slug)
        try:
            return self._load(card, lambda state, done, total: self._tell(card, state, done, total))
        except Exception as error:
            if not self._is_out_of_memory(error):
                raise
            raise out_of_memory(card, self._free()) from error

    def _tell(self, card: ModelCard, state: str, done: int = 0, total: int = 0, **more: str | int) -> None:
        with self._lock:
            self._statuses[card.slug] = replace(ModelStatus(card.slug, state, done, total), **more)  # type: ignore[arg-type]

    def _shrink(self) -> None:
        with self._lock:
            held = {s: e.thing.bytes for s, e in self._entries.items() if e.thing is not None}
            for slug in list(held):
                if sum(held.values()) <= self._budget or len(held) == 1:
                    return
                if self._entries[slug].leases == 0:
                    self._drop(slug)
                    del held[slug]

    def _drop(self, slug: str) -> None:
        del self._entries[slug]
        self._statuses.pop(slug, None)


def out_of_memory(card: ModelCard, free: int | None) -> OutOfMemory:
    """The sentence for a model that does not fit, with its size and what is free."""
    left = f"{free / 1e6:,.0f} MB are free on the device" if free is not None else "the device does not say how much is free"
    return OutOfMemory(
        f"{card.name} needs about {card.bytes / 1e6:,.0f} MB and {left}, also after other models were let go. "
        "Choose a smaller model, a shorter text, or set PLAYGROUND_DEVICE=cpu."
    )
