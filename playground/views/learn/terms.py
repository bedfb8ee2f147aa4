"""The field's own words out of `lessons/terms.toml`: where each first stands in a text, and the list of all. Knows no model."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypedDict

from playground.folders import LESSONS
from playground.views.learn.facts import Cell, FactsTable

TABLE = LESSONS / "terms.toml"


@dataclass(frozen=True)
class Term:
    """`also`: other ways it is written. `said` names the source, `source` is its https address."""

    term: str
    definition: str
    said: str
    source: str
    also: tuple[str, ...] = ()

    def stands_in(self, text: str) -> bool:
        """Whether `text` has it, as whole words, capitals or not, and with whatever marks of **strong** or `code` in it."""
        plain = text.replace("**", "").replace("`", "")
        return any(re.search(rf"(?<![\w-]){re.escape(one)}(?![\w-])", plain, re.IGNORECASE) for one in (self.term, *self.also))


@cache
def known_terms() -> tuple[Term, ...]:
    """In the order of the file."""
    rows = tomllib.loads(TABLE.read_text("utf-8"))["term"]
    return tuple(Term(r["term"], r["definition"], r["said"], r["source"], tuple(r.get("also", ()))) for r in rows)


def first_places(texts: Sequence[str]) -> dict[Term, int]:
    """The number of the first text each term stands in; one that stands in none has no place."""
    found = {}
    for term in known_terms():
        place = next((i for i, text in enumerate(texts) if term.stands_in(text)), None)
        if place is not None:
            found[term] = place
    return found


class TermView(TypedDict):
    """`said` names the source, `link` is its https address."""

    term: str
    definition: str
    said: str
    link: str


def term_view(term: Term) -> TermView:
    return {"term": term.term, "definition": term.definition, "said": term.said, "link": term.source}


def terms_table() -> FactsTable:
    """All of them by the alphabet."""
    terms = sorted(known_terms(), key=lambda t: t.term.casefold())
    rows: list[list[Cell]] = [[t.term, t.definition, {"text": t.said, "link": t.source}] for t in terms]
    return {"columns": ["term", "what it means", "source"], "rows": rows, "caption": f"{len(rows)} terms, each with a source."}
