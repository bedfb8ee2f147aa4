"""Classes over plain HTTP: open, tell and end by POST, follow by server-sent events. Outside Gradio's queue; nobody polls.

Each is made by `access.route`.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from playground.access import read_object, route
from playground.classes import MOST_STATE_BYTES, Follower, Register
from playground.errors import BadInput, NotFound

HEARTBEAT_SECONDS = 10.0
QUIET = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
TOLD = "What a class is told"
TOO_MUCH = f"What is on the page is over {MOST_STATE_BYTES:,} bytes, too much for a class to follow. Shorten the text."


def class_routes(register: Register, heartbeat: float = HEARTBEAT_SECONDS) -> list[Route]:
    """Under /playground/classes. `heartbeat`: seconds after which a silent stream sends a comment, so that both ends stay sure."""

    async def open_class(request: Request) -> Response:
        made = register.open()
        return JSONResponse({"id": made.id, "key": made.key})

    async def tell(request: Request) -> Response:
        told = await read_object(request, 4 * MOST_STATE_BYTES, TOO_MUCH, TOLD)
        state = told.get("state")
        if not isinstance(state, dict):
            raise BadInput("What a class follows must be a JSON object.")
        found = register.tell(request.path_params["id"], str(told.get("key", "")), _compact(state))
        return JSONResponse({"people": found.people, "version": found.version})

    async def end(request: Request) -> Response:
        told = await read_object(request, 4 * MOST_STATE_BYTES, TOO_MUCH, TOLD)
        register.end(request.path_params["id"], str(told.get("key", "")))
        return JSONResponse({"ended": True})

    async def events(request: Request) -> Response:
        try:
            follower = register.join(request.path_params["id"], counted="quiet" not in request.query_params)
        except BadInput as error:
            raise NotFound(str(error)) from error
        return StreamingResponse(_events(register, follower, heartbeat), media_type="text/event-stream", headers=QUIET)

    base = "/playground/classes"
    return [
        route(base, open_class, ["POST"]),
        route(f"{base}/{{id}}/state", tell, ["POST"]),
        route(f"{base}/{{id}}/end", end, ["POST"]),
        route(f"{base}/{{id}}/events", events),
    ]


def _compact(state: dict[str, Any]) -> bytes:
    """One line of JSON. Raises BadInput for what Python reads and no browser does (NaN, 1e999)."""
    try:
        return json.dumps(state, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")
    except ValueError as error:
        raise BadInput("What a class is told must be JSON: a number in it is none.") from error


async def _events(register: Register, follower: Follower, heartbeat: float) -> AsyncIterator[bytes]:
    """The newest state at once and on every change, how many follow, and `over` at the end."""
    classroom, seen, people = follower.classroom, 0, -1
    try:
        yield b"retry: 1000\n\n"
        while not classroom.over:
            follower.news.clear()
            if classroom.version > seen:
                seen = classroom.version
                yield b"event: state\nid: %d\ndata: %b\n\n" % (seen, classroom.state)
            if classroom.people != people:
                people = classroom.people
                yield b"event: people\ndata: %d\n\n" % people
            try:
                await asyncio.wait_for(follower.news.wait(), heartbeat)
            except TimeoutError:
                register.sweep()
                yield b": still here\n\n"
        yield b"event: over\ndata: 1\n\n"
    finally:
        register.leave(follower)
