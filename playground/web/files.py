"""The scripts and styles beside this module, as text. Knows no component."""

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def read_web(name: str) -> str:
    """The text of a file of this folder, "" if there is none."""
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


@cache
def version() -> str:
    """A hash over all scripts and styles. It stands in their address, so a browser may keep them: what changes has another one."""
    files = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".js", ".css"))
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.relative_to(FOLDER).as_posix()} {path.stat().st_size}\n".encode() + path.read_bytes())
    return whole.hexdigest()[:12]
