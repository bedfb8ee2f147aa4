"""Fresh heads and a trained one on the same sentences -> bars of how many they got right, and what that means. Knows no model."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, TypedDict

import numpy as np

from playground.catalog import find_model
from playground.folders import LESSONS
from playground.tasks.learn.fresh_head import FreshHead, accuracies, one_sided
from playground.tasks.sentiment.sentiment import POSITIVE, Sentiment
from playground.views.text import number, percent

TABLE = LESSONS / "sentences.json"


@cache
def sentences() -> tuple[tuple[str, int], ...]:
    """64 short sentences of ours as (text, 1 for positive), half of each. None is from the training data of our adapter."""
    return tuple((row["text"], row["label"]) for row in json.loads(TABLE.read_text("utf-8")))


class HeadRow(TypedDict):
    """`texts`: the share of sentences got right, and the share given the commoner label."""

    label: str
    share: float
    texts: list[str]
    trained: bool


class FreshHeadView(TypedDict):
    """`texts` sentences; `body` names the model and where it came from."""

    rows: list[HeadRow]
    texts: int
    body: str


def fresh_head_view(fresh: FreshHead, trained: Sequence[Sentiment]) -> FreshHeadView:
    """What `web/learn/fresh_head.js` draws: the trained head first, then one bar for each seed."""
    labels = _labels()
    shares, sides = accuracies(fresh.logits, labels), one_sided(fresh.logits)
    right = _trained_share(trained)
    rows: list[HeadRow] = [{"label": f"seed {seed}", "share": float(a), "texts": [percent(a, 0), percent(s, 0)], "trained": False}
            for seed, a, s in zip(fresh.seeds, shares, sides, strict=True)]  # fmt: skip
    side = max(t := float(np.mean([one.leaning == POSITIVE for one in trained])), 1 - t)
    first: HeadRow = {"label": "trained here, body too", "share": right, "texts": [percent(right, 0), percent(side, 0)], "trained": True}
    return {"rows": [first, *rows], "texts": len(labels), "body": f"{find_model(fresh.model).name}, from {fresh.source}"}


def fresh_head_sentence(fresh: FreshHead, trained: Sequence[Sentiment]) -> str:
    shares, sides = accuracies(fresh.logits, _labels()), one_sided(fresh.logits)
    return (
        f"{len(fresh.seeds)} fresh heads got {percent(shares.mean(), 0)} right on average, from {number(100 * shares.min(), 0)} to "
        f"{percent(shares.max(), 0)}: chance is 50 %. {int((sides > 0.9).sum())} of them gave nearly all sentences the same label. "
        f"The classifier trained here, head and body, got {percent(_trained_share(trained), 0)}, positive against negative like them."
    )


def _labels() -> "np.ndarray[Any, np.dtype[np.int64]]":
    return np.array([label for _, label in sentences()], np.int64)


def _trained_share(trained: Sequence[Sentiment]) -> float:
    """Of sentences that are one or the other, as a fresh head's two labels are: neutral is not asked."""
    return float(np.mean([(one.leaning == POSITIVE) == bool(label) for one, (_, label) in zip(trained, sentences(), strict=True)]))
