"""The one colour a label has, in every picture of the room: negative is orange and positive blue. Knows no model."""

from collections.abc import Sequence

from playground.tasks.sentiment.sentiment import NEGATIVE, POSITIVE, UNREADABLE

# The names are base.css's: a bar's data-colour, "" being its fill of all rooms. Plotly wants the colours themselves.
HEX = {"": "#2563eb", "second": "#b45309", "third": "#0f766e", "none": "#6b7280"}


def colour_of(label: str, labels: Sequence[str]) -> str:
    """ "" (blue) for positive, "second" (orange) for negative, "third" for neutral, "none" for a text that cannot be read.

    Of two labels with other names the first is orange, as in every model of two that has them the other way round.
    """
    known = {POSITIVE: "", NEGATIVE: "second", UNREADABLE: "none"}
    if label in known:
        return known[label]
    if len(labels) == 2 and not set(labels) & set(known):
        return "second" if label == labels[0] else ""
    return "third"


def hex_of(label: str, labels: Sequence[str]) -> str:
    """The same for a figure."""
    return HEX[colour_of(label, labels)]
