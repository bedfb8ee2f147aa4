"""The harness itself, and that the committed results are whole."""

import ast
from pathlib import Path

from tests.benchmarks.__main__ import BENCHMARKS
from tests.benchmarks.harness import Measured, measured, merge, paired, read_rows, seconds

FIELDS = {"name", "ratio", "ours", "reference", "unit", "aim", "runs", "commit", "command", "machine"}


def test_the_ratio_is_the_median_of_the_pairs() -> None:
    """One pair slowed down on both sides moves nothing; one slowed on one side only is outvoted."""
    assert measured([(1.0, 2.0), (10.0, 20.0), (9.0, 2.0)], "s") == Measured(0.5, 9.0, 2.0, "s", 3)


def test_pairs_swap_their_order() -> None:
    order: list[str] = []
    paired(lambda: float(len(order.append("a") or order)), lambda: float(len(order.append("b") or order)), 3, "s")
    assert order == ["a", "b", "b", "a", "a", "b"]


def test_seconds() -> None:
    assert 0 <= seconds(lambda: None) < 1


def test_a_row_is_replaced_kept_or_dropped() -> None:
    old = [{"name": "a", "ratio": 1}, {"name": "gone", "ratio": 1}, {"name": "broken", "ratio": 1}]
    rows = merge(old, [{"name": "b", "ratio": 2}], ["b", "a", "broken"], ["broken"])
    assert rows == [{"name": "b", "ratio": 2}, {"name": "a", "ratio": 1}]


def test_the_bare_side_knows_nothing_of_the_playground() -> None:
    tree = ast.parse(Path(__file__).with_name("bare.py").read_text("utf-8"))
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert not any(name.startswith(("playground", "tests")) for name in imported)


def test_nothing_measured_needs_more_than_the_repository() -> None:
    """The scripts that train read data that is not in it."""
    for path in set(Path(__file__).parent.glob("*.py")) - {Path(__file__)}:
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        imported = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
        assert not any(name.startswith(("playground.training", "tests.training")) for name in imported), path.name
        told = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        assert not [one for one in told if one.startswith(("/work", "/root", "/tmp")) or one.endswith(".jsonl.gz")], path.name


def test_committed_rows_are_whole_and_in_order() -> None:
    """`make bench` writes them; a benchmark that was never measured has none, and README's table then does not speak of it."""
    rows, names = read_rows(), [benchmark.name for benchmark in BENCHMARKS]
    assert len(rows) > 20 and len(set(names)) == len(names)
    assert [row["name"] for row in rows] == [name for name in names if name in {row["name"] for row in rows}]
    assert all(row.keys() == FIELDS for row in rows)
