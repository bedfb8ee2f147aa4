"""What `lessons/` holds, read and checked once -> what the Learn tab shows. Knows no panel and no model."""

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from playground.folders import LESSONS
from playground.views.scenes import Scene, read_scene, scene_view


@dataclass(frozen=True)
class Step:
    """One step of a chapter: a short text, and a button (`label`) that opens a panel, if there is something to see."""

    title: str
    text: str
    label: str = ""
    see: Scene | None = None


@dataclass(frozen=True)
class Chapter:
    """`covers` are headings of the lesson the app follows."""

    id: str
    title: str
    covers: tuple[str, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Question:
    """With `options` it is marked (`right` counts from 0); without, `why` is an answer to compare with."""

    id: str
    text: str
    why: str
    options: tuple[str, ...]
    right: int
    see: Scene | None
    lesson: bool


@dataclass(frozen=True)
class Card:
    """Something to try: a text, buttons that open panels, and what one should find."""

    title: str
    text: str
    see: tuple[tuple[str, Scene], ...]
    found: str = ""


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((LESSONS / name).read_text("utf-8"))


@cache
def _json(name: str) -> list[dict[str, Any]]:
    return list(json.loads((LESSONS / name).read_text("utf-8")))


def headings() -> tuple[str, ...]:
    """The lesson's headings, in its order."""
    return tuple(_toml("chapters.toml")["headings"])


@cache
def chapters() -> tuple[Chapter, ...]:
    found = _toml("chapters.toml")["chapter"]
    return tuple(Chapter(c["id"], c["title"], tuple(c["covers"]), tuple(map(_step, c["step"]))) for c in found)


def _step(step: dict[str, Any]) -> Step:
    return Step(step["title"], step["text"], step.get("label", ""), read_scene(step["see"]) if "see" in step else None)


@cache
def questions() -> tuple[Question, ...]:
    """The lesson's own first."""
    return tuple(
        Question(q["id"], q["text"], q["why"], tuple(q.get("options", ())), q.get("right", -1),
                 read_scene(q["see"]) if "see" in q else None, q.get("lesson", False))
        for q in _toml("questions.toml")["question"]
    )  # fmt: skip


@cache
def exercises() -> tuple[Card, ...]:
    return tuple(map(_card, _toml("exercises.toml")["exercise"]))


@cache
def gallery() -> tuple[Card, ...]:
    return tuple(map(_card, _toml("gallery.toml")["preset"]))


def _card(card: dict[str, Any]) -> Card:
    return Card(card["title"], card["text"], tuple((s["label"], read_scene(s["scene"])) for s in card["see"]), card.get("found", ""))


def every_scene() -> list[tuple[str, Scene]]:
    """(where it stands, scene) of every button there is."""
    steps = [(f"chapter {c.id}: {s.title}", s.see) for c in chapters() for s in c.steps]
    asked = [(f"question {q.id}", q.see) for q in questions()]
    cards = [(f"{card.title}: {label}", scene) for card in (*exercises(), *gallery()) for label, scene in card.see]
    return [(name, scene) for name, scene in [*steps, *asked, *cards] if scene is not None]


def lesson_view() -> dict[str, Any]:
    return {"chapters": [{"id": c.id, "title": c.title, "steps": [_step_view(s) for s in c.steps]} for c in chapters()]}


def _step_view(step: Step) -> dict[str, Any]:
    return {"title": step.title, "text": step.text, "label": step.label, "see": scene_view(step.see) if step.see else None}


def quiz_view() -> dict[str, Any]:
    rows = []
    for q in questions():
        choice = {"options": list(q.options), "right": q.right} if q.options else {}
        rows.append({"id": q.id, "text": q.text, "why": q.why, "see": scene_view(q.see) if q.see else None, **choice})
    return {"questions": rows}


def cards_view(cards: tuple[Card, ...], back: str) -> dict[str, Any]:
    """`back` is the elem_id to come back to."""
    return {
        "back": back,
        "cards": [
            {"title": c.title, "text": c.text, "found": c.found, "see": [{"label": label, "scene": scene_view(s)} for label, s in c.see]}
            for c in cards
        ],
    }


def models_table() -> dict[str, Any]:
    """Well-known models, oldest first, each with its source and date."""
    rows = [
        [r["model"], r["organisation"], r["size"], r["context"], r["weights"], r["package"],
         {"text": r["date"], "link": r["source"]}, f"yes, as {r['here']}" if "here" in r else ""]
        for r in _json("models.json")
    ]  # fmt: skip
    columns = ["model", "organisation", "parameters", "context", "weights", "package", "published (source)", "runs here offline"]
    said = "Numbers are the makers’ own, from the source named; what they did not publish is left open."
    return {"columns": columns, "rows": rows, "caption": said}


def packages_table(versions: dict[str, str]) -> dict[str, Any]:
    """`versions`: of the packages that are installed here."""
    rows = [[r["package"], r["for"], r["today"], versions.get(r["package"], "not needed here")] for r in _json("packages.json")]
    columns = ["package", "what it is for", "today", "in this playground"]
    return {"columns": columns, "rows": rows, "caption": "A lesson’s install line, one by one."}


def packages() -> tuple[str, ...]:
    return tuple(r["package"] for r in _json("packages.json"))


def pipelines() -> tuple[tuple[str, bool], ...]:
    """(task, whether the pinned transformers still has it)."""
    return tuple((r["task"], r["runs"]) for r in _json("pipelines.json"))


def pipelines_table(version: str) -> dict[str, Any]:
    rows = [[f"`{r['line']}`", "yes" if r["runs"] else "no: KeyError", r["instead"], r["panel"]] for r in _json("pipelines.json")]
    return {
        "columns": ["the lesson’s line", "runs", "what to write instead", "panel with “Show the code”"],
        "rows": rows,
        "caption": f"Tried against transformers {version}, which is installed here. The error is a KeyError: "
        "“The task … has been removed from transformers.”",
    }
