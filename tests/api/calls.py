"""Raw HTTP calls of the app's endpoints, as any program makes them. Nothing of gradio's own client in between."""

import json
from dataclasses import dataclass
from typing import Any

import httpx

LONGEST = 150


@dataclass(frozen=True)
class Outcome:
    """`items` is every answer in the order it came (one, or a stream's), `error` the text of the error event, "" if none."""

    status: int
    items: tuple[Any, ...] = ()
    error: str = ""
    raw: str = ""

    @property
    def answer(self) -> Any:
        assert not self.error, self.error
        assert self.items, f"no answer: HTTP {self.status} {self.raw[:300]}"
        return self.items[-1]


def start_call(http: httpx.Client, url: str, api: str, named: dict[str, Any]) -> httpx.Response:
    body = json.dumps(named)  # ASCII with \u escapes: the only way half a surrogate pair can travel
    return http.post(f"{url}/gradio_api/call/v2/{api}", content=body, headers={"Content-Type": "application/json"})


def call(http: httpx.Client, url: str, api: str, **named: Any) -> Outcome:
    """Calls `api` with arguments by name and reads its events to the end."""
    begun = start_call(http, url, api, named)
    if begun.status_code != 200:
        return Outcome(begun.status_code, error=begun.text, raw=begun.text)
    event = begun.json()["event_id"]
    return read_events(http.get(f"{url}/gradio_api/call/{api}/{event}", timeout=LONGEST))


def read_events(answer: httpx.Response) -> Outcome:
    """The server-sent events of one call: `generating` and `complete` carry answers, `error` a text."""
    items: list[Any] = []
    error = ""
    for block in answer.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if not lines or "data" not in lines:
            continue
        data = json.loads(lines["data"])
        if lines.get("event") == "error":
            error = str((data or {}).get("error")) if isinstance(data, dict) else str(data)
        elif data is not None and lines.get("event") in ("generating", "complete"):
            items.append(data[0])
    return Outcome(answer.status_code, tuple(items), error, answer.text)
