"""A translation -> the candidates that `web/translation.js` draws, a sentence, and what the API returns."""

import math
from typing import Any, TypedDict

from playground.catalog import find_model
from playground.tasks.translation import Translation


class Candidate(TypedDict):
    """`score`: mean log-probability of the candidate's tokens (natural log), at most 0."""

    text: str
    score: float


class Translated(TypedDict):
    """`candidates` fall by score; the first is the translation."""

    translation: str
    candidates: list[Candidate]


def translated(made: Translation) -> Translated:
    return {"translation": made.translation, "candidates": [{"text": c.text, "score": c.score} for c in made.candidates]}


def translation_view(made: Translation) -> dict[str, Any]:
    """Each candidate with its score as the geometric mean probability of a token, which people can read as a share."""
    rows = [(c.text, math.exp(c.score), f"{100 * math.exp(c.score):.0f} % a token", f"{c.score:.3f}") for c in made.candidates]
    return {
        "rows": [{"text": text, "p": p, "percent": percent, "score": score} for text, p, percent, score in rows],
        "figures": [
            ("source", f"{made.source_tokens:,} tokens"),
            ("translation", f"{made.target_tokens:,} tokens"),
            ("model", f"{find_model(made.model).name}, from {made.source}"),
        ],
    }


def translation_sentence(made: Translation) -> str:
    if len(made.candidates) == 1:
        return "With one beam the model takes its likeliest token at each step. Raise the beams to see the runners-up."
    first, second = (math.exp(c.score) for c in made.candidates[:2])
    if first / max(second, 1e-9) < 1.15:
        return "The first two candidates are nearly as likely as each other: read what they change, often the form of address or a tense."
    return "The first candidate is clearly ahead. Below it, see what the model would have said otherwise."
