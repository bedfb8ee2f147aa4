"""A service that needs no model: quick made-up answers of the right shape, for tests of pages and of the port itself.

Each room's rules stand in its own module, in `RULES`; here they are joined.
"""

import time
from importlib import import_module
from typing import Any, TypeVar, cast

from playground.catalog import ROOMS
from playground.engine.watch import Watch
from playground.service.door import check_request
from playground.service.stream import Stream
from playground.tasks.request import Batch, Progress, Request
from playground.tasks.status import ModelStatus, Status, StatusRequest
from tests.fake import generation
from tests.fake.words import SOURCE, Rules

A = TypeVar("A")
RULES: Rules = {StatusRequest: lambda request: Status((ModelStatus("smollm2-135m", "ready", source=SOURCE, bytes=1),), "cpu", 0)}
for _room in ROOMS:
    RULES |= import_module(f"tests.fake.{_room}").RULES


class FakeService:
    """Answers by rule; `delay` seconds pass before each answer, reported as Progress, and `calls` counts the answers made."""

    def __init__(self, delay: float = 0.0) -> None:
        self.delay, self.calls, self.working = delay, 0, 0

    def stream(self, request: Request[A]) -> Stream[A]:
        request = request.settled()
        check_request(request)
        return Stream.start(lambda watch: self._work(request, watch))

    def run(self, request: Request[A]) -> A:
        request = request.settled()
        check_request(request)
        return self._work(request, Watch())

    def _work(self, request: Request[A], watch: Watch) -> A:
        self.working += 1
        try:
            until = time.monotonic() + self.delay
            while time.monotonic() < until:
                watch.report(Progress("working", "Pretending to work"))
                time.sleep(min(0.05, self.delay))
            if type(request) in generation.BEGUN:
                watch.report(generation.BEGUN[type(request)](request))
            self.calls += 1
            return cast("A", _answer(request))
        finally:
            self.working -= 1


def _answer(request: Request[Any]) -> Any:
    """By the rule of the request's class, or of the class that it is a sort of."""
    if isinstance(request, Batch):
        return tuple(_answer(one) for one in request.requests)
    return next(RULES[kind] for kind in type(request).__mro__ if kind in RULES)(request)
