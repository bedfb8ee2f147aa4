"""Two outcomes, and how far maps moved -> sentences on what a change did. Knows no model."""

from collections.abc import Sequence

from playground.tasks.attention.outcome import Outcome
from playground.tasks.changes import Changes
from playground.views.text import in_quotes, number, percent, two_precisions, visible

NAMES = {"next token": "Next token", "label": "Label", "translation": "Translation"}
SAME = 1e-4  # packed weights are good to four decimals (tasks/precision.py)
OTHERS = "The decoder now reads another translation, its own: its rows are other tokens than before."


def outcome_sentence(before: Outcome, after: Outcome) -> str:
    """What the model says before and after, with probabilities; the sentence vector's cosine for a bare encoder."""
    if before.kind == "vector":
        cosine = number(after.items[0][1], 3)
        return f"The sentence’s mean vector keeps a cosine of {cosine} with the unchanged one (1 is the same direction)."
    if before.kind == "none" or not before.items or not after.items:
        return "This model says nothing of its own here; compare the pictures."
    chances = dict(after.items)
    label = before.items[0][0]
    moved = f" {in_quotes(_word(label))} now has {percent(chances[label])}." if label in chances and label != after.items[0][0] else ""
    apart = "" if before.precision == before.writes_in else f" (Computed in {two_precisions(before.precision, before.writes_in)}.)"
    return f"{NAMES[before.kind]} before: {_listed(before)}. After: {_listed(after)}.{moved}{apart}"


def maps_sentence(moved: Sequence[float], kind: str, layer: int, changes: Changes) -> str:
    """Which layers' maps changed, and whether the one in view, `layer`, is among them.

    `moved[i]`: the largest change of a weight in layer i, in the mean over its heads; empty where the tokens are no longer the same.
    A block that is skipped, or a head that is off, works out its own map first: that one stays, and what comes after it moves.
    """
    if not moved:
        return OTHERS
    changed = [i for i, by in enumerate(moved) if by > SAME]
    here = ""
    if layer not in changed:
        why = ": it is worked out before its own output is left out" if layer in _own_layers(changes, kind) else ""
        here = f"The map in view, layer {layer}, is the same before and after{why}. "
    if not changed:
        return f"{here}No layer’s map of this kind changed."
    most = max(changed, key=lambda i: moved[i])
    onward = changed == list(range(changed[0], len(moved)))
    which = f"Maps changed from layer {changed[0]} on" if onward else f"Maps changed in {len(changed)} of {len(moved)} layers"
    return f"{here}{which}, most in layer {most}: a weight by {number(moved[most], 2 if moved[most] >= 0.01 else 4)} (mean of heads)."


def _own_layers(changes: Changes, kind: str) -> set[int]:
    blocks = {layer for of, layer in changes.blocks if of == ("masked" if kind == "cross" else kind)}
    return blocks | {layer for of, layer, _ in changes.heads if of == kind}


def _listed(outcome: Outcome) -> str:
    return ", ".join(f"{in_quotes(_word(label))} {percent(p)}" for label, p in outcome.items[:3])


def _word(label: str) -> str:
    return visible(label.strip() or label).replace("␣", " ")
