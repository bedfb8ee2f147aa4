"""Attributions of one text -> what `web/attribution.js` draws: shaded words and tokens, how far they add up, where methods disagree."""

from collections.abc import Sequence
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from playground.tasks.ranks import rank_correlation
from playground.tasks.sentiment.attribution import Attribution, probability_of
from playground.tasks.words import words_at, words_of
from playground.views.text import signed, visible

HONEST = (
    "Neither is the whole reason: occlusion asks what happens without one word, integrated gradients follow the model from a text of "
    "nothing but the filler to this one. They are two questions to one model, and words that only work together are told apart by neither."
)
MOST_ROWS = 8


class UnitScore(TypedDict):
    text: str
    start: int
    end: int
    score: float


class Explanation(TypedDict):
    """`units`: each word's or token's score in log-odds, above 0 towards `label`; `start`, `end` in code points of the text.

    `log_odds` of the whole text, `baseline` of the text with every unit replaced by `filler`, and `gap`, what the scores leave
    unexplained of their difference (0 for exact integrated gradients).
    """

    label: str
    probability: float
    log_odds: float
    baseline: float
    gap: float
    method: str
    unit: str
    filler: str
    steps: int
    units: list[UnitScore]


def explanation(made: Attribution) -> Explanation:
    """What the API returns."""
    return {
        "label": made.label, "probability": made.probabilities[made.labels.index(made.label)], "log_odds": made.log_odds,
        "baseline": made.base, "gap": made.gap, "method": made.method, "unit": made.unit, "filler": made.filler, "steps": made.steps,
        "units": [{"text": made.text[s:e], "start": s, "end": e, "score": v} for s, e, v in _rows(made)],
    }  # fmt: skip


def _rows(made: Attribution) -> list[tuple[int, int, float]]:
    return list(zip(made.starts.tolist(), made.ends.tolist(), made.scores.tolist(), strict=True))


def attribution_view(made: Sequence[Attribution]) -> dict[str, Any]:
    """`made`: attributions of one text and label, for each method by word and by token, in any order.

    Figures and sentence are each unit's own: tokens left out one by one do not add up to what words do.
    """
    first = made[0]
    methods = list(dict.fromkeys(one.method for one in made))
    by = {(one.method, one.unit): one for one in made}
    words = {method: by[method, "word"] for method in methods if (method, "word") in by}
    return {
        "text": first.text,
        "model": first.model,
        "label": first.label,
        "methods": [_method(method, {unit: one for (name, unit), one in by.items() if name == method}) for method in methods],
        "agreement": _agreement(words["occlusion"], words["integrated gradients"]) if len(words) == 2 else None,
    }


def _method(name: str, units: dict[str, Attribution]) -> dict[str, Any]:
    return {
        "name": name,
        "units": {unit: _items(one) for unit, one in units.items()},
        "most": {unit: f"{np.abs(one.scores).max(initial=0):.2f}" for unit, one in units.items()},
        "figures": {unit: _figures(one) for unit, one in units.items()},
        "sentence": {unit: _sum_sentence(one) for unit, one in units.items()},
    }


def _items(made: Attribution) -> list[dict[str, Any]]:
    """One item a unit: what is shown, its score as text and as a share of the largest, and the number of its word."""
    most = float(np.abs(made.scores).max(initial=0)) or 1.0
    spans = words_of(made.text)
    words = words_at(spans, made.starts.tolist(), made.ends.tolist())
    shown: list[dict[str, Any]] = []
    last = 0
    for (start, end, score), word in zip(_rows(made), words, strict=True):
        label = visible(made.text[start:end]) or "∅"
        way = "towards" if score >= 0 else "away from"
        if shown and "\n" in made.text[last:start]:
            shown[-1]["newline"] = True
        shown.append(
            {"text": label, "score": round(score, 4), "shown": signed(score), "signed": round(score / most, 4), "word": word,
             "joined": start == last and start > 0, "said": f"{label}: {signed(score)} log-odds, {way} {made.label}"}
        )  # fmt: skip
        last = end
    return shown


