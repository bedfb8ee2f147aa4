"""The map of the house, rooms × floors, read from the folders: `make docs` puts it into docs/map.md. Knows Markdown only."""

from collections.abc import Iterable
from pathlib import Path

from docs.tables import table
from playground.panels import PANELS

PLAYGROUND = Path(__file__).resolve().parents[1] / "playground"
FLOORS = {
    "tasks": "requests, answers and their limits; maths on numpy",
    "engine": "torch and transformers: what runs a model",
    "views": "an answer as sentences, figures and what the page is sent",
    "panels": "what Gradio shows and asks",
    "web": "what the browser draws",
}
SUFFIXES = {"web": ".js"}


def rooms() -> list[str]:
    """The folders that every floor has, in the order of the tabs."""
    found = {path.name for path in (PLAYGROUND / "tasks").iterdir() if (path / "__init__.py").exists()}
    tabs = [panel.id for panel in PANELS if panel.id in found]
    return [*tabs, *sorted(found - set(tabs))]


def plan() -> str:
    """A row for each room and one for what stands beside the rooms; a column for each floor, the lowest first."""
    head = ["room", *(f"`{floor}`: {said}" for floor, said in FLOORS.items())]
    rows = [[f"**{room}**", *(_listed(PLAYGROUND / floor / room, floor) for floor in FLOORS)] for room in rooms()]
    return table(head, [*rows, ["what rooms share", *(_listed(PLAYGROUND / floor, floor, rooms()) for floor in FLOORS)]])


def _listed(folder: Path, floor: str, without: Iterable[str] = ()) -> str:
    """The modules in a folder, and the folders in it that are no room's, each a link."""
    inside = [path for path in sorted(folder.iterdir()) if not path.name.startswith((".", "__"))]
    kept = [path for path in inside if path.suffix == SUFFIXES.get(floor, ".py")]
    kept += [path for path in inside if path.is_dir() and path.name not in without]
    return ", ".join(f"[{path.stem}](../{path.relative_to(PLAYGROUND.parent).as_posix()})" for path in kept)
