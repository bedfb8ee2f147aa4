"""Plain HTTP beside Gradio's queue: the status the header polls, attention weights as bytes, scripts, QR codes, classes.

With Gradio's `auth` on, each asks for the same login cookie as the page. Weights are asked for by value (the text and the
model, posted), so there is no key to guess and nothing to expire.
"""

import json
import re
from collections.abc import AsyncIterator
from contextlib import closing
from typing import Any, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from playground.access import SecurityHeaders, may_see, stranger
from playground.catalog import DEFAULTS
from playground.class_routes import class_routes
from playground.classes import Register
from playground.errors import BadInput, PlaygroundError
from playground.service.port import Service
from playground.service.stream import Stream
from playground.tasks.attention.attention import AttentionRequest, read_changes
from playground.tasks.attention.packing import AttentionPackRequest
from playground.tasks.attention.writing import Writing, WritingRequest
from playground.tasks.generation.limits import LIMITS
from playground.tasks.generation.nexttoken import NextLogitsRequest
from playground.tasks.request import Progress
from playground.tasks.status import StatusRequest
from playground.views.attention.packing import error_bytes, frame_bytes, pack_bytes
from playground.views.generation.nexttoken import logits_bytes
from playground.views.generation.trace import read_asked
from playground.views.qr import qr_rows
from playground.views.status import status_view
from playground.web.files import read_web

A = TypeVar("A")
THREADS = 64
MOST_BYTES = 16 * LIMITS.attention_characters
MOST_PROMPT_BYTES = 12 * LIMITS.prompt_characters + 12 * LIMITS.written_tokens + 2_000
# Bytes go as they are: frames of rows would wait for one another, and weights hardly shrink.
PRESSED = 5  # of 9: the others make the page 4 % smaller and take nearly twice as long
SENT_AS_IT_IS = (*DEFAULT_EXCLUDED_CONTENT_TYPES, "application/octet-stream")
TYPES = {"js": "text/javascript", "css": "text/css"}
FILE_NAME = re.compile(r"((lab|stage)/)?[a-z]+\.(js|css)")


def app_kwargs(service: Service, address: str = "") -> dict[str, Any]:
    """What `launch(app_kwargs=…)` is given. `address`: where others reach this page, "" where they cannot."""
    threads = CapacityLimiter(THREADS)  # of their own: in those that the page itself is served with, many waiting would keep it from all
    routes = [
        Route("/playground/status", _status(service)),
        Route("/playground/attention", _attention(service, threads), methods=["POST"]),
        Route("/playground/writing", _writing(service, threads), methods=["POST"]),
        Route("/playground/logits", _logits(service, threads), methods=["POST"]),
        Route("/playground/web/{name:path}", _web),
        Route("/playground/address", _address(address)),
        Route("/playground/qr", _qr, methods=["POST"]),
        *class_routes(Register()),
    ]
    compressed = Middleware(GZipMiddleware, compresslevel=PRESSED, exclude_content_types=SENT_AS_IT_IS)
    return {"routes": routes, "middleware": [Middleware(SecurityHeaders), compressed]}


def _status(service: Service) -> Any:
    async def status(request: Request) -> Response:
        if not await may_see(request):
            return stranger()
        answer = status_view(service.run(StatusRequest()))
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    return status


def _attention(service: Service, threads: CapacityLimiter) -> Any:
    async def attention(request: Request) -> Response:
        if not await may_see(request):
            return stranger()
        try:
            asked = pack_request(await _small_body(request))
            made = await _last(await run_sync(service.stream, asked, limiter=threads), request, threads)
            answer = await run_sync(pack_bytes, made, limiter=threads) if made else b""
        except BadInput as error:
            return JSONResponse({"detail": str(error)}, status_code=400)
        except PlaygroundError as error:
            return JSONResponse({"detail": str(error)}, status_code=503)
        return Response(answer, media_type="application/octet-stream", headers={"Cache-Control": "no-store"})

    return attention


def _writing(service: Service, threads: CapacityLimiter) -> Any:
    async def writing(request: Request) -> Response:
        """Frames of attention rows while a decoder writes; a reader that leaves ends the writing within a token."""
        if not await may_see(request):
            return stranger()
        try:
            stream = service.stream(writing_request(await _small_body(request)))
        except PlaygroundError as error:
            return JSONResponse({"detail": str(error)}, status_code=400 if isinstance(error, BadInput) else 503)
        return StreamingResponse(_frames(stream, threads), media_type="application/octet-stream", headers={"Cache-Control": "no-store"})

    return writing


