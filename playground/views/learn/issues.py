"""A provoked failure -> what was run, what the library said, what it means, what to do, and what came of doing it."""

import tomllib
from functools import cache
from typing import TypedDict

from playground.folders import LESSONS
from playground.tasks.learn.issues import Issue

TABLE = LESSONS / "issues.toml"


@cache
def known_issues() -> dict[str, dict[str, str]]:
    """By kind, in the order people see them: title, code, means, fix, read."""
    return dict(tomllib.loads(TABLE.read_text("utf-8")))


def issue_choices() -> list[tuple[str, str]]:
    """(title, kind) for a radio."""
    return [(told["title"], kind) for kind, told in known_issues().items()]


class IssueView(TypedDict):
    """What was run, what the library said, and (name, text) of what it means, what to do, and what came of it."""

    code: str
    said: str
    rows: list[tuple[str, str]]


def issue_view(issue: Issue) -> IssueView:
    said = f"{issue.error}: {issue.message}" if issue.error else "Nothing went wrong: this machine has what was asked for."
    return _view(issue.kind, said, issue.read, issue.fixed)


def key_view(said: str) -> IssueView:
    """What asking a hosted model without its key came to: our own sentence, or word that a key is set."""
    return _view("key", said, "", "")


def _view(kind: str, said: str, read: str, fixed: str) -> IssueView:
    told = known_issues()[kind]
    rows = [("What it means", told["means"]), ("What to do", told["fix"])]
    more = [(told["read"], read)] if read and told["read"] else []
    done = [("Done right, just now", fixed)] if fixed else []
    return {"code": told["code"].strip(), "said": said, "rows": [*more, *rows, *done]}
