"""One connector to any OpenAI-compatible address: streamed, with time limits, stopped within a moment. No torch.

The key is sent to the configured address and nowhere else: not logged, not in an error, not in a redirect.
"""

import asyncio
import ipaddress
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx

from playground.engine.watch import Watch
from playground.errors import Cancelled, ModelUnavailable
from playground.tasks.learn.hosted import UNSET, Hosted, HostedRequest

CONNECT_SECONDS, QUIET_SECONDS, TICK_SECONDS = 10.0, 60.0, 0.05
MOST_BYTES, MOST_LETTERS = 4_000_000, 200_000
NO_KEY = "OPENAI_API_KEY is not set, so the hosted model was not asked. Whoever runs this page sets that variable and starts it again."
BAD_KEY = "The hosted model refused the key ({status}). Set OPENAI_API_KEY to a key that is valid at {host}, and start the page again."


@dataclass(frozen=True)
class Connection:
    """Where to ask: `base_url` up to and with /v1, `model` as the provider names it, `key` ("" for a server that wants none)."""

    base_url: str
    model: str
    key: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    def check(self) -> None:
        """Raises ModelUnavailable with the variable to set."""
        if not self.base_url or not self.model:
            raise ModelUnavailable(UNSET)
        scheme = urlsplit(self.base_url).scheme
        if scheme not in ("http", "https") or not self.host:
            raise ModelUnavailable("PLAYGROUND_OPENAI_BASE_URL is no address. Set it to something like https://api.openai.com/v1.")
        if scheme == "https" and not self.key:
            raise ModelUnavailable(NO_KEY)
        if scheme == "http" and self.key and not _is_this_machine(self.host):
            raise ModelUnavailable("PLAYGROUND_OPENAI_BASE_URL begins with http://, which would send the key unprotected. Use https://.")


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def ask(connection: Connection, request: HostedRequest, watch: Watch) -> Hosted:
    """Partial answers are reported as they come. Raises ModelUnavailable with what to do, Cancelled within TICK_SECONDS of a stop."""
    connection.check()
    return asyncio.run(_guarded(connection, request, watch))


async def _guarded(connection: Connection, request: HostedRequest, watch: Watch) -> Hosted:
    task = asyncio.create_task(_asked(connection, request, watch))
    while not task.done():
        await asyncio.wait([task], timeout=TICK_SECONDS)
        if watch.cancelled and not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=1.0)
            raise Cancelled("Stopped.")
    return task.result()


async def _asked(connection: Connection, request: HostedRequest, watch: Watch) -> Hosted:
    """Some models want `max_completion_tokens` and no temperature; they say so in their refusal, and are then asked that way."""
    plain = {"max_tokens": request.max_new_tokens, "temperature": request.temperature}
    try:
        try:
            return await _streamed(connection, request, plain, watch)
        except _WantsOther:
            return await _streamed(connection, request, {"max_completion_tokens": request.max_new_tokens}, watch)
    except httpx.TimeoutException as error:
        raise ModelUnavailable(f"The hosted model at {connection.host} did not answer in time. Try again later.") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ModelUnavailable(
            f"The hosted model at {connection.host} cannot be reached ({type(error).__name__}). Check PLAYGROUND_OPENAI_BASE_URL."
        ) from error


class _WantsOther(Exception):
    """The provider names other parameters."""


async def _streamed(connection: Connection, request: HostedRequest, options: dict[str, Any], watch: Watch) -> Hosted:
    body = {"model": connection.model, "messages": [{"role": "user", "content": request.prompt}], "stream": True, **options}
    headers = {"Authorization": f"Bearer {connection.key}"} if connection.key else {}
    began = time.monotonic()
    limits = httpx.Timeout(QUIET_SECONDS, connect=CONNECT_SECONDS)
    url = connection.base_url.rstrip("/") + "/chat/completions"
    async with (
        httpx.AsyncClient(timeout=limits, follow_redirects=False) as client,
        client.stream("POST", url, json=body, headers=headers) as response,
    ):
        if response.status_code != 200:
            raise _refusal(connection, response.status_code, await _whole(response), options)
        return await _collected(connection, response, began, watch)


