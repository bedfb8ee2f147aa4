"""How far the probabilities of answers can be believed: their temperature, chosen on held-out rows, and what each threshold costs."""

from collections.abc import Sequence

import numpy as np

from playground.training import spans
from playground.training.questions import Row, exact, f1


def at_thresholds(
    answerable: Sequence[spans.Found], rows: Sequence[Row], negative: Sequence[spans.Found], thresholds: Sequence[float]
) -> list[list[float]]:
    """[threshold, F1 (per cent) of the answerable, share of them answered, share of the negatives refused] for each threshold."""
    f1s = [(f.doubt, f1(f.text, [a["text"] for a in row["answers"]])) for f, row in zip(answerable, rows, strict=True)]
    return [[at, round(100 * sum(v for d, v in f1s if d <= at) / len(f1s), 2), round(sum(d <= at for d, _ in f1s) / len(f1s), 4),
             round(sum(f.doubt > at for f in negative) / len(negative), 4)] for at in thresholds]  # fmt: skip


def forecasts(found: Sequence[spans.Found], rows: Sequence[Row], threshold: spans.Threshold) -> list[tuple[float, bool]]:
    """(the probability shown, whether it was right) of each row as served: an answer by exact match, "no answer" where there is none."""
    out = []
    for f, row in zip(found, rows, strict=True):
        wanted = [a["text"] for a in row["answers"]]
        out.append((f.none, not wanted) if threshold.refuses(f) else (f.score, exact(f.text, wanted) == 1))
    return out


def log_loss(forecast: Sequence[tuple[float, bool]]) -> float:
    """Mean -log of the probability given to what came true: least where probabilities are as often right as they say."""
    return float(np.mean([-np.log(min(max(p if right else 1 - p, 1e-6), 1.0)) for p, right in forecast]))


def choose_temperature(rows: Sequence[Row], made: Sequence[spans.Read], threshold: spans.Threshold) -> float:
    """The temperature (Guo et al. 2017) from 0.5 to 4, to 0.05, with the least expected calibration error of the answers served.

    Not the one with the least log loss, as in the paper: a span's probability is spread over its neighbours (cut wider or narrower)
    as temperature rises, and the log loss, ruled by the few rows that are wrong with confidence, overshoots.
    """
    tried = [round(0.05 * i, 2) for i in range(10, 81)]
    errors = {at: spans.scores([spans.found_of(one, at) for one in made], rows, threshold)["calibration_error"] for at in tried}
    return min(tried, key=lambda at: errors[at])
