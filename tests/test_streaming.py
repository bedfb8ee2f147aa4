"""A stream over HTTP: what comes, how often, what is said where it breaks, and that it is closed in any case."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from anyio import CapacityLimiter
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from playground.access import route
from playground.errors import APOLOGY, Busy
from playground.streaming import streaming
from playground.tasks.request import Progress
from playground.views.wire import message
from tests.wire import read_all


@dataclass(frozen=True)
class Text:
    number: int
    finished: bool


class Items:
    """Gives what it holds, raises what is an error, and knows whether it was closed."""

    def __init__(self, *items: Any) -> None:
        self.items, self.closed = iter(items), False

    def __next__(self) -> Any:
        item = next(self.items)
        if isinstance(item, Exception):
            raise item
        return item

    def close(self) -> None:
        self.closed = True


def told(item: Any) -> Iterator[bytes]:
    yield message({"text": item.text} if isinstance(item, Progress) else {"number": item.number}, {})


def answers(items: Items, pause: float = 0.0) -> list[Any]:
    async def answer(request: Request) -> Response:
        return streaming(items, told, CapacityLimiter(2), pause)  # type: ignore[arg-type]

    sent = TestClient(Starlette(routes=[route("/", answer)])).get("/")
    assert sent.status_code == 200 and sent.headers["cache-control"] == "no-store" and items.closed
    return [about for about, _ in read_all(sent.content)]


def test_progress_and_the_end_come_always_and_what_grows_not_too_often() -> None:
    items = (Progress("waiting", "Waiting"), Text(1, False), Text(2, False), Progress("working", "At work"), Text(3, False), Text(4, True))
    assert answers(Items(*items)) == [{"text": "Waiting"}, {"number": 1}, {"number": 2}, {"text": "At work"}, {"number": 3}, {"number": 4}]
    assert answers(Items(*items), pause=60) == [{"text": "Waiting"}, {"number": 1}, {"text": "At work"}, {"number": 4}]


@pytest.mark.parametrize(
    ("error", "said"), [(Busy("Too many are at work. Try again."), "Too many are at work. Try again."), (ValueError("x"), APOLOGY)]
)
def test_what_breaks_on_the_way_ends_with_a_sentence(error: Exception, said: str) -> None:
    assert answers(Items(Text(1, False), error)) == [{"number": 1}, {"detail": said}]
