"""A service that answers repeated equal requests from memory, in front of any other service."""

from typing import TypeVar

from playground.service.door import check_request
from playground.service.memory import ByteCache, size_of
from playground.service.port import Service
from playground.service.stream import Stream
from playground.tasks.request import Request

A = TypeVar("A")


class CachedService:
    """Requests are values: two that are equal have one answer (an empty seed is drawn before they are compared)."""

    def __init__(self, inner: Service, budget: int) -> None:
        self._inner, self._answers = inner, ByteCache[object](budget)

    def stream(self, request: Request[A]) -> Stream[A]:
        request = request.settled()
        check_request(request)
        if not request.cacheable:
            return self._inner.stream(request)
        found = self._answers.get(request)
        if found is not None:
            return Stream.of(found)  # type: ignore[arg-type]
        return self._inner.stream(request).kept(lambda answer: self._keep(request, answer))

    def run(self, request: Request[A]) -> A:
        request = request.settled()
        check_request(request)
        found = self._answers.get(request) if request.cacheable else None
        if found is not None:
            return found  # type: ignore[return-value]
        answer = self._inner.run(request)
        if request.cacheable:
            self._keep(request, answer)
        return answer

    def _keep(self, request: Request[A], answer: A) -> None:
        self._answers.put(request, answer, size_of(request) + size_of(answer))
