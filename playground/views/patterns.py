"""Pattern scores of a run -> the head that has a pattern most, and a sentence about it. Knows no model."""

import numpy as np

from playground.tasks.heads import PATTERNS
from playground.tasks.packing import AttentionPack

NOTE = "A pattern says where a head looks, not why the model decides."


def pattern_choices() -> list[tuple[str, str]]:
    """(what the head does, the pattern's name) of every known pattern."""
    return [(pattern.words, pattern.name) for pattern in PATTERNS]


def best_head(pack: AttentionPack, name: str) -> tuple[int, int, float] | None:
    """(layer, head, score) of the head that scores highest; None for cross-attention, where patterns are not defined."""
    if not pack.scores.size:
        return None
    scores = pack.scores[:, :, [p.name for p in PATTERNS].index(name)]
    layer, head = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(layer), int(head), float(scores[layer, head])


def pattern_sentence(pack: AttentionPack, name: str) -> str:
    """What was found, whether it is enough to be called that, and how many heads are."""
    pattern, best = next(p for p in PATTERNS if p.name == name), best_head(pack, name)
    if best is None:
        return "Patterns are known for attention of a text to itself. Choose another kind."
    layer, head, score = best
    had = int((pack.scores[:, :, PATTERNS.index(pattern)] >= pattern.threshold).sum())
    if score < pattern.threshold:
        near = f"the nearest is layer {layer}, head {head}, {score:.2f} of the {pattern.threshold} needed"
        return f"On this text no head {pattern.words}: {near}."
    others = "no other head does" if had == 1 else f"{had} of {pack.scores[:, :, 0].size} heads do"
    return f"Layer {layer}, head {head} {pattern.words}: score {score:.2f}, from {pattern.threshold} on it counts; {others}. {NOTE}"

