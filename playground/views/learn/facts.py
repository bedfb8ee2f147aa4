"""The tables of the lesson, out of `lessons/*.json`, as `web/learn/table.js` draws them. Knows no panel and no model."""

import json
from functools import cache
from typing import Any, TypedDict

from playground.folders import LESSONS
from playground.views.windows import known_windows

OWN = "Numbers are the makers’ own, from the source named; what they did not publish is left open."


@cache
def _json(name: str) -> list[dict[str, Any]]:
    return list(json.loads((LESSONS / name).read_text("utf-8")))


class Source(TypedDict):
    """A text that leads to an https address."""

    text: str
    link: str


Cell = str | Source


class FactsTable(TypedDict):
    """A cell is a text, in which `code` and **strong** are marks, or a source."""

    columns: list[str]
    rows: list[list[Cell]]
    caption: str


def _table(columns: str, rows: list[list[Cell]], caption: str) -> FactsTable:
    """`columns` apart by commas; a cell is a text or {text, link}."""
    return {"columns": columns.split(", "), "rows": rows, "caption": caption}


def models_table() -> FactsTable:
    """Well-known models, oldest first, each with its source and date."""
    rows: list[list[Cell]] = [
        [r["model"], r["organisation"], r["family"], r["good_for"], r["size"], r["trained_on"], r["context"], r["weights"], r["package"],
         {"text": r["date"], "link": r["source"]}, f"yes, as {r['here']}" if "here" in r else ""]
        for r in _json("models.json")
    ]  # fmt: skip
    columns = (
        "model, organisation, family, good for, parameters, trained on, context, weights, package, published (source), runs here offline"
    )
    return _table(columns, rows, OWN)


def sizes_table() -> FactsTable:
    """The same models, where both their size and what they were trained on are known."""
    rows: list[list[Cell]] = [
        [r["model"], r["size"], r["trained_on"], {"text": r["date"], "link": r["source"]}]
        for r in _json("models.json")
        if "not published" not in r["trained_on"] + r["size"]
    ]
    return _table("model, parameters, trained on, published (source)", rows, f"{OWN} The others are in chapter 10.")


def windows_table() -> FactsTable:
    """The windows that the Tokens panel counts against, smallest first."""
    rows: list[list[Cell]] = [
        [r["model"], r["organisation"], f"{r['window']:,} tokens", r["tokenizer"], {"text": r["date"], "link": r["source"]}]
        for r in known_windows()
    ]
    said = "The makers’ own numbers; the date is that of the source, or the day a page without one was read."
    return _table("model, organisation, window, counted by, date (source)", rows, said)


def resources_table() -> FactsTable:
    """Where to go on. Links open elsewhere; nothing is loaded from them."""
    rows: list[list[Cell]] = [[{"text": r["name"], "link": r["link"]}, r["by"], r["what"]] for r in _json("resources.json")]
    return _table("name, by, what it is", rows, "Each opens in a tab of its own; this page loads nothing from them.")


def packages_table(versions: dict[str, str]) -> FactsTable:
    """`versions`: of the packages that are installed here."""
    rows: list[list[Cell]] = [
        [r["package"], r["for"], r["today"], versions.get(r["package"], "not needed here")] for r in _json("packages.json")
    ]
    return _table("package, what it is for, today, in this playground", rows, "A lesson’s install line, one by one.")


def packages() -> tuple[str, ...]:
    return tuple(r["package"] for r in _json("packages.json"))


def pipelines() -> tuple[tuple[str, bool], ...]:
    """(task, whether the pinned transformers still has it)."""
    return tuple((r["task"], r["runs"]) for r in _json("pipelines.json"))


def pipelines_table(version: str) -> FactsTable:
    rows: list[list[Cell]] = [
        [f"`{r['line']}`", "yes" if r["runs"] else "no: KeyError", r["instead"], r["panel"]] for r in _json("pipelines.json")
    ]
    said = (
        f"Tried against transformers {version}, which is installed here. The error is a KeyError: "
        "“The task … has been removed from transformers.”"
    )
    return _table("the lesson’s line, runs, what to write instead, panel with “Show the code”", rows, said)
