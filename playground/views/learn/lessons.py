"""What `lessons/` holds, read and checked once -> what the Learn tab shows. Knows no panel and no model."""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NotRequired, TypedDict

from playground.folders import LESSONS
from playground.views.learn.facts import FactsTable, resources_table, sizes_table, windows_table
from playground.views.learn.terms import Term, TermView, first_places, term_view
from playground.views.places import ProgramView, program_view
from playground.views.scenes import Scene, SceneView, read_scene, scene_view

TABLES: dict[str, Callable[[], FactsTable]] = {"sizes": sizes_table, "windows": windows_table, "resources": resources_table}


@dataclass(frozen=True)
class Step:
    """One step of a chapter: a short text, and a button (`label`) that opens a panel, if there is something to see.

    `table` names one of TABLES, `program` a file of `lessons/programs`.
    """

    title: str
    text: str
    label: str = ""
    see: Scene | None = None
    table: str = ""
    program: str = ""


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
    """Something to try: a text, what to do one after the other, a program, buttons that open panels, and what one should find.

    `blank`: the program's lines that are to be filled in are shown without their right-hand side; `found` comes with them whole.
    """

    title: str
    text: str
    see: tuple[tuple[str, Scene], ...]
    found: str = ""
    steps: tuple[str, ...] = ()
    program: str = ""
    blank: bool = False


@cache
def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((LESSONS / name).read_text("utf-8"))


@cache
def lesson_program(name: str) -> str:
    """The text of `lessons/programs/<name>.py`."""
    return (LESSONS / "programs" / f"{name}.py").read_text("utf-8")


def blanked(program: str) -> str:
    """The lines that end in "# fill in", with ... in place of what they compute."""
    return re.sub(r"^(\s+(?:return|\w+ =)) .*?(  # fill in)$", r"\1 ...\2", program, flags=re.MULTILINE)


def headings() -> tuple[str, ...]:
    """The lesson's headings, in its order."""
    return tuple(_toml("chapters.toml")["headings"])


@cache
def chapters() -> tuple[Chapter, ...]:
    found = _toml("chapters.toml")["chapter"]
    return tuple(Chapter(c["id"], c["title"], tuple(c["covers"]), tuple(map(_step, c["step"]))) for c in found)


def _step(step: dict[str, Any]) -> Step:
    scene = read_scene(step["see"]) if "see" in step else None
    return Step(step["title"], step["text"], step.get("label", ""), scene, step.get("table", ""), step.get("program", ""))


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
    see = tuple((s["label"], read_scene(s["scene"])) for s in card["see"])
    steps, program = tuple(card.get("steps", ())), card.get("program", "")
    return Card(card["title"], card["text"], see, card.get("found", ""), steps, program, card.get("blank", False))


def every_scene() -> list[tuple[str, Scene]]:
    """(where it stands, scene) of every button there is."""
    steps = [(f"chapter {c.id}: {s.title}", s.see) for c in chapters() for s in c.steps]
    asked = [(f"question {q.id}", q.see) for q in questions()]
    cards = [(f"{card.title}: {label}", scene) for card in (*exercises(), *gallery()) for label, scene in card.see]
    return [(name, scene) for name, scene in [*steps, *asked, *cards] if scene is not None]


def steps_with_terms() -> list[tuple[Chapter, Step, list[Term]]]:
    """Every step, with the terms that stand in it first."""
    steps = [(chapter, step) for chapter in chapters() for step in chapter.steps]
    first = first_places([f"{step.title}\n{step.text}" for _, step in steps])
    return [(chapter, step, [term for term, at in first.items() if at == i]) for i, (chapter, step) in enumerate(steps)]


class StepView(TypedDict):
    title: str
    text: str
    label: str
    see: SceneView | None
    terms: list[TermView]
    table: FactsTable | None
    program: ProgramView | None


class ChapterView(TypedDict):
    id: str
    title: str
    steps: list[StepView]


class LessonView(TypedDict):
    chapters: list[ChapterView]


class QuestionView(TypedDict):
    """With `options` it is marked, and `right` counts from 0; without, `why` is an answer to compare with."""

    id: str
    lesson: bool
    text: str
    why: str
    see: SceneView | None
    options: NotRequired[list[str]]
    right: NotRequired[int]


class QuizView(TypedDict):
    questions: list[QuestionView]


class SeeView(TypedDict):
    label: str
    scene: SceneView


class CardView(TypedDict):
    title: str
    text: str
    found: str
    steps: list[str]
    see: list[SeeView]
    program: ProgramView | None
    solution: ProgramView | None


class CardsView(TypedDict):
    back: str
    cards: list[CardView]


def lesson_view() -> LessonView:
    made: dict[str, ChapterView] = {}
    for chapter, step, terms in steps_with_terms():
        one = made.setdefault(chapter.id, {"id": chapter.id, "title": chapter.title, "steps": []})
        one["steps"].append(_step_view(step, terms))
    return {"chapters": list(made.values())}


def _step_view(step: Step, terms: list[Term]) -> StepView:
    return {
        "title": step.title,
        "text": step.text,
        "label": step.label,
        "see": scene_view(step.see) if step.see else None,
        "terms": [term_view(term) for term in terms],
        "table": TABLES[step.table]() if step.table else None,
        "program": program_view(lesson_program(step.program), step.program) if step.program else None,
    }


def quiz_view() -> QuizView:
    rows: list[QuestionView] = []
    for q in questions():
        see = scene_view(q.see) if q.see else None
        row: QuestionView = {"id": q.id, "lesson": q.lesson, "text": q.text, "why": q.why, "see": see}
        if q.options:
            row["options"], row["right"] = list(q.options), q.right
        rows.append(row)
    return {"questions": rows}


def cards_view(cards: tuple[Card, ...], back: str) -> CardsView:
    """`back` is the elem_id to come back to."""
    return {"back": back, "cards": list(map(_card_view, cards))}


def _card_view(card: Card) -> CardView:
    text = lesson_program(card.program) if card.program else ""
    return {
        "title": card.title,
        "text": card.text,
        "found": card.found,
        "steps": list(card.steps),
        "see": [{"label": label, "scene": scene_view(scene)} for label, scene in card.see],
        "program": program_view(blanked(text) if card.blank else text, card.program) if text else None,
        "solution": program_view(text, card.program) if card.blank else None,
    }
