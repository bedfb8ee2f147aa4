"""Plain HTTP beside Gradio's queue: the status the header polls, attention weights as bytes, scripts, QR codes, classes.

Each is made by `access.route`. Weights are asked for by value (the text and the model, posted), so there is no key to guess and
nothing to expire.
"""

import re
from typing import Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.middleware import Middleware
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from playground.access import SecurityHeaders, read_body, read_object, route
from playground.catalog import DEFAULTS
from playground.class_routes import class_routes
from playground.classes import Register
from playground.errors import NotFound
from playground.service.port import Service
from playground.streaming import BYTES, FRESH, last_of, streaming
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.attention.packing import AttentionPackRequest
from playground.tasks.attention.writing import WritingRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.limits import LIMITS
from playground.tasks.generation.nexttoken import NextLogitsRequest
from playground.tasks.journey.journey import JourneyRequest, SayingRequest, WordsRequest
from playground.tasks.status import StatusRequest
from playground.tasks.wire import read
from playground.views.attention.packing import RowMessages, pack_message
from playground.views.generation.nexttoken import logits_message
from playground.views.generation.trace import TraceMessages, read_writing
from playground.views.journey.messages import JourneyMessages, saying_message, words_json
from playground.views.qr import qr_rows
from playground.views.status import status_view
from playground.web.files import read_web, version

THREADS = 64
MOST_BYTES = 16 * LIMITS.attention_characters
TOO_LONG = f"The request is over {MOST_BYTES:,} bytes; the text may have {LIMITS.attention_characters:,} characters."
MOST_PROMPT_BYTES = 12 * LIMITS.prompt_characters + 12 * LIMITS.written_tokens + 2_000
PROMPT_TOO_LONG = f"The request is over {MOST_PROMPT_BYTES:,} bytes; the text may have {LIMITS.prompt_characters:,} characters."
PAUSE = 0.07  # between two messages of a text being written
# Bytes go as they are: frames of rows would wait for one another, and weights hardly shrink.
PRESSED = 6  # of 9: the others make the page 1 % smaller and take half as long again
SENT_AS_IT_IS = (*DEFAULT_EXCLUDED_CONTENT_TYPES, BYTES)
TYPES = {"js": "text/javascript", "css": "text/css"}
FILE_NAME = re.compile(r"(?:([0-9a-f]{12})/)?((?:[a-z_]+/){0,2}[a-z_]+\.(js|css))")
KEPT = "public, max-age=31536000, immutable"


def app_kwargs(service: Service, address: str = "") -> dict[str, Any]:
    """What `launch(app_kwargs=…)` is given. `address`: where others reach this page, "" where they cannot."""
    threads = CapacityLimiter(THREADS)  # of their own: in those that the page itself is served with, many waiting would keep it from all

    async def status(request: Request) -> Response:
        return JSONResponse(status_view(service.run(StatusRequest())), headers=FRESH)

    async def attention(request: Request) -> Response:
        asked = pack_request(await read_object(request, MOST_BYTES, TOO_LONG))
        made = await last_of(await run_sync(service.stream, asked, limiter=threads), request, threads)
        return Response(await run_sync(pack_message, made, limiter=threads) if made else b"", media_type=BYTES, headers=FRESH)

    async def writing(request: Request) -> Response:
        """Attention rows while a decoder writes."""
        asked = read(WritingRequest, await read_object(request, MOST_BYTES, TOO_LONG), model=DEFAULTS["generation"], tokens=20)
        return streaming(service.stream(asked), RowMessages(), threads)

    async def generation(request: Request) -> Response:
        """A text with the alternatives of each of its tokens, while it is written."""
        asked = read_writing(await read_object(request, MOST_PROMPT_BYTES, PROMPT_TOO_LONG))
        return streaming(service.stream(asked), TraceMessages(asked), threads, PAUSE)

    async def logits(request: Request) -> Response:
        """All logits of one step of a run, as float32."""
        asked = NextLogitsRequest(read(GenerationRequest, await read_object(request, MOST_PROMPT_BYTES, PROMPT_TOO_LONG)))
        made = await last_of(service.stream(asked), request, threads)
        return Response(logits_message(made) if made else b"", media_type=BYTES, headers=FRESH)

    async def journey(request: Request) -> Response:
        """What the first picture needs, then every block's weights; progress before, if the model is not at hand."""
        asked = await read_object(request, MOST_BYTES, TOO_LONG)
        messages = JourneyMessages(*(one if type(one := asked.pop(name, None)) is int else None for name in ("layer", "head")))
        return streaming(service.stream(read(JourneyRequest, asked, text="", model=DEFAULTS["journey"])), messages, threads)

    async def saying(request: Request) -> Response:
        """What a decoder would say after another token of a journey, as one message."""
        asked = read(SayingRequest, await read_object(request, MOST_BYTES, TOO_LONG))
        made = await last_of(service.stream(asked), request, threads)
        return Response(saying_message(made) if made else b"", media_type=BYTES, headers=FRESH)

    async def words(request: Request) -> Response:
        asked = read(WordsRequest, await read_object(request, MOST_BYTES, TOO_LONG))
        made = await last_of(service.stream(asked), request, threads)
        return JSONResponse(words_json(made) if made else {}, headers=FRESH)

    async def told(request: Request) -> Response:
        return JSONResponse({"address": address})

    routes = [
        route("/playground/status", status),
        route("/playground/attention", attention, ["POST"]),
        route("/playground/writing", writing, ["POST"]),
        route("/playground/generation", generation, ["POST"]),
        route("/playground/logits", logits, ["POST"]),
        route("/playground/journey", journey, ["POST"]),
        route("/playground/journey/saying", saying, ["POST"]),
        route("/playground/journey/words", words, ["POST"]),
        route("/playground/web/{name:path}", _web, to_all=True),  # the same for everybody
        route("/playground/address", told),
        route("/playground/qr", _qr, ["POST"]),
        *class_routes(Register()),
    ]
    compressed = Middleware(GZipMiddleware, compresslevel=PRESSED, exclude_content_types=SENT_AS_IT_IS)
    return {"routes": routes, "middleware": [Middleware(SecurityHeaders), compressed]}


async def _qr(request: Request) -> Response:
    """The modules of a QR code for the link in the body, as rows of 0 and 1."""
    link = (await read_body(request, MOST_BYTES, TOO_LONG)).decode("utf-8", "replace")
    return JSONResponse({"rows": await run_sync(qr_rows, link)})


async def _web(request: Request) -> Response:
    """A script or style of playground/web, kept by browsers for a year under the address with the present version in it."""
    found = FILE_NAME.fullmatch(request.path_params["name"])
    if found is None or not (text := read_web(found[2])):
        raise NotFound("There is no such file.")
    kept = KEPT if found[1] == version() else "no-cache"
    return Response(text, media_type=TYPES[found[3]], headers={"Cache-Control": kept})


def pack_request(asked: dict[str, Any]) -> AttentionPackRequest:
    """The run's fields and those of the part beside one another, as the page sends them."""
    more = {name: asked[name] for name in ("kind", "layer", "head", "patterns") if name in asked}
    run = read(AttentionRequest, {name: value for name, value in asked.items() if name not in more}, text="", model=DEFAULTS["attention"])
    return AttentionPackRequest(run, **more)
