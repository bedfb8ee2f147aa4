"""Attributions of one text -> what `web/sentiment/attribution.js` draws: shaded words and tokens, their sum, where methods disagree."""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from playground.tasks.ranks import rank_correlation
from playground.tasks.sentiment.attribution import Attribution, probability_of
from playground.tasks.words import words_at, words_of
from playground.views.sentiment.colours import colour_of
from playground.views.text import counted, in_quotes, isolated, percent, signed, visible

HONEST = (
    "Neither is the whole reason: occlusion asks what happens without one word, integrated gradients follow the model from a text of "
    "nothing but the filler to this one. They are two questions to one model, and words that only work together are told apart by neither."
)
MOST_ROWS = 8
UNEVEN = 0.8  # from there on a baseline is said to lean


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


class Unit(TypedDict):
    """One word or token: `score` in log-odds; `signed` a share of the largest, above 0 for orange.

    `word`: the number of its word, −1 for none. `joined`: it goes on where the one before ended; `newline`: a line break follows.
    """

    text: str
    score: float
    shown: str
    signed: float
    word: int
    joined: bool
    said: str
    newline: NotRequired[bool]


class Method(TypedDict):
    """By unit, “word” and “token”: the units, what both ends of the scale mean (blue, orange), how the numbers add up, and a sentence."""

    name: str
    units: dict[str, list[Unit]]
    ends: dict[str, list[str]]
    figures: dict[str, list[tuple[str, str]]]
    sentence: dict[str, str]


class AgreementRow(TypedDict):
    """`shares` of the largest score, −1 to 1, by method."""

    word: str
    shares: list[float]
    scores: list[str]


class Agreement(TypedDict):
    sentence: str
    rows: list[AgreementRow]


class AttributionView(TypedDict):
    """`colours`: that of what speaks “for” the label, and “against” it; `run` tells two runs apart where the panel says it."""

    text: str
    model: str
    label: str
    colours: dict[str, str]
    methods: list[Method]
    agreement: Agreement | None
    run: NotRequired[str]


def explanation(made: Attribution) -> Explanation:
    """What the API returns."""
    return {
        "label": made.label, "probability": made.probabilities[made.labels.index(made.label)], "log_odds": made.log_odds,
        "baseline": made.base, "gap": made.gap, "method": made.method, "unit": made.unit, "filler": made.filler, "steps": made.steps,
        "units": [{"text": made.text[s:e], "start": s, "end": e, "score": v} for s, e, v in _rows(made)],
    }  # fmt: skip


def _rows(made: Attribution) -> list[tuple[int, int, float]]:
    return list(zip(made.starts.tolist(), made.ends.tolist(), made.scores.tolist(), strict=True))


def attribution_view(made: Sequence[Attribution]) -> AttributionView:
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
        "colours": {"for": "blue" if _blue(first) else "orange", "against": "orange" if _blue(first) else "blue"},
        "methods": [_method(method, {unit: one for (name, unit), one in by.items() if name == method}) for method in methods],
        "agreement": _agreement(words["occlusion"], words["integrated gradients"]) if len(words) == 2 else None,
    }


def _method(name: str, units: dict[str, Attribution]) -> Method:
    return {
        "name": name,
        "units": {unit: _items(one) for unit, one in units.items()},
        "ends": {unit: _ends(one) for unit, one in units.items()},
        "figures": {unit: _figures(one) for unit, one in units.items()},
        "sentence": {unit: _sum_sentence(one) for unit, one in units.items()},
    }


def _blue(made: Attribution) -> bool:
    """Whether what speaks for the label is blue: positive is blue and negative orange, here as on the cards."""
    return colour_of(made.label, made.labels) == ""


def _ends(made: Attribution) -> list[str]:
    """What the blue end of the scale means, and the orange one."""
    most = f"{np.abs(made.scores).max(initial=0):.2f}"
    ends = [f"−{most} log-odds, away from {made.label}", f"+{most}, towards {made.label}"]
    return ends[::-1] if _blue(made) else ends


def _items(made: Attribution) -> list[Unit]:
    """One item a unit: what is shown, its score as text, `signed` as a share of the largest, above 0 for orange, and its word's number."""
    most = (float(np.abs(made.scores).max(initial=0)) or 1.0) * (-1 if _blue(made) else 1)
    spans = words_of(made.text)
    words = words_at(spans, made.starts.tolist(), made.ends.tolist())
    shown: list[Unit] = []
    last = 0
    for (start, end, score), word in zip(_rows(made), words, strict=True):
        label = visible(made.text[start:end]) or "∅"
        way = "towards" if score >= 0 else "away from"
        if shown and "\n" in made.text[last:start]:
            shown[-1]["newline"] = True
        shown.append(
            {"text": label, "score": round(score, 4), "shown": signed(score), "signed": round(score / most, 4), "word": word,
             "joined": start == last and start > 0, "said": f"{isolated(label)}: {signed(score)} log-odds, {way} {made.label}"}
        )  # fmt: skip
        last = end
    return shown


