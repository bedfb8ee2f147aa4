"""Two outcomes -> a sentence on what a change did. Knows no model."""

from playground.tasks.attention.outcome import Outcome
from playground.views.text import two_precisions, visible

NAMES = {"next token": "Next token", "label": "Label", "translation": "Translation"}


def outcome_sentence(before: Outcome, after: Outcome) -> str:
    """What the model says before and after, with probabilities; the sentence vector's cosine for a bare encoder."""
    if before.kind == "vector":
        return f"The sentence’s mean vector keeps a cosine of {after.items[0][1]:.3f} with the unchanged one (1 is the same direction)."
    if before.kind == "none" or not before.items or not after.items:
        return "This model says nothing of its own here; compare the pictures."
    chances = dict(after.items)
    label = before.items[0][0]
    moved = f" “{_word(label)}” now has {chances[label]:.0%}." if label in chances and label != after.items[0][0] else ""
    apart = "" if before.precision == before.writes_in else f" (Computed in {two_precisions(before.precision, before.writes_in)}.)"
    return f"{NAMES[before.kind]} before: {_listed(before)}. After: {_listed(after)}.{moved}{apart}"


def _listed(outcome: Outcome) -> str:
    return ", ".join(f"“{_word(label)}” {p:.0%}" for label, p in outcome.items[:3])


def _word(label: str) -> str:
    return visible(label.strip() or label).replace("␣", " ")
