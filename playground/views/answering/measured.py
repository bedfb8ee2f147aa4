"""What was measured of the question-answering weights in this repository, to be said beside their probabilities. Knows no model."""

import json
from functools import cache
from typing import TypedDict

from playground.catalog import Weights, find_model
from playground.folders import WEIGHTS

TEST = "XQuAD (English)"
SHORT = "held-out questions on short contexts"


class MeasuredOn(TypedDict):
    """On `rows` questions of `test` with an answer; `thresholds`: [threshold, F1 %, share answered, share of those without one refused]."""

    test: str
    rows: int
    thresholds: list[list[float]]


class Measured(TypedDict):
    """`f1` on XQuAD (`test`) is as served, `f1_always` without a threshold; `error` is the expected calibration error there.

    `short_threshold` holds for contexts of at most `short_tokens`, `long_threshold` for others; `adversarial` is the share refused of
    SQuAD 2.0's questions that only look answerable.
    """

    test: str
    f1: float
    f1_always: float
    error: float
    long_threshold: float
    short_threshold: float
    short_tokens: int
    adversarial: float


class MeasuredBoth(Measured):
    """`long` is what was measured on XQuAD, `short` on short contexts."""

    long: MeasuredOn
    short: MeasuredOn


class MeasuredHere(Measured):
    """`here`: what was measured on contexts as long as this one."""

    here: MeasuredOn


@cache
def measured_answers(model: str) -> MeasuredBoth | None:
    """What the figures file of `model` says; None where nothing was measured."""
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


def measured_here(model: str, tokens: int) -> MeasuredHere | None:
    """What to say beside a context of that many tokens."""
    told = measured_answers(model)
    if told is None:
        return None
    here = told["short" if tokens <= told["short_tokens"] else "long"]
    return {
        "test": told["test"], "f1": told["f1"], "f1_always": told["f1_always"], "error": told["error"],
        "long_threshold": told["long_threshold"], "short_threshold": told["short_threshold"], "short_tokens": told["short_tokens"],
        "adversarial": told["adversarial"], "here": here,
    }  # fmt: skip
