"""Sentiments -> the rows that `web/sentiment/sentiment.js` draws, the sentence above them, and what the API returns."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NotRequired, TypedDict

from playground.catalog import find_model
from playground.tasks.sentiment.sentiment import NEGATIVE, POSITIVE, Sentiment
from playground.views.sentiment.calibration import Calibration, calibration
from playground.views.sentiment.colours import colour_of
from playground.views.text import percent, signed
from playground.views.unread import MOSTLY, unread_sentence


class SentimentScores(TypedDict):
    """`scores`: probability of each label, from the model's logits by softmax; they sum to 1.

    `verdict`: the likeliest label, or “unreadable” with the `reason`, a sentence; `label` is null then, else the verdict.
    `unread`: the share of the text's tokens that came out as [UNK].
    """

    label: str | None
    scores: dict[str, float]
    verdict: str
    reason: str
    unread: float


class LabelScore(TypedDict):
    """`p` from 0 to 1; `colour` is a name of base.css's, "" for the first."""

    label: str
    p: float
    percent: str
    logit: str
    colour: str


class SoftmaxRow(TypedDict):
    label: str
    logit: str
    raised: str
    share: str
    percent: str


class SoftmaxSteps(TypedDict):
    rows: list[SoftmaxRow]
    total: str
    sentence: str


class SentimentRow(TypedDict):
    """`scores` likeliest first; `softmax` in the model's own order."""

    text: str
    label: str
    reason: str
    unread: str
    tokens: int
    scores: list[LabelScore]
    softmax: SoftmaxSteps


class SentimentView(TypedDict):
    """Without texts there are no rows, and nothing else."""

    rows: list[SentimentRow]
    model: NotRequired[str]
    slug: NotRequired[str]
    calibration: NotRequired[Calibration]


def sentiment_scores(made: Sentiment) -> SentimentScores:
    scores = dict(zip(made.labels, made.probabilities, strict=True))
    return {"label": made.label, "scores": scores, "verdict": made.verdict, "reason": made.reason, "unread": made.unread.share}


def sentiment_view(made: Sequence[Sentiment]) -> SentimentView:
    """One row a text: its label, (label, probability, logit) of every label, likeliest first, and softmax step by step."""
    if not made:
        return {"rows": []}
    card = find_model(made[0].model)
    return {"rows": [_row(one) for one in made], "model": f"{card.name}, from {made[0].source}", "slug": card.slug,
            "calibration": calibration(card.slug)}  # fmt: skip


def _row(one: Sentiment) -> SentimentRow:
    return {
        "text": one.text,
        "label": one.verdict,
        "reason": one.reason,
        "unread": unread_sentence(one.unread),
        "tokens": one.tokens,
        "scores": label_scores(one),
        "softmax": _softmax_steps(one),
    }


def label_scores(one: Sentiment) -> list[LabelScore]:
    """Every label with its probability and logit, likeliest first."""
    found = sorted(zip(one.labels, one.probabilities, one.logits, strict=True), key=lambda item: -item[1])
    return [
        {"label": label, "p": p, "percent": percent(p), "logit": signed(logit), "colour": colour_of(label, one.labels)}
        for label, p, logit in found
    ]


def _softmax_steps(one: Sentiment) -> SoftmaxSteps:
    """e to each logit, over their sum, in the model's own order. Far-off logits are first moved by their largest, which changes nothing."""
    shift = max(one.logits) if max(map(abs, one.logits)) > 50 else 0.0
    raised = [math.exp(logit - shift) for logit in one.logits]
    total = math.fsum(raised)
    moved = f" Each logit is lowered by {shift:.2f} first, which changes no share." if shift else ""
    return {
        "rows": [
            {"label": label, "logit": signed(logit, 3), "raised": f"{e:.4g}", "share": f"{e:.4g} ÷ {total:.4g}",
             "percent": percent(e / total, 2)}
            for label, logit, e in zip(one.labels, one.logits, raised, strict=True)
        ],
        "total": f"{total:.4g}",
        "sentence": f"probability = e^logit ÷ sum of all e^logit.{moved}{_odds_sentence(one)}",
    }  # fmt: skip


def _odds_sentence(one: Sentiment) -> str:
    """Two labels, or positive against negative among more: only the difference of the two logits counts."""
    pair: tuple[float, ...]
    if len(one.logits) == 2:
        pair, which = tuple(one.logits), "With two labels"
    elif one.positive is not None:
        pair, which = tuple(one.logits[one.labels.index(name)] for name in (NEGATIVE, POSITIVE)), "Between negative and positive alone"
    else:
        return ""
    gap = max(pair) - min(pair)
    chance = 1 / (1 + math.exp(-gap))
    name = one.labels[one.logits.index(max(pair))]
    return f" {which} only the difference of the logits counts: 1 ÷ (1 + e^{signed(-gap)}) = {percent(chance, 2)} {name}."


def sentiment_sentence(made: Sequence[Sentiment]) -> str:
    """What came out, and which text the model is least sure of."""
    if len(made) == 1:
        one = made[0]
        if one.reason:
            return f"This text gets no label. {one.reason} The bars show what the model computes all the same."
        gap = max(one.logits) - sorted(one.logits)[-2] if len(one.logits) > 1 else 0.0
        said = f"The logits are {gap:.2f} apart, which softmax turns into {percent(max(one.probabilities))} {one.verdict}."
        return f"{said} {unread_sentence(one.unread) or 'Change a word and run it again.'}"
    counts = ", ".join(f"{number} {label}" for label, number in Counter(one.verdict for one in made).most_common())
    said = f"{len(made)} texts: {counts}."
    read = [i for i in range(len(made)) if not made[i].reason]
    if not read:
        return said
    unsure = min(read, key=lambda i: max(made[i].probabilities))
    sure = max(made[unsure].probabilities)
    blind = [str(i + 1) for i in read if made[i].unread.share >= MOSTLY]
    unread = f" Of text {', '.join(blind)} it could read half or less." if blind else ""
    return f"{said} The model is least sure of text {unsure + 1} ({percent(sure)} {made[unsure].verdict}).{unread}"
