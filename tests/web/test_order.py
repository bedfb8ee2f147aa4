"""Imports of the page's modules go down a written order, as in Python: shared ones know no room, a room knows no other."""

import pytest

from tests.web.modules import MODULES, imports_of

# From the bottom up. A module at the top of web/ imports from lower lines only; a new one is written into a line here.
SHARED = (
    {"digits", "bidi", "wire", "stages", "opening", "tabs"},  # text, bytes, and what stands on the browser alone
    {"ask", "look"},  # asking our server, drawing
    {"note", "heat", "tables", "prose", "listing", "menu"},  # parts of pictures
    {"running"},  # a run of a panel's
)
FOLDERS = {"tokens", "attention", "embeddings", "generation", "sentiment", "answering", "translation", "learn", "journey", "stage"}
FRAME = {"header", "guide", "status", "program", "stage", "scene"}  # components of no room: the page around the panels
LEVEL = {name: level for level, names in enumerate(SHARED) for name in names}


def allowed(name: str) -> set[str]:
    """What `name` may import: what is shared below it, and what is in its own folder; `stage` leads to the folder of its name."""
    if name in LEVEL:
        return {other for other, level in LEVEL.items() if level < LEVEL[name]}
    folder = name.split("/")[0]
    return set(LEVEL) | {other for other in MODULES if other.startswith(f"{folder}/")}


def test_every_module_has_a_place() -> None:
    top = {name for name in MODULES if "/" not in name}
    assert top - FRAME <= set(LEVEL), "say in SHARED where it stands, or in FRAME"
    assert {name.split("/")[0] for name in MODULES if "/" in name} <= FOLDERS


@pytest.mark.parametrize("name", sorted(MODULES))
def test_imports_go_down(name: str) -> None:
    assert imports_of(name) <= set(MODULES), "what is imported is there"
    assert imports_of(name) - allowed(name) == set()


def test_there_is_no_circle() -> None:
    left = {name: imports_of(name) for name in MODULES}
    while free := [name for name, wants in left.items() if not wants & set(left)]:
        for name in free:
            del left[name]
    assert not left, f"these import one another: {sorted(left)}"