def _figures(made: Attribution) -> list[tuple[str, str]]:
    """How the numbers add up: the baseline, the sum, the gap, the whole."""
    filled = f"every {made.unit} {made.filler}" if made.filler else f"no {made.unit}s at all"
    return [
        (f"Baseline, {filled}", f"{signed(made.base)} ({percent(probability_of(made.base))} {made.label})"),
        ("+ sum of all scores", signed(float(made.scores.sum()))),
        ("+ gap", signed(made.gap, 3)),
        ("= the text", f"{signed(made.log_odds)} ({percent(probability_of(made.log_odds))} {made.label})"),
    ]


def _sum_sentence(made: Attribution) -> str:
    if made.method == "occlusion":
        put = f"replaced by {made.filler}" if made.filler else "taken out"
        why = f": {made.unit}s stand in for one another or only work together" if _noticed(made) else ", so hardly at all here"
        return (
            f"Occlusion: each score is what the log-odds of {made.label} lose when this one {made.unit} is {put}. It does not promise to "
            f"add up. The sum misses the text’s difference from its baseline by {abs(made.gap):.2f}{_of_difference(made)}{why}."
        )
    more = " More steps close the gap." if _noticed(made) else ""
    return (
        f"Integrated gradients: the mean gradient over {made.steps} steps from the baseline to the text, times (input − baseline). Exact "
        f"ones add up to the difference of the log-odds (completeness); these miss it by {abs(made.gap):.4f}{_of_difference(made)}.{more}"
        f"{_baseline_sentence(made)}"
    )


def _noticed(made: Attribution) -> bool:
    return abs(made.gap) > 0.01 * abs(made.log_odds - made.base)


def _of_difference(made: Attribution) -> str:
    """A gap as a share of the difference that was to be explained; over all of it a share would say nothing."""
    difference = abs(made.log_odds - made.base)
    if abs(made.gap) > difference:
        return f", more than that difference itself ({difference:.2f})"
    return f" ({percent(abs(made.gap) / difference)} of it)" if difference > 1e-9 else ""


def _baseline_sentence(made: Attribution) -> str:
    """That the text of nothing but fillers is not between the labels, where it is not: it is what the scores are counted from."""
    p = probability_of(made.base)
    if UNEVEN > p > 1 - UNEVEN:
        return ""
    other = next((label for label in made.labels if label != made.label), "")
    says = f"{percent(p)} {made.label}" if p > 0.5 or len(made.labels) != 2 else f"{percent(1 - p)} {other}"
    return f" The baseline is not between the labels: of {made.filler} alone the model says {says}, and the scores are the way from there."


def _agreement(one: Attribution, other: Attribution) -> Agreement:
    """Where the two methods rank words alike and where not, and the strongest words of either."""
    agree, apart = rank_correlation(one.scores, other.scores), _furthest(one, other)
    if len(one.scores) < 3:
        counted_ = f"With {counted(len(one.scores), 'word')} there is no ranking to compare. {HONEST}"
        return {"sentence": counted_, "rows": _rows_of(one, other)}
    said = "agree well" if agree >= 0.6 else "agree somewhat" if agree >= 0.3 else "agree little" if agree > -0.1 else "disagree"
    where = (
        f" They differ most on {in_quotes(_word(one, apart))}: occlusion {signed(one.scores[apart])}, integrated gradients "
        f"{signed(other.scores[apart])}."
        if apart is not None else ""
    )  # fmt: skip
    return {
        "sentence": f"On these {len(one.scores)} words the methods {said} (rank correlation {signed(agree)}, Spearman).{where} {HONEST}",
        "rows": _rows_of(one, other),
    }


def _rows_of(one: Attribution, other: Attribution) -> list[AgreementRow]:
    """The strongest words of either method, `shares` of each method's largest score; the page sorts them by the method it draws."""
    most = [np.abs(_shares(made)) for made in (one, other)]
    order = np.argsort(-np.maximum(*most), kind="stable")[:MOST_ROWS].tolist()
    return [{"word": _word(one, i), "scores": [signed(made.scores[i]) for made in (one, other)],
             "shares": [float(_shares(made)[i]) for made in (one, other)]} for i in order]  # fmt: skip


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
    chance = first.probabilities[first.labels.index(first.label)]
    said = f"{percent(chance)} {first.label}: log-odds {signed(first.log_odds)}."
    if not len(first.scores):
        return f"{said} The model sees no token of this text."
    best, worst = int(first.scores.argmax()), int(first.scores.argmin())
    up, down = (round(float(first.scores[i]), 2) for i in (best, worst))
    most = f"{in_quotes(_word(first, best))} speaks most for it ({signed(up)})" if up > 0 else "no word speaks for it"
    least = f"{in_quotes(_word(first, worst))} most against it ({signed(down)})" if down < 0 else "no word speaks against it"
    return f"{said} By {first.method}, {most}; {least}. Click words to take them out."
