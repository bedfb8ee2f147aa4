"""Reads what the small models are trained and measured on, and keeps what was made of it. Knows no model."""

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def read_rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """Every row of `<folder>/<name>.jsonl.gz`, in file order. Raises FileNotFoundError with the path that is missing."""
    path = folder / f"{name}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def write_packed(value: Any, path: Path) -> None:
    """`value` as gzipped JSON."""
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=0)


def read_packed(path: Path) -> Any:
    """What `write_packed` wrote."""
    return json.loads(gzip.decompress(path.read_bytes()))


def references_of(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Every French of each English sentence, both in the order of the pairs."""
    found: dict[str, list[str]] = {}
    for en, fr in pairs:
        found.setdefault(en, []).append(fr)
    return found