async def _collected(connection: Connection, response: httpx.Response, began: float, watch: Watch) -> Hosted:
    text, pieces, first, stopped = "", 0, 0.0, ""
    async for event in _events(response):
        if isinstance(event.get("error"), dict | str):
            raise ModelUnavailable(f"The hosted model ended with an error: {_said(event, connection)}")
        new, reason = _piece(event)
        stopped = reason or stopped
        if not new:
            continue
        text, pieces = text + new, pieces + 1
        first = first or time.monotonic() - began
        if len(text) > MOST_LETTERS:
            raise ModelUnavailable("The hosted model wrote far more than was asked for. It was stopped.")
        watch.report(Hosted(connection.model, text, pieces, time.monotonic() - began, first, False))
    if not pieces and not stopped:
        raise ModelUnavailable(
            f"{connection.host} answered, but not as an OpenAI-compatible address does. Check PLAYGROUND_OPENAI_BASE_URL."
        )
    return Hosted(connection.model, text, pieces, time.monotonic() - began, first, True, stopped)


async def _events(response: httpx.Response) -> AsyncIterator[dict[str, Any]]:
    """The JSON objects of a server-sent stream; of a server that does not stream, its one object."""
    if "text/event-stream" not in response.headers.get("content-type", ""):
        yield _object(await _whole(response))
        return
    held, seen = b"", 0
    async for chunk in response.aiter_bytes():
        held, seen = held + chunk, seen + len(chunk)
        if seen > MOST_BYTES:
            raise ModelUnavailable("The hosted model sent far more than was asked for. It was stopped.")
        *lines, held = held.split(b"\n")
        for line in lines:
            data = line.strip().removeprefix(b"data:").strip()
            if data == b"[DONE]":
                return
            if line.startswith(b"data:") and data:
                yield _object(data)


async def _whole(response: httpx.Response) -> bytes:
    """The body, as far as MOST_BYTES."""
    held = b""
    async for chunk in response.aiter_bytes():
        held += chunk
        if len(held) > MOST_BYTES:
            break
    return held


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _piece(event: dict[str, Any]) -> tuple[str, str]:
    """(new text, why it ended) of one event, "" for what it does not say."""
    choices = event.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    told = choice.get("delta") or choice.get("message") or {}
    text, reason = told.get("content") if isinstance(told, dict) else "", choice.get("finish_reason")
    return (text if isinstance(text, str) else ""), (reason if isinstance(reason, str) else "")


def _refusal(connection: Connection, status: int, body: bytes, options: dict[str, Any]) -> Exception:
    if status in (401, 403):
        return ModelUnavailable(BAD_KEY.format(status=status, host=connection.host) if connection.key else NO_KEY)
    if status == 400 and "max_tokens" in options and (b"max_completion_tokens" in body or b"temperature" in body):
        return _WantsOther()
    said = _said(_object(body), connection)
    if status == 404:
        return ModelUnavailable(f"{connection.host} knows no such address or model (404). Check PLAYGROUND_OPENAI_BASE_URL and "
                                f"PLAYGROUND_OPENAI_MODEL. {said}")  # fmt: skip
    if status == 429:
        return ModelUnavailable(f"{connection.host} takes no more requests now (429), or the account has no credit left. {said}")
    return ModelUnavailable(f"{connection.host} refused the request ({status}). {said}")


def _said(event: dict[str, Any], connection: Connection) -> str:
    """The provider's own sentence, short, on one line, and without the key should it be quoted there."""
    error = event.get("error")
    text = error.get("message") if isinstance(error, dict) else error
    text = " ".join(str(text or "").split())[:200]
    return text.replace(connection.key, "…") if connection.key else text
