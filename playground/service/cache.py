"""A service that answers repeated equal requests from memory, in front of any other service."""

from typing import Any, TypeVar

from playground.service.door import check_request
from playground.service.memory import ByteCache, size_of
from playground.service.port import Service
from playground.service.stream import Stream
from playground.tasks.request import Batch, Request

A = TypeVar("A")
FEW = 64


class CachedService:
    """Requests are values: two that are equal have one answer (an empty seed is drawn before they are compared)."""

    def __init__(self, inner: Service, budget: int) -> None:
        self._inner, self._answers = inner, ByteCache[object](budget)

    def stream(self, request: Request[A]) -> Stream[A]:
        request = request.settled()
        check_request(request)
        if not _kept(request):
            return self._inner.stream(request)
        found = self._find(request)
        if found is not None:
            return Stream.of(found)  # type: ignore[arg-type]
        return self._inner.stream(request).kept(lambda answer: self._keep(request, answer))

    def run(self, request: Request[A]) -> A:
        request = request.settled()
        check_request(request)
        found = self._find(request) if _kept(request) else None
        if found is not None:
            return found  # type: ignore[return-value]
        answer = self._inner.run(request)
        if _kept(request):
            self._keep(request, answer)
        return answer

    def _find(self, request: Request[A]) -> object | None:
        """A batch is found where each of its requests is."""
        if not isinstance(request, Batch):
            return self._answers.get(request)
        found = [self._answers.get(one) for one in request.requests]
        return None if any(one is None for one in found) else tuple(found)

    def _keep(self, request: Request[A], answer: Any) -> None:
        pairs = zip(request.requests, answer, strict=True) if isinstance(request, Batch) else [(request, answer)]
        for one, its in pairs:
            self._answers.put(one, its, size_of(one) + size_of(its))


def _kept(request: Request[Any]) -> bool:
    """A batch of a few lines is asked again by everyone in a class; one of thousands would push everything else out."""
    if isinstance(request, Batch):
        return 0 < len(request.requests) <= FEW and all(one.cacheable for one in request.requests)
    return request.cacheable