def _logits(service: Service, threads: CapacityLimiter) -> Any:
    async def logits(request: Request) -> Response:
        """All logits of one step of a run, as float32."""
        if not await may_see(request):
            return stranger()
        try:
            asked = step_request(await _small_body(request, MOST_PROMPT_BYTES, LIMITS.prompt_characters))
            made = await _last(service.stream(asked), request, threads)
        except PlaygroundError as error:
            return JSONResponse({"detail": str(error)}, status_code=400 if isinstance(error, BadInput) else 503)
        return Response(logits_bytes(made) if made else b"", media_type="application/octet-stream", headers={"Cache-Control": "no-store"})

    return logits


async def _last(stream: Stream[A], request: Request, threads: CapacityLimiter) -> A | None:
    """The answer of `stream`; None once nobody waits for it, and then the work ends too."""
    with closing(stream):
        while (item := await run_sync(next, stream, None, limiter=threads)) is not None:
            if not isinstance(item, Progress):
                return item
            if await request.is_disconnected():
                return None
    return None


def step_request(body: bytes) -> NextLogitsRequest:
    """The run in a JSON body. Raises BadInput where it is no JSON object or names something unknown."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput("The request is not JSON. Send the run as an object with prompt and model.") from error
    return NextLogitsRequest(read_asked(asked))


async def _frames(stream: Stream[Writing], threads: CapacityLimiter) -> AsyncIterator[bytes]:
    """Each row once. What goes wrong after the first byte comes as a last frame with a sentence."""
    sent = 0
    try:
        while (item := await run_sync(next, stream, None, limiter=threads)) is not None:
            if isinstance(item, Writing):
                for number in range(sent, len(item.rows)):
                    yield frame_bytes(item, number)
                sent = len(item.rows)
    except PlaygroundError as error:
        yield error_bytes(str(error))
    finally:
        stream.close()


def writing_request(body: bytes) -> WritingRequest:
    """The request in a JSON body. Raises BadInput where it is no JSON object or names something unknown."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput("The request is not JSON. Send an object with text and model.") from error
    if not isinstance(asked, dict) or set(asked) - {"text", "model", "tokens"}:
        raise BadInput("The request must be a JSON object with some of: model, text, tokens.")
    return WritingRequest(asked.get("text", ""), asked.get("model", DEFAULTS["generation"]), asked.get("tokens", 20))


def _address(address: str) -> Any:
    async def told(request: Request) -> Response:
        return JSONResponse({"address": address}) if await may_see(request) else stranger()

    return told


async def _qr(request: Request) -> Response:
    """The modules of a QR code for the link in the body, as rows of 0 and 1."""
    if not await may_see(request):
        return stranger()
    try:
        link = (await _small_body(request)).decode("utf-8", "replace")
        return JSONResponse({"rows": await run_sync(qr_rows, link)})
    except BadInput as error:
        return JSONResponse({"detail": str(error)}, status_code=400)


async def _web(request: Request) -> Response:
    """A script or style of playground/web, for the lab's modules; the same for everybody, so it asks for no login."""
    name = request.path_params["name"]
    kind = TYPES.get(name.rpartition(".")[2])
    if kind is None or not FILE_NAME.fullmatch(name) or not (text := read_web(name)):
        return JSONResponse({"detail": "There is no such file."}, status_code=404)
    return Response(text, media_type=kind, headers={"Cache-Control": "no-cache"})


async def _small_body(request: Request, most: int = MOST_BYTES, letters: int = LIMITS.attention_characters) -> bytes:
    """The body, read no further than `most` bytes. Raises BadInput over that."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise BadInput(f"The request is over {most:,} bytes; the text may have {letters:,} characters.")
    return body


def pack_request(body: bytes) -> AttentionPackRequest:
    """The request in a JSON body. Raises BadInput where it is no JSON object or names something unknown."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput("The request is not JSON. Send an object with text and model.") from error
    known = {"text", "model", "target", "pair", "changes", "kind", "layer", "head", "patterns"}
    if not isinstance(asked, dict) or set(asked) - known:
        raise BadInput(f"The request must be a JSON object with some of: {', '.join(sorted(known))}.")
    run = AttentionRequest(asked.get("text", ""), asked.get("model", DEFAULTS["attention"]), asked.get("target", ""), asked.get("pair", ""),
                           read_changes(asked.get("changes", {})))  # fmt: skip
    more = {name: asked[name] for name in ("kind", "layer", "head", "patterns") if name in asked}
    return AttentionPackRequest(run, **more)
