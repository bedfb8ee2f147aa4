"""Fresh heads and a trained one on the same sentences -> bars of how many they got right, and what that means. Knows no model."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from playground.catalog import find_model
from playground.folders import LESSONS
from playground.tasks.learn.fresh_head import FreshHead, accuracies, one_sided
from playground.tasks.sentiment.sentiment import POSITIVE, Sentiment

TABLE = LESSONS / "sentences.json"


@cache
def sentences() -> tuple[tuple[str, int], ...]:
    """64 short sentences of ours as (text, 1 for positive), half of each. None is from the training data of our adapter."""
    return tuple((row["text"], row["label"]) for row in json.loads(TABLE.read_text("utf-8")))


def fresh_head_view(fresh: FreshHead, trained: Sequence[Sentiment]) -> dict[str, Any]:
    """What `web/fresh_head.js` draws: the trained head first, then one bar for each seed."""
    labels = _labels()
    shares, sides = accuracies(fresh.logits, labels), one_sided(fresh.logits)
    right = _trained_share(trained)
    rows = [{"label": f"seed {seed}", "share": float(a), "texts": [f"{100 * a:.0f} %", f"{100 * s:.0f} %"], "trained": False}
            for seed, a, s in zip(fresh.seeds, shares, sides, strict=True)]  # fmt: skip
    side = max(t := np.mean([one.leaning == POSITIVE for one in trained]), 1 - t)
    first = {"label": "trained here, body too", "share": right, "texts": [f"{100 * right:.0f} %", f"{100 * side:.0f} %"], "trained": True}
    return {"rows": [first, *rows], "texts": len(labels), "body": f"{find_model(fresh.model).name}, from {fresh.source}"}


def fresh_head_sentence(fresh: FreshHead, trained: Sequence[Sentiment]) -> str:
    shares, sides = accuracies(fresh.logits, _labels()), one_sided(fresh.logits)
    return (
        f"{len(fresh.seeds)} fresh heads got {100 * shares.mean():.0f} % right on average, from {100 * shares.min():.0f} to "
        f"{100 * shares.max():.0f} %: chance is 50 %. {int((sides > 0.9).sum())} of them gave nearly all sentences the same label. "
        f"The classifier trained here, head and body, got {100 * _trained_share(trained):.0f} %, positive against negative like them."
    )


def _labels() -> "np.ndarray[Any, np.dtype[np.int64]]":
    return np.array([label for _, label in sentences()], np.int64)


def _trained_share(trained: Sequence[Sentiment]) -> float:
    """Of sentences that are one or the other, as a fresh head's two labels are: neutral is not asked."""
    return float(np.mean([(one.leaning == POSITIVE) == bool(label) for one, (_, label) in zip(trained, sentences(), strict=True)]))
