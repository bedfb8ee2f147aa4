"""Paired measurements and the file they are kept in. Knows no benchmark.

Each pair runs ours and the reference one right after the other, the order swapped from pair to pair, so that a machine that
slows down slows both. The ratio is the median of the pairs' ratios; ours and the reference are medians of their own.
"""

import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Row = dict[str, object]
RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Measured:
    """`ours` and `reference` in `unit`, medians of `runs` pairs."""

    ratio: float
    ours: float
    reference: float
    unit: str
    runs: int


@dataclass(frozen=True)
class Benchmark:
    """`measure` runs it; the ratio should be at most `aim`."""

    name: str
    aim: float
    measure: Callable[[], Measured]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def paired(ours: Callable[[], float], reference: Callable[[], float], runs: int, unit: str) -> Measured:
    """`runs` pairs of what the two callables return."""
    pairs = []
    for number in range(runs):
        if number % 2:
            second, first = reference(), ours()
        else:
            first, second = ours(), reference()
        pairs.append((first, second))
    return measured(pairs, unit)


def measured(pairs: list[tuple[float, float]], unit: str) -> Measured:
    ratio = statistics.median(a / b for a, b in pairs)
    return Measured(ratio, statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs), unit, len(pairs))


def row_of(benchmark: Benchmark, found: Measured) -> Row:
    """What is kept: rounded to four figures, with where and how it was measured."""
    kept = {key: float(f"{value:.4g}") if isinstance(value, float) else value for key, value in asdict(found).items()}
    return {"name": benchmark.name, **kept, "aim": benchmark.aim, "commit": commit(), "command": f"make bench ROWS={benchmark.name}",
            "machine": machine()}  # fmt: skip


def merge(old: Iterable[Row], new: Iterable[Row], known: Iterable[str], failed: Iterable[str]) -> list[Row]:
    """New rows over old ones, in the order of `known`; rows of benchmarks that are gone, or failed just now, are dropped."""
    rows = {row["name"]: row for row in old} | {row["name"]: row for row in new}
    lost = set(failed)
    return [rows[name] for name in known if name in rows and name not in lost]


def read_rows(path: Path = RESULTS) -> list[Row]:
    return list(json.loads(path.read_text("utf-8"))) if path.exists() else []


def write_rows(rows: list[Row], path: Path = RESULTS) -> None:
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", "utf-8")


def commit() -> str:
    """The commit measured; “+” where files other than the results had been changed since."""
    head = _git("rev-parse", "--short", "HEAD")
    written = (RESULTS.name, "README.md")
    changed = [line for line in _git("status", "--porcelain", "--untracked-files=no").splitlines() if not line.endswith(written)]
    return (head or "none") + ("+" if changed else "")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def machine() -> str:
    import psutil

    names = [line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")]
    processor = names[0] if names else platform.processor() or platform.machine()
    return (
        f"{processor}, {os.cpu_count()} cores, {psutil.virtual_memory().total / 1e9:.0f} GB, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    )


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []
