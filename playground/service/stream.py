"""A stream of progress and cumulative answers out of work that runs in another thread. Knows no model and no request.

A reader that is slow sees the newest partial answer, never a backlog; `close` may be called from any thread.
"""

import threading
from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar

from playground.engine.watch import Watch
from playground.errors import Cancelled
from playground.tasks.request import Progress

A = TypeVar("A")
HEARTBEAT_SECONDS = 0.2


class Job(Generic[A]):
    """One piece of work and where its reader finds what came of it. `work(watch)` returns the answer."""

    def __init__(self, work: Callable[[Watch], A], describe: Callable[[], Progress] | None = None) -> None:
        self.watch = Watch(self._post)
        self._work, self._describe = work, describe or (lambda: Progress("working", "Working"))
        self._changed = threading.Condition()
        self._partial: list[Any] = []
        self._answer: list[A] = []
        self._told: Progress | None = None  # what the work last said of itself, repeated while nothing new comes
        self._error: BaseException | None = None
        self.done = False

    def execute(self) -> None:
        """Runs in a worker thread; never raises."""
        try:
            self.watch.check()
            answer = self._work(self.watch)
        except BaseException as error:  # handed to the reader's thread, which raises it
            self.finish(error=error)
        else:
            self.finish(answer=[answer])

    def finish(self, answer: list[A] | None = None, error: BaseException | None = None) -> None:
        with self._changed:
            self._answer, self._error, self.done = answer or [], error, True
            self._changed.notify_all()

    def cancel(self) -> None:
        self.watch.cancel()
        with self._changed:
            self._changed.notify_all()

    def wait(self) -> A:
        """The answer, or what the work raised."""
        with self._changed:
            while not self.done:
                self._changed.wait()
        if self._error is not None:
            raise self._error
        return self._answer[0]

    def next_item(self) -> tuple[Progress | A, bool]:
        """(the newest item, whether it is the answer), within HEARTBEAT_SECONDS. Raises what the work raised."""
        with self._changed:
            if not self._partial and not self.done and not self.watch.cancelled:
                self._changed.wait(HEARTBEAT_SECONDS)
            if self.watch.cancelled:
                raise Cancelled("Stopped.")
            if self.done:
                if self._error is not None:
                    raise self._error
                return self._answer[0], True
            if self._partial:
                return self._partial.pop(), False
        return self._told or self._describe(), False

    def _post(self, item: Any) -> None:
        with self._changed:
            self._partial[:] = [item]
            self._told = item if isinstance(item, Progress) else self._told
            self._changed.notify_all()


class Stream(Generic[A]):
    """What `Service.stream` returns: an iterator with a `close` that stops the work behind it, from any thread."""

    def __init__(self, job: Job[A], leave: Callable[[], None] = lambda: None, keep: Callable[[A], None] = lambda answer: None) -> None:
        self._job, self._leave, self._keep = job, leave, keep
        self._over = False

    @classmethod
    def of(cls, answer: A) -> "Stream[A]":
        """A stream whose answer is there already."""
        job: Job[A] = Job(lambda watch: answer)
        job.execute()
        return cls(job)

    @classmethod
    def start(cls, work: Callable[[Watch], A]) -> "Stream[A]":
        """Work in a thread of its own, begun at once."""
        job = Job(work)
        threading.Thread(target=job.execute, daemon=True).start()
        return cls(job)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Progress | A:
        if self._over:
            raise StopIteration
        try:
            item, last = self._job.next_item()
        except Cancelled:
            self._over = True
            raise StopIteration from None
        except BaseException:
            self._over = True
            raise
        if last:
            self._over = True
            self._keep(item)  # type: ignore[arg-type]
        return item

    def close(self) -> None:
        if not self._over:
            self._over = True
            self._job.cancel()
            self._leave()

    def kept(self, keep: Callable[[A], None]) -> "Stream[A]":
        """The same stream, whose answer is also handed to `keep`."""
        self._keep = keep
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()
