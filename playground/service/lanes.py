"""One queue a model: first come, first served, a stated number at once, and everybody knows their place."""

import threading
from collections import deque
from typing import Any

from playground.errors import Busy, Cancelled
from playground.service.stream import Job


class Lane:
    """`at_once` daemon threads, begun when first needed, work through the queue; more than `waiting` are refused."""

    def __init__(self, name: str, at_once: int, waiting: int) -> None:
        self._name, self._at_once, self._most = name, max(1, at_once), waiting
        self._changed = threading.Condition()
        self._queue: deque[Job[Any]] = deque()
        self._threads = 0
        self.working = 0

    def submit(self, job: Job[Any]) -> None:
        """Raises Busy where too many wait already."""
        with self._changed:
            soon = max(0, self._at_once - self.working)  # these many of the queue are about to be worked on
            if len(self._queue) >= self._most + soon:
                raise Busy(f"{self._most} requests already wait for {self._name}. Try again in a minute.")
            self._queue.append(job)
            if self._threads < self._at_once and self.working + len(self._queue) > self._threads:
                self._threads += 1
                threading.Thread(target=self._serve, name=f"lane {self._name} {self._threads}", daemon=True).start()
            self._changed.notify()

    def leave(self, job: Job[Any]) -> None:
        """Takes a cancelled job out of the queue at once; one being worked on ends by its own watch."""
        with self._changed:
            if job in self._queue:
                self._queue.remove(job)
                job.finish(error=Cancelled("Stopped."))

    def place(self, job: Job[Any]) -> int:
        """1 for the next in the queue, 0 for one being worked on."""
        with self._changed:
            return self._queue.index(job) + 1 if job in self._queue else 0

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def _serve(self) -> None:
        while True:
            with self._changed:
                while not self._queue:
                    self._changed.wait()
                job = self._queue.popleft()
                self.working += 1
            try:
                job.execute()
            finally:
                with self._changed:
                    self.working -= 1
            del job
