"""What was measured of the question-answering weights in this repository, to be said beside their probabilities. Knows no model."""

import json
from functools import cache
from typing import Any

from playground.catalog import Weights, find_model
from playground.folders import WEIGHTS

TEST = "XQuAD (English)"


SHORT = "held-out questions on short contexts"


@cache
def measured_answers(model: str) -> dict[str, Any] | None:
    """What the figures file of `model` says; None where nothing was measured.

    `long` and `short` are what was measured on XQuAD, and on contexts of at most `short_tokens`, where the model's threshold is
    `short_threshold` in place of `long_threshold`: `test` (its name), `rows` with an answer, `thresholds`: [threshold, F1 %, share
    answered, share of questions without an answer refused]. `f1` on XQuAD is as served, `f1_always` without a threshold; `error` is
    the expected calibration error; `adversarial` the share refused of SQuAD 2.0's questions that only look answerable.
    """
    source = find_model(model, "answering").sources[0]
    path = WEIGHTS / source.folder / "figures.json" if isinstance(source, Weights) else None
    if path is None or not path.is_file():
        return None
    figures = json.loads(path.read_text("utf-8"))["figures"]
    served, always, chosen = figures["test"], figures["test_always_answering"], figures["threshold"]
    return {
        "test": TEST, "f1": served["f1"], "f1_always": always["f1"], "error": served["calibration_error"],
        "long": {"test": TEST, "rows": served["rows"], "thresholds": figures["test_thresholds"]},
        "short": {"test": SHORT, "rows": figures["short"]["answerable"], "thresholds": figures["short"]["thresholds"]},
        "long_threshold": chosen["long"], "short_threshold": chosen["short"], "short_tokens": chosen["short_tokens"],
        "adversarial": figures["held_out_squad2"]["refused"],
    }  # fmt: skip


def measured_here(model: str, tokens: int) -> dict[str, Any] | None:
    """What to say beside a context of that many tokens: `here` is what was measured on contexts as long as it."""
    told = measured_answers(model)
    if told is None:
        return None
    rest = {key: value for key, value in told.items() if key not in ("long", "short")}
    return rest | {"here": told["short" if tokens <= told["short_tokens"] else "long"]}
