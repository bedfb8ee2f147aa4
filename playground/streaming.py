"""A service's stream over HTTP: messages (views/wire.py) one after another, as they come. Knows no route and no request.

Who leaves ends the work: the stream is closed at once, and what stands behind it stops within a token.
"""

import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from playground.errors import PlaygroundError, sentence_of
from playground.service.stream import Stream
from playground.tasks.request import Progress
from playground.views.wire import message

A = TypeVar("A")
log = logging.getLogger(__name__)
BYTES, FRESH = "application/octet-stream", {"Cache-Control": "no-store"}


def streaming(stream: Stream[A], told: Callable[[Progress | A], Iterator[bytes]], threads: CapacityLimiter, pause: float = 0.0) -> Response:
    """What `told` makes of each item; of answers that are still growing at most one every `pause` seconds. An error is a last message
    whose `about` has its sentence as `detail`."""
    return StreamingResponse(_messages(stream, told, threads, pause), media_type=BYTES, headers=FRESH)


async def _messages(
    stream: Stream[A], told: Callable[[Progress | A], Iterator[bytes]], threads: CapacityLimiter, pause: float
) -> AsyncIterator[bytes]:
    since = 0.0
    try:
        while (item := await run_sync(next, stream, None, limiter=threads)) is not None:
            growing = not isinstance(item, Progress) and not getattr(item, "finished", True)
            if growing and time.monotonic() - since < pause:
                continue
            for one in await run_sync(list, told(item), limiter=threads):
                yield one
            since = time.monotonic() if growing else since
    except Exception as error:
        if not isinstance(error, PlaygroundError):
            log.exception("A stream failed", exc_info=error)
        yield message({"detail": sentence_of(error)}, {})
    finally:
        stream.close()


async def last_of(stream: Stream[A], request: Request, threads: CapacityLimiter) -> A | None:
    """The answer of `stream`; None once nobody waits for it, and then the work ends too."""
    with closing(stream):
        while (item := await run_sync(next, stream, None, limiter=threads)) is not None:
            if not isinstance(item, Progress):
                return item
            if await request.is_disconnected():
                return None
    return None
