"""What was measured of the question-answering weights in this repository, to be said beside their probabilities. Knows no model."""

import json
from functools import cache
from typing import Any

from playground.catalog import Weights, find_model
from playground.folders import WEIGHTS

TEST = "XQuAD (English)"


@cache
def measured_answers(model: str) -> dict[str, Any] | None:
    """`thresholds`: [threshold, F1 %, share answered, share of questions without an answer refused]; None where nothing was measured.

    `f1` is as served, `f1_always` without a threshold, both on `rows` questions of `test`; `error` is the expected calibration error.
    """
    source = find_model(model, "answering").sources[0]
    path = WEIGHTS / source.folder / "figures.json" if isinstance(source, Weights) else None
    if path is None or not path.is_file():
        return None
    figures = json.loads(path.read_text("utf-8"))["figures"]
    served, always = figures["test"], figures["test_always_answering"]
    return {
        "test": TEST, "rows": served["rows"], "f1": served["f1"], "f1_always": always["f1"], "error": served["calibration_error"],
        "thresholds": figures.get("test_thresholds", []),
    }  # fmt: skip
