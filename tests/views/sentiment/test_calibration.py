"""What the page says of its percentages is what was measured beside the weights."""

import json
from pathlib import Path

import pytest

from playground.folders import WEIGHTS
from playground.views.sentiment import calibration as module
from playground.views.sentiment.calibration import calibration


def test_the_shipped_figures_are_quoted() -> None:
    test = json.loads((WEIGHTS / "sentiment" / "figures.json").read_text("utf-8"))["figures"]["test"]
    said = calibration("minilm-sentiment")["sentence"]
    assert f"{test['rows']:,} held-out" in said
    assert f"calibration error of {100 * test['calibration_error']:.1f} points" in said
    assert f"right on {100 * test['accuracy']:.1f} %" in said


def test_ranges_with_enough_answers_are_rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    parts = [
        {"from": 0.5, "to": 0.9, "rows": 3, "confidence": 0.7, "accuracy": 0.3},
        {"from": 0.9, "to": 1.0, "rows": 100, "confidence": 0.95, "accuracy": 0.91},
    ]
    figures = {"accuracy": 0.9, "confidence": 0.94, "calibration_error": 0.05, "rows": 103}
    (tmp_path / "sentiment").mkdir()
    for more in ({"reliability": parts}, {}):
        (tmp_path / "sentiment" / "figures.json").write_text(json.dumps({"figures": {"test": figures | more}}), "utf-8")
        monkeypatch.setattr(module, "WEIGHTS", tmp_path)
        module._figures.cache_clear()
        found = calibration("minilm-sentiment")
        assert [row["range"] for row in found["rows"]] == (["90–100 %"] if more else [])
        assert ("Of the 100 answers given with 90–100 % (mean 95 %), 91 % were right." in found["sentence"]) == bool(more)
    module._figures.cache_clear()


def test_a_model_without_figures_says_so() -> None:
    assert "not measured" in calibration("distilbert-sst2")["sentence"]