def _figures(made: Attribution) -> list[tuple[str, str]]:
    """How the numbers add up: the baseline, the sum, the gap, the whole."""
    filled = f"every {made.unit} {made.filler}" if made.filler else f"no {made.unit}s at all"
    return [
        (f"Baseline, {filled}", f"{signed(made.base)} ({100 * probability_of(made.base):.1f} % {made.label})"),
        ("+ sum of all scores", signed(float(made.scores.sum()))),
        ("+ gap", signed(made.gap, 3)),
        ("= the text", f"{signed(made.log_odds)} ({100 * probability_of(made.log_odds):.1f} % {made.label})"),
    ]


def _sum_sentence(made: Attribution) -> str:
    difference = made.log_odds - made.base
    share = f" ({100 * abs(made.gap / difference):.1f} % of it)" if abs(difference) > 1e-9 else ""
    if made.method == "occlusion":
        put = f"replaced by {made.filler}" if made.filler else "taken out"
        return (
            f"Occlusion: each score is what the log-odds of {made.label} lose when this one {made.unit} is {put}. It does not promise to "
            f"add up: the sum misses the text’s difference from its baseline by {abs(made.gap):.2f}{share}, because {made.unit}s stand in "
            "for one another or only work together."
        )
    return (
        f"Integrated gradients: the mean gradient over {made.steps} steps from the baseline to the text, times (input − baseline). Exact "
        "ones add up to the difference of the log-odds "
        f"(completeness); these miss it by {abs(made.gap):.4f}{share}. More steps close the gap."
    )


def _agreement(one: Attribution, other: Attribution) -> dict[str, Any]:
    """Where the two methods rank words alike and where not, and the strongest words of either."""
    agree, apart = rank_correlation(one.scores, other.scores), _furthest(one, other)
    said = "agree well" if agree >= 0.6 else "agree somewhat" if agree >= 0.3 else "agree little" if agree > -0.1 else "disagree"
    most = [np.abs(made.scores) / (float(np.abs(made.scores).max(initial=0)) or 1.0) for made in (one, other)]
    order = np.argsort(-np.maximum(*most), kind="stable")[:MOST_ROWS].tolist()
    where = (
        f" They differ most on “{_word(one, apart)}”: occlusion {signed(one.scores[apart])}, integrated gradients "
        f"{signed(other.scores[apart])}."
        if apart is not None else ""
    )  # fmt: skip
    return {
        "sentence": f"On these {len(one.scores)} words the methods {said} (rank correlation {signed(agree)}, Spearman).{where} {HONEST}",
        "rows": [{"word": _word(one, i), "scores": [signed(made.scores[i]) for made in (one, other)],
                  "shares": [float(made.scores[i] / (np.abs(made.scores).max() or 1.0)) for made in (one, other)]} for i in order],
    }  # fmt: skip


def _furthest(one: Attribution, other: Attribution) -> int | None:
    """The word whose shares of the largest score lie furthest apart."""
    if not len(one.scores):
        return None
    apart: NDArray[np.float64] = np.abs(_shares(one) - _shares(other))
    return int(apart.argmax()) if apart.max() > 0.05 else None


def _shares(made: Attribution) -> NDArray[np.float64]:
    return np.asarray(made.scores / (float(np.abs(made.scores).max(initial=0)) or 1.0))


def _word(made: Attribution, place: int) -> str:
    return visible(made.text[made.starts[place] : made.ends[place]])


def attribution_sentence(made: Sequence[Attribution]) -> str:
    """The label, its log-odds, and the word that speaks most for it and most against it."""
    first = next((one for one in made if one.unit == "word"), made[0])
    chance = 100 * first.probabilities[first.labels.index(first.label)]
    said = f"{chance:.1f} % {first.label}: log-odds {signed(first.log_odds)}."
    if not len(first.scores):
        return f"{said} The model sees no token of this text."
    best, worst = int(first.scores.argmax()), int(first.scores.argmin())
    if first.scores[best] > 0:
        said += f" By {first.method}, “{_word(first, best)}” speaks most for it ({signed(first.scores[best])})"
        against = first.scores[worst] < 0
        said += f", “{_word(first, worst)}” most against it ({signed(first.scores[worst])})." if against else "; no word speaks against it."
    return f"{said} Click words to take them out."
