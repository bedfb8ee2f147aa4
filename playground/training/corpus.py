"""Reads the gzipped JSON lines the small models are trained and measured on. Knows no model."""

import gzip
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def read_rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """Every row of `<folder>/<name>.jsonl.gz`, in file order. Raises FileNotFoundError with the path that is missing."""
    path = folder / f"{name}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
