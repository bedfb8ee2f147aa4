"""The scripts and styles beside this module, as text. Knows no component."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def read_web(name: str) -> str:
    """The text of a file of this folder, "" if there is none."""
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""
