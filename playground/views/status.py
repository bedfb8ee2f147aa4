"""Status and progress -> plain values for the header strip and the line under a running panel. Knows no model library."""

from typing import TypedDict

from playground.catalog import MODELS
from playground.tasks.request import Progress
from playground.tasks.status import ModelStatus, Status


class Note(TypedDict, total=False):
    """What `web/note.js` shows: a sentence, a bar where `total` is known, and a `tone` ("", "busy" or "bad")."""

    text: str
    done: int
    total: int
    tone: str


class ModelLine(TypedDict):
    model: str
    name: str
    state: str
    detail: str
    share: float | None


class StatusView(TypedDict):
    models: list[ModelLine]
    device: str
    waiting: int
    settled: bool


def note(text: str) -> Note:
    """A finished sentence, without a bar."""
    return {"text": text, "done": 0, "total": 0, "tone": ""}


def progress_note(progress: Progress) -> Note:
    """What is being done, the place in the queue, and how far it is where that is known."""
    place = f" · {progress.place} ahead of you" if progress.place else ""
    return {"text": progress.text + place + "…", "done": progress.done, "total": progress.total, "tone": "busy"}


def status_view(status: Status) -> StatusView:
    """Every embedded model, then hub models asked for and not failed: who asked was told why, and nobody else need know."""
    touched = {one.model: one for one in status.models}
    slugs = [card.slug for card in MODELS if card.embedded or (card.slug in touched and touched[card.slug].state != "failed")]
    lines = [_line(touched.get(slug, ModelStatus(slug, "waiting"))) for slug in slugs]
    settled = all(line["state"] in ("ready", "failed") for line in lines)
    return {"models": lines, "device": status.device, "waiting": status.waiting, "settled": settled}


def _line(one: ModelStatus) -> ModelLine:
    name = next((card.name for card in MODELS if card.slug == one.model), one.model)
    share = min(one.done / one.total, 1.0) if one.total > 0 else None
    return {"model": one.model, "name": name, "state": one.state, "detail": _detail(one), "share": share}


def _detail(one: ModelStatus) -> str:
    if one.state == "failed":
        return one.why
    if one.state == "ready":
        return f"{one.bytes / 1e6:,.0f} MB in memory, from {one.source}" if one.bytes else ""
    if one.total > 0:
        return f"{one.done / 1e6:,.0f} of {one.total / 1e6:,.0f} MB"
    return ""
