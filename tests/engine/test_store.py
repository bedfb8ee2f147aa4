"""One load however many ask; the least recently used goes first and never one in use; out of memory is tried once more."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from playground.catalog import MODELS, ModelCard
from playground.engine.store import Store
from playground.engine.watch import Watch
from playground.errors import Cancelled, ModelUnavailable, OutOfMemory

A, B, C = MODELS[:3]
Report = Callable[[str, int, int], None]


class NoRoom(Exception):
    """Stands for torch's out-of-memory error."""


@dataclass(frozen=True)
class Thing:
    slug: str
    bytes: int = 10
    source: str = "here"


class Loader:
    """Counts loads; the first `failures` of them raise."""

    def __init__(self, seconds: float = 0.0, failures: list[Exception] | None = None) -> None:
        self.loads: list[str] = []
        self._seconds, self._failures = seconds, [] if failures is None else failures

    def __call__(self, card: ModelCard, report: Report) -> Thing:
        report("loading", 1, 2)
        self.loads.append(card.slug)
        time.sleep(self._seconds)
        if self._failures:
            raise self._failures.pop(0)
        return Thing(card.slug)


def store_of(loader: Loader, budget: int = 100, free: int | None = None) -> Store[Thing]:
    return Store(loader, budget, lambda error: isinstance(error, NoRoom), lambda: free)


def use(store: Store[Thing], card: ModelCard) -> Thing:
    with store.lease(card, Watch()) as thing:
        return thing


def test_twenty_threads_load_once_and_share() -> None:
    loader = Loader(seconds=0.2)
    store = store_of(loader)
    with ThreadPoolExecutor(20) as pool:
        things = list(pool.map(lambda i: use(store, A), range(20)))
    assert loader.loads == [A.slug]
    assert len({id(thing) for thing in things}) == 1


def test_the_least_recently_used_goes_first() -> None:
    loader = Loader()
    store = store_of(loader, budget=20)
    for card in (A, B, A, C):
        use(store, card)
    assert set(store.statuses()) == {A.slug, C.slug}
    use(store, A)
    assert loader.loads == [A.slug, B.slug, C.slug]
    use(store, B)
    assert loader.loads[3:] == [B.slug]
    assert set(store.statuses()) == {A.slug, B.slug}


def test_what_is_in_use_is_never_let_go() -> None:
    store = store_of(Loader(), budget=10)
    with store.lease(A, Watch()) as held:
        use(store, B)
        with store.lease(A, Watch()) as again:
            assert again is held
        assert A.slug in store.statuses()
        assert B.slug not in store.statuses()


def test_over_budget_in_use_shrinks_when_the_leases_end() -> None:
    store = store_of(Loader(), budget=10)
    with store.lease(A, Watch()), store.lease(B, Watch()):
        assert set(store.statuses()) == {A.slug, B.slug}
    assert len(store.statuses()) == 1


def test_one_thing_over_budget_stays() -> None:
    loader = Loader()
    store = store_of(loader, budget=1)
    use(store, A)
    use(store, A)
    assert loader.loads == [A.slug]


def test_shrinking_does_not_release_what_else_is_kept() -> None:
    """Kept attention runs go when memory is short, not whenever a lease ends."""
    released: list[int] = []
    store = Store(Loader(), 10, release=lambda: released.append(1))
    with store.lease(A, Watch()):
        use(store, B)
    assert released == []
    store.evict()
    assert released == [1]


def test_out_of_memory_evicts_and_tries_once_more() -> None:
    failures: list[Exception] = []
    loader = Loader(failures=failures)
    store = store_of(loader)
    use(store, A)
    failures.append(NoRoom())
    assert use(store, B).slug == B.slug
    assert loader.loads == [A.slug, B.slug, B.slug]
    assert set(store.statuses()) == {B.slug}


def test_out_of_memory_twice_names_the_size_and_what_is_free() -> None:
    store = store_of(Loader(failures=[NoRoom(), NoRoom()]), free=12_000_000)
    with pytest.raises(OutOfMemory, match=r"needs about 538 MB and 12 MB are free.*Choose a smaller model"):
        use(store, A)
    assert use(store, A).slug == A.slug


def test_a_failed_load_is_told_to_all_who_wait_and_can_be_tried_again() -> None:
    loader = Loader(seconds=0.2, failures=[ModelUnavailable("Not now.")])
    store = store_of(loader)

    def ask(i: int) -> str:
        try:
            return use(store, A).slug
        except ModelUnavailable as error:
            return str(error)

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(ask, range(5))) == {"Not now."}
    assert store.statuses()[A.slug].state == "failed"
    assert store.statuses()[A.slug].why == "Not now."
    assert use(store, A).slug == A.slug
    assert store.statuses()[A.slug].state == "ready"
    assert loader.loads == [A.slug, A.slug]


def test_an_unforeseen_error_is_a_sentence_without_its_text() -> None:
    store = store_of(Loader(failures=[RuntimeError("secret path")]))
    with pytest.raises(ModelUnavailable, match=r"could not be loaded \(RuntimeError\)") as caught:
        use(store, A)
    assert "secret" not in str(caught.value)


def test_one_who_leaves_stops_waiting_and_the_load_goes_on() -> None:
    loader = Loader(seconds=0.5)
    store, watch = store_of(loader), Watch()
    threading.Timer(0.05, watch.cancel).start()
    began = time.monotonic()
    with pytest.raises(Cancelled), store.lease(A, watch):
        pytest.fail("it was not there yet")
    assert time.monotonic() - began < 0.4
    use(store, A)
    assert loader.loads == [A.slug]


def test_the_status_says_what_is_being_done() -> None:
    begun, go = threading.Event(), threading.Event()

    def load(card: ModelCard, report: Report) -> Thing:
        report("downloading", 5, 10)
        begun.set()
        go.wait(10)
        return Thing(card.slug)

    store: Store[Thing] = Store(load, 100)
    thread = threading.Thread(target=use, args=(store, A))
    thread.start()
    begun.wait(10)
    status = store.statuses()[A.slug]
    assert (status.state, status.done, status.total) == ("downloading", 5, 10)
    go.set()
    thread.join(10)
    status = store.statuses()[A.slug]
    assert (status.state, status.bytes, status.source) == ("ready", 10, "here")
