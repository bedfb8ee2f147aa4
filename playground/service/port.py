"""The door every panel knows: hand in a request, read progress and cumulative answers until the last, which is the answer.

Knows no model, no cache, no page.
"""

from typing import Protocol, TypeVar

from playground.service.stream import Stream
from playground.tasks.request import Request

A = TypeVar("A")


class Service(Protocol):
    """What the contract suite (tests/service/test_contract.py) holds of every implementation.

    Both verbs check the request before anything else and raise only PlaygroundError for a reason the reader can act on.
    """

    def stream(self, request: Request[A]) -> Stream[A]:
        """Progress and cumulative answers, an item at least every 0.25 s while anything is pending; the last is the answer.

        Closing it, from any thread, stops the work within 0.3 s and frees its place.
        """
        ...

    def run(self, request: Request[A]) -> A:
        """The last item of `stream`."""
        ...
