"""Scores on the behaviour tests (sentences as people type them), by kind, and a paired bootstrap between two models. Pure numbers."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np

Row = dict[str, Any]


def by_kind(rows: Sequence[Row], right: Sequence[bool]) -> dict[str, dict[str, float]]:
    """Share right and rows of each kind, and of all."""
    held: dict[str, list[bool]] = defaultdict(list)
    for row, hit in zip(rows, right, strict=True):
        held[row["kind"]].append(hit)
    held["all"] = list(right)
    return {kind: {"right": sum(hits) / len(hits), "rows": len(hits)} for kind, hits in held.items()}


def moves(rows: Sequence[Row], positive: Sequence[float]) -> dict[str, float]:
    """How far P(positive) moves within each group of sentences that should not differ: most less least."""
    held: dict[str, list[float]] = defaultdict(list)
    for row, share in zip(rows, positive, strict=True):
        if row["group"]:
            held[f"{row['kind']}: {row['group']}"].append(share)
    return {name: max(shares) - min(shares) for name, shares in held.items()}


def same_span(made: str, answers: Sequence[str]) -> bool:
    """Whether `made` is one of `answers`, case, articles and outer marks apart; an empty `made` is right where there is none."""
    return _plain(made) in {_plain(answer) for answer in answers} if answers else not made.strip()


def _plain(text: str) -> str:
    words = re.sub(r"[^\w\s.%$£€°@:/+-]", " ", text.lower()).split()
    return " ".join(word for word in words if word not in ("a", "an", "the")).strip(" .")


def paired_bootstrap(before: Sequence[float], after: Sequence[float], rounds: int = 10_000, seed: int = 0) -> dict[str, float]:
    """The mean difference of two models' scores on the same rows, and the bounds between which 95 % of resampled differences lie."""
    gaps = np.asarray(after, float) - np.asarray(before, float)
    rng = np.random.default_rng(seed)
    drawn = np.array([gaps[rng.integers(0, len(gaps), len(gaps))].mean() for _ in range(rounds)])
    low, high = np.quantile(drawn, (0.025, 0.975))
    return {"difference": float(gaps.mean()), "low": float(low), "high": float(high), "rows": len(gaps)}
