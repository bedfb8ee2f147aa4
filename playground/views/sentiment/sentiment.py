"""Sentiments -> the rows that `web/sentiment.js` draws, the sentence above them, and what the API returns."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, TypedDict

from playground.catalog import find_model
from playground.tasks.sentiment.sentiment import Sentiment
from playground.views.sentiment.calibration import calibration
from playground.views.text import signed


class SentimentScores(TypedDict):
    """`scores`: probability of each label, from the model's logits by softmax; they sum to 1."""

    label: str
    scores: dict[str, float]


def sentiment_scores(made: Sentiment) -> SentimentScores:
    return {"label": made.label, "scores": dict(zip(made.labels, made.probabilities, strict=True))}


def sentiment_view(made: Sequence[Sentiment]) -> dict[str, Any]:
    """One row a text: its label, (label, probability, logit) of every label, likeliest first, and softmax step by step."""
    if not made:
        return {"rows": []}
    card = find_model(made[0].model)
    return {"rows": [_row(one) for one in made], "model": f"{card.name}, from {made[0].source}", "slug": card.slug,
            "calibration": calibration(card.slug)}  # fmt: skip


def _row(one: Sentiment) -> dict[str, Any]:
    found = sorted(zip(one.labels, one.probabilities, one.logits, strict=True), key=lambda item: -item[1])
    return {
        "text": one.text,
        "label": one.label,
        "tokens": one.tokens,
        "scores": [{"label": label, "p": p, "percent": f"{100 * p:.1f} %", "logit": signed(logit)} for label, p, logit in found],
        "softmax": _softmax_steps(one),
    }


def _softmax_steps(one: Sentiment) -> dict[str, Any]:
    """e to each logit, over their sum, in the model's own order. Far-off logits are first moved by their largest, which changes nothing."""
    shift = max(one.logits) if max(map(abs, one.logits)) > 50 else 0.0
    raised = [math.exp(logit - shift) for logit in one.logits]
    total = math.fsum(raised)
    moved = f" Each logit is lowered by {shift:.2f} first, which changes no share." if shift else ""
    return {
        "rows": [
            {"label": label, "logit": signed(logit, 3), "raised": f"{e:.4g}", "share": f"{e:.4g} ÷ {total:.4g}",
             "percent": f"{100 * e / total:.2f} %"}
            for label, logit, e in zip(one.labels, one.logits, raised, strict=True)
        ],
        "total": f"{total:.4g}",
        "sentence": f"probability = e^logit ÷ sum of all e^logit.{moved}{_odds_sentence(one)}",
    }  # fmt: skip


def _odds_sentence(one: Sentiment) -> str:
    """Two labels: only the difference of the logits counts."""
    if len(one.logits) != 2:
        return ""
    gap = max(one.logits) - min(one.logits)
    chance = 100 / (1 + math.exp(-gap))
    return f" With two labels only the difference of the logits counts: 1 ÷ (1 + e^{signed(-gap)}) = {chance:.2f} % {one.label}."


def sentiment_sentence(made: Sequence[Sentiment]) -> str:
    """What came out, and which text the model is least sure of."""
    if len(made) == 1:
        one = made[0]
        gap = max(one.logits) - sorted(one.logits)[-2] if len(one.logits) > 1 else 0.0
        return (
            f"The logits are {gap:.2f} apart, which softmax turns into {100 * max(one.probabilities):.1f} % {one.label}. "
            "Change a word and run it again."
        )
    counts = ", ".join(f"{number} {label}" for label, number in Counter(one.label for one in made).most_common())
    unsure = min(range(len(made)), key=lambda i: max(made[i].probabilities))
    sure = 100 * max(made[unsure].probabilities)
    return f"{len(made)} texts: {counts}. The model is least sure of text {unsure + 1} ({sure:.1f} % {made[unsure].label})."
