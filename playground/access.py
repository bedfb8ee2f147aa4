"""How every plain route of ours is made: who may see it, how much it reads, errors as sentences; and the headers of every answer.

Knows no route.
"""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.errors import BadInput, PlaygroundError, sentence_of, status_of

log = logging.getLogger(__name__)
Answering = Callable[[Request], Awaitable[Response]]

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "frame-ancestors 'self' https://huggingface.co https://*.huggingface.co https://*.hf.space",
}


async def may_see(request: Request) -> bool:
    """The rule of gradio/routes.py `login_check`, which is a closure there and cannot be called."""
    app = request.app
    if getattr(app, "auth_dependency", None) is not None:
        user = app.auth_dependency(request)
        return (await user if hasattr(user, "__await__") else user) is not None
    if getattr(app, "auth", None) is None:
        return True
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    return any(app.tokens.get(request.cookies.get(name)) is not None for name in names)


def route(path: str, answer: Answering, methods: Sequence[str] = ("GET",), *, to_all: bool = False) -> Route:
    """A route that answers those who may see the page (`to_all`: everybody), and says every error in a sentence, as JSON."""

    async def answered(request: Request) -> Response:
        if not to_all and not await may_see(request):
            return JSONResponse({"detail": "Log in first."}, status_code=401)
        try:
            return await answer(request)
        except Exception as error:
            if not isinstance(error, PlaygroundError):
                log.exception("A route failed", exc_info=error)
            return JSONResponse({"detail": sentence_of(error)}, status_code=status_of(error))

    return Route(path, answered, methods=list(methods))


async def read_body(request: Request, most: int, over: str) -> bytes:
    """The body, read no further than `most` bytes. Raises BadInput with the sentence `over` beyond that."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise BadInput(over)
    return body


async def read_object(request: Request, most: int, over: str, what: str = "The request") -> dict[str, Any]:
    """The JSON object in the body. Raises BadInput where it is none, or longer than `most` bytes."""
    try:
        found = json.loads(await read_body(request, most, over))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{what} must be JSON.") from error
    if not isinstance(found, dict):
        raise BadInput(f"{what} must be a JSON object.")
    return found


class SecurityHeaders:
    """Adds HEADERS to every HTTP answer; streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)
