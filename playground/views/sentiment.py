"""Sentiments -> the rows that `web/sentiment.js` draws, the sentence above them, and what the API returns."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, TypedDict

from playground.catalog import find_model
from playground.tasks.sentiment import Sentiment


class SentimentScores(TypedDict):
    """`scores`: probability of each label, from the model's logits by softmax; they sum to 1."""

    label: str
    scores: dict[str, float]


def sentiment_scores(made: Sentiment) -> SentimentScores:
    return {"label": made.label, "scores": dict(zip(made.labels, made.probabilities, strict=True))}


def sentiment_view(made: Sequence[Sentiment]) -> dict[str, Any]:
    """One row a text: its label, and (label, probability, logit) of every label, likeliest first."""
    return {"rows": [_row(one) for one in made], "model": f"{find_model(made[0].model).name}, from {made[0].source}" if made else ""}


def _row(one: Sentiment) -> dict[str, Any]:
    found = sorted(zip(one.labels, one.probabilities, one.logits, strict=True), key=lambda item: -item[1])
    return {
        "text": one.text,
        "label": one.label,
        "tokens": one.tokens,
        "scores": [{"label": label, "p": p, "percent": f"{100 * p:.1f} %", "logit": f"{logit:+.2f}"} for label, p, logit in found],
    }


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
