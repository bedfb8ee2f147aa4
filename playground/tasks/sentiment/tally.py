"""Many classified texts counted: labels, accuracy and confusion against given labels, the errors worth reading. Knows no model."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from playground.tasks.sentiment.sentiment import NEGATIVE, POSITIVE, Sentiment

WORDS = {
    "pos": "positive", "p": "positive", "good": "positive", "true": "positive", "yes": "positive", "+": "positive",
    "neg": "negative", "n": "negative", "bad": "negative", "false": "negative", "no": "negative", "-": "negative",
    "neu": "neutral",
}  # fmt: skip
# What numbers mean is told by all of a column: 0/1, −1/1, 0/4 (Sentiment140), 1/2 (Yelp and Amazon polarity). Stars are none of these.
NUMBERS: tuple[dict[float, str], ...] = (
    {0: "negative", 1: "positive"}, {-1: "negative", 0: "neutral", 1: "positive"}, {0: "negative", 2: "neutral", 4: "positive"},
    {1: "negative", 2: "positive"},
)  # fmt: skip


class Pace(NamedTuple):
    """`lines` worked through in `seconds`: 0 and 0 where nothing was, since every answer came from memory."""

    lines: int
    seconds: float


@dataclass(frozen=True)
class Verdict:
    """One text of row `row` (from 1) and what the model says; `given` is the label it came with, as one of the model's, "" if none.

    `cut`: characters left out before the model read it; `made.left_out` are tokens past the model's window.
    """

    row: int
    text: str
    written: str
    given: str
    made: Sentiment
    cut: int = 0

    @property
    def wrong(self) -> bool:
        """Not the label it came with; a text that cannot be read is wrong unless the file says so too."""
        return bool(self.given) and self.given != self.made.verdict

    @property
    def confidence(self) -> float:
        return max(self.made.probabilities)


def label_names(written: Iterable[str], labels: Sequence[str]) -> dict[str, str]:
    """What each label of a file is among the model's own: by name, as pos/neg, or as numbers; "" where it is none of them."""
    values = dict.fromkeys(written)
    numbers = {value: number for value in values if (number := _number(value)) is not None}
    meant = next((known for known in NUMBERS if set(numbers.values()) <= set(known)), {})
    found = {}
    for value in values:
        name = value.strip().lower()
        name = meant.get(numbers[value], "") if value in numbers else WORDS.get(name, name)
        found[value] = name if name in labels else ""
    return found


def _number(text: str) -> float | None:
    try:
        return float(text.strip().replace("−", "-"))
    except ValueError:
        return None


@dataclass(frozen=True)
class Tally:
    """Counts over verdicts. `confusion[given][said]`; `marked` verdicts came with a label, `right` of them were met.

    `sided` of these came as positive or negative, and `sided_right` were met by the likelier of these two labels alone: what a
    model of two labels would be counted by. `unread` texts, of all, could not be read; of `blind` others half or more came out as
    [UNK].
    """

    total: int
    counts: dict[str, int]
    confidence: float
    marked: int
    right: int
    confusion: dict[str, dict[str, int]]
    unknown: tuple[str, ...]
    cut: int
    sided: int = 0
    sided_right: int = 0
    unread: int = 0
    blind: int = 0


def tally(verdicts: Sequence[Verdict], labels: Sequence[str]) -> Tally:
    counts = Counter(one.made.verdict for one in verdicts)
    marked = [one for one in verdicts if one.given]
    sided = [one for one in marked if one.given in (NEGATIVE, POSITIVE)]
    confusion = {given: dict.fromkeys(labels, 0) for given in labels}
    for one in marked:
        confusion[one.given][one.made.verdict] += 1
    return Tally(
        len(verdicts), {label: counts[label] for label in labels}, _mean(one.confidence for one in verdicts), len(marked),
        sum(not one.wrong for one in marked), confusion,
        tuple(dict.fromkeys(one.written.strip() for one in verdicts if one.written.strip() and not one.given))[:5],
        sum(bool(one.cut or one.made.left_out) for one in verdicts), len(sided), sum(one.given == one.made.leaning for one in sided),
        sum(bool(one.made.reason) for one in verdicts), sum(not one.made.reason and one.made.unread.share >= 0.5 for one in verdicts),
    )  # fmt: skip


def _mean(values: Iterable[float]) -> float:
    held = list(values)
    return sum(held) / len(held) if held else 0.0


def errors(verdicts: Sequence[Verdict], most: int = 5) -> tuple[list[Verdict], list[Verdict]]:
    """The wrong ones the model was surest of, and those it was least sure of."""
    wrong = sorted((one for one in verdicts if one.wrong), key=lambda one: -one.confidence)
    return wrong[:most], wrong[most:][::-1][:most]
