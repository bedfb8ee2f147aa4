"""A service that also asks one hosted model, in front of any other service. The key stays behind this port."""

from typing import TypeVar, cast

from playground.engine.learn.hosted import Connection, ask
from playground.engine.watch import Watch
from playground.service.lanes import Lane
from playground.service.port import Service
from playground.service.stream import Job, Stream
from playground.tasks.learn.hosted import Hosted, HostedRequest
from playground.tasks.request import Progress, Request

A = TypeVar("A")
AT_ONCE, WAITING = 4, 30


class HostedService:
    """HostedRequests go to `connection`, a few at a time; everything else to `inner`."""

    def __init__(self, inner: Service, connection: Connection) -> None:
        self._inner, self._connection = inner, connection
        self._lane = Lane("the hosted model", AT_ONCE, WAITING)

    def stream(self, request: Request[A]) -> Stream[A]:
        if not isinstance(request, HostedRequest):
            return self._inner.stream(request)
        job = self._job(request)
        self._lane.submit(job)
        return cast("Stream[A]", Stream(job, lambda: self._lane.leave(job)))

    def run(self, request: Request[A]) -> A:
        if not isinstance(request, HostedRequest):
            return self._inner.run(request)
        job = self._job(request)
        self._lane.submit(job)
        return cast("A", job.wait())

    def _job(self, request: HostedRequest) -> "Job[object]":
        """Checked first: a bad request, and an address or key that is not set, are told before anything waits or is sent."""
        request.check()
        self._connection.check()
        job: Job[object] = Job(lambda watch: self._answer(request, watch), lambda: self._describe(job))
        return job

    def _answer(self, request: HostedRequest, watch: Watch) -> Hosted:
        return Hosted(self._connection.model, "", 0, 0.0, 0.0, True) if request.only_check else ask(self._connection, request, watch)

    def _describe(self, job: "Job[object]") -> Progress:
        place = self._lane.place(job)
        if place:
            return Progress("waiting", "Waiting for the hosted model", place=place)
        return Progress("running", f"{self._connection.model} at {self._connection.host} is at work")
