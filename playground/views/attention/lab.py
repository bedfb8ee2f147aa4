"""Runs -> what the attention lab in the page opens (web/attention/lab.js), and the head in view back from it. Knows no model.

The page asks for the weights itself, by value, and keeps the view in the component's value: whoever needs the head in view
reads it from there. A value from a page is anybody's, so `read_view` checks all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playground.errors import BadInput
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest, Head
from playground.tasks.changes import MOST_CHANGES
from playground.tasks.wire import read, write

LOST = "The picture says nothing that can be read. Read the text again, then choose a head."
MOST_RUNS = 3


@dataclass(frozen=True)
class View:
    """The head in view: `head` may be "mean"; `pins` are pinned tokens' places, `query` the last of them or None."""

    of: AttentionRequest
    kind: str
    layer: int
    head: Head
    query: int | None
    pins: tuple[int, ...] = ()


def spec_of(request: AttentionRequest) -> dict[str, Any]:
    """A run as `POST /playground/attention` takes it."""
    return {"target": "", **write(request)}


def lab_view(
    runs: Sequence[tuple[str, AttentionRequest]],
    turn: int = 0,
    view: dict[str, Any] | None = None,
    said: str = "",
    first: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """`runs` as (name, request), shown side by side; `view` as the page told it, else the page keeps its own, or begins with `first`;
    `turn` tells two apart."""
    shown = [{"name": name, "spec": spec_of(request)} for name, request in runs]
    made = {"runs": shown, "turn": turn, "said": said, "view": view or {}}
    return made | {"first": first} if first else made


def read_runs(value: Any) -> list[tuple[str, AttentionRequest]]:
    """The runs of a lab's value. Raises BadInput."""
    runs = value.get("runs") if isinstance(value, dict) else None
    if not isinstance(runs, list) or not 1 <= len(runs) <= MOST_RUNS:
        raise BadInput(LOST)
    return [_named(run) for run in runs]


def _named(run: Any) -> tuple[str, AttentionRequest]:
    if not isinstance(run, dict) or not isinstance(run.get("spec"), dict) or not isinstance(run.get("name"), str):
        raise BadInput(LOST)
    request = read(AttentionRequest, run["spec"], "The run", text="", model="")
    request.changes.check()
    return run["name"][:200], request


def read_view(value: Any) -> View:
    """The head in view of a lab's value; a mean, a largest weight or a rollout over heads counts as "mean". Raises BadInput."""
    runs = read_runs(value)
    view = value.get("view")
    if not isinstance(view, dict):
        raise BadInput(LOST)
    place, kind, layer, head, query = (view.get(name) for name in ("pane", "kind", "layer", "head", "query"))
    of = runs[place][1] if isinstance(place, int) and 0 <= place < len(runs) else runs[0][1]
    chosen: Head = head if isinstance(head, int) and not isinstance(head, bool) else "mean"
    if not isinstance(kind, str) or not isinstance(layer, int) or not (query is None or isinstance(query, int)):
        raise BadInput(LOST)
    AttentionMapRequest(of, layer, chosen, kind).check()
    return View(of, kind, layer, chosen, query, _places(view.get("pins", [])))


def read_map(value: Any) -> AttentionMapRequest:
    """The head in view as a request for its weights. Raises BadInput where nothing was read yet."""
    view = read_view(value)
    return AttentionMapRequest(view.of, view.layer, view.head, view.kind)


def _places(pins: Any) -> tuple[int, ...]:
    if not isinstance(pins, list) or not all(isinstance(pin, int) and not isinstance(pin, bool) and pin >= 0 for pin in pins):
        raise BadInput(LOST)
    return tuple(pins[:MOST_CHANGES])
