"""Answers kept for equal requests, and a service that gives them from memory in front of any other service."""

from collections.abc import Callable
from typing import Any, TypeVar

from playground.service.door import check_request
from playground.service.memory import ByteCache, size_of
from playground.service.port import Service
from playground.service.stream import Stream
from playground.tasks.request import Batch, Request

A = TypeVar("A")
FEW = 64


class Answers:
    """Requests are values: two that are equal have one answer (an empty seed is drawn before they are compared).

    Shared by the service in front, which answers at once, and by the one that runs models, where an equal request may have been
    answered while this one waited: a room that presses the same example costs one run.
    """

    def __init__(self, budget: int) -> None:
        self._answers: ByteCache[object] = ByteCache(budget)

    def find(self, request: Request[A]) -> A | None:
        """A batch is found where each of its requests is."""
        if not _kept(request):
            return None
        if not isinstance(request, Batch):
            return self._answers.get(request)  # type: ignore[return-value]
        found = [self._answers.get(one) for one in request.requests]
        return None if any(one is None for one in found) else tuple(found)  # type: ignore[return-value]

    def keep(self, request: Request[Any], answer: Any) -> None:
        if not _kept(request):
            return
        pairs = zip(request.requests, answer, strict=True) if isinstance(request, Batch) else [(request, answer)]
        for one, its in pairs:
            if self._answers.get(one) is its:
                continue  # kept where it was made: not measured again
            self._answers.put(one, its, size_of(one) + size_of(its))

    def once(self, request: Request[A], work: Callable[[], A]) -> A:
        """The answer kept for `request`, or what `work` gives, kept."""
        found = self.find(request)
        if found is None:
            found = work()
            self.keep(request, found)
        return found


class CachedService:
    """Gives what is in `answers` without asking `inner`."""

    def __init__(self, inner: Service, answers: Answers) -> None:
        self._inner, self._answers = inner, answers

    def stream(self, request: Request[A]) -> Stream[A]:
        request = request.settled()
        check_request(request)
        found = self._answers.find(request)
        if found is not None:
            return Stream.of(found)
        return self._inner.stream(request).kept(lambda answer: self._answers.keep(request, answer))

    def run(self, request: Request[A]) -> A:
        request = request.settled()
        check_request(request)
        return self._answers.once(request, lambda: self._inner.run(request))


def _kept(request: Request[Any]) -> bool:
    """A batch of a few lines is asked again by everyone in a class; one of thousands would push everything else out."""
    if isinstance(request, Batch):
        return 0 < len(request.requests) <= FEW and all(one.cacheable for one in request.requests)
    return request.cacheable
