"""How far a trained model's probabilities can be trusted: the figures beside its weights -> a sentence and rows. Knows no room."""

import json
from functools import cache
from typing import Any, TypedDict

from playground.catalog import Weights, find_model
from playground.folders import WEIGHTS
from playground.views.text import number, percent

ENOUGH = 20  # answers; fewer say nothing


class ConfidenceRange(TypedDict):
    """How many answers were given with a confidence of this `range`, and what `share` of them were right."""

    range: str
    share: float
    right: str
    sure: str
    count: str


class Calibration(TypedDict):
    """How far a model's probabilities can be trusted, measured when it was trained; no `rows` where nothing was."""

    sentence: str
    rows: list[ConfidenceRange]


def calibration(slug: object) -> Calibration:
    """What was measured on held-out texts; says so where nothing was."""
    card = find_model(slug)
    source = card.sources[0]
    figures = _figures(source.folder) if isinstance(source, Weights) else None
    if figures is None:
        return {"sentence": f"How far to trust these percentages was not measured here for {card.name}.", "rows": []}
    found, kinds = figures["test"], figures.get("three_way")
    said = f"On {found['rows']:,} held-out texts (film reviews{found.get('said', '')}): {_measured(found)}."
    if kinds:
        said += f" On {kinds['rows']:,} held-out texts of many kinds, with all its labels: {_measured(kinds)}."
    parts = [one for one in found.get("reliability", []) if one["rows"] >= ENOUGH]
    best = parts[-1] if parts else None
    if best:
        said += (
            f" Of the {best['rows']:,} answers {'on film reviews ' if kinds else ''}given with {_range(best)} "
            f"(mean {percent(best['confidence'], 0)}), {percent(best['accuracy'], 0)} were right."
        )
    return {
        "sentence": said,
        "rows": [{"range": _range(one), "share": one["accuracy"], "right": f"{percent(one['accuracy'], 0)} right",
                  "sure": f"{percent(one['confidence'], 0)} sure", "count": f"{one['rows']:,}"} for one in parts],
    }  # fmt: skip


def _measured(found: dict[str, Any]) -> str:
    return (
        f"on average {percent(found['confidence'])} sure, right on {percent(found['accuracy'])}: an expected calibration error of "
        f"{number(100 * found['calibration_error'], 1)} points"
    )


def _range(one: dict[str, Any]) -> str:
    return f"{number(100 * one['from'], 0)}–{percent(one['to'], 0)}"


@cache
def _figures(folder: str) -> dict[str, Any] | None:
    path = WEIGHTS / folder / "figures.json"
    if not path.is_file():
        return None
    return dict(json.loads(path.read_text("utf-8"))["figures"])
