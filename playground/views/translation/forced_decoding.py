"""A translation reread -> what `web/translation/alignment.js` draws, and what the API returns. Knows no model."""

import math
from typing import TypedDict

import numpy as np

from playground.tasks.attention.packing import word_numbers
from playground.tasks.precision import unpacked
from playground.tasks.translation.forced_decoding import ForcedDecoding, target_words, word_alignment, word_texts
from playground.tasks.translation.translation import Translation
from playground.views.text import in_quotes, isolated, percent, visible
from playground.views.translation.translation import Candidate, Copied, candidates_of, copied_of
from playground.views.wire import Coded, packed

STEPS = 255
SURE = 90
END = "⟨end⟩"


class Alternative(TypedDict):
    """A token the model might have written: `probability` = exp(`logit` − log Σ exp(logits))."""

    text: str
    id: int
    logit: float
    probability: float


class WrittenToken(TypedDict):
    """`rank`: 0 where it was the likeliest; `forced`: it was given, not chosen; `alternatives` fall by logit."""

    text: str
    id: int
    logit: float
    probability: float
    rank: int
    forced: bool
    alternatives: list[Alternative]


class ExplainedTranslation(TypedDict):
    """`alignment[i][j]`: weight of written word i to read word j, the mean over the heads of `layer`; rows sum to 1.

    `unknown`, `warnings` and `copied` as /translate gives them.
    """

    translation: str
    candidates: list[Candidate]
    tokens: list[WrittenToken]
    read_words: list[str]
    written_words: list[str]
    alignment: list[list[float]]
    layer: int
    layer_chosen: str
    unknown: list[str]
    warnings: list[str]
    copied: list[Copied]


def explained_translation(made: ForcedDecoding, of: Translation) -> ExplainedTranslation:
    words = word_numbers(made.read)
    aligned = word_alignment(made, made.layer, None, words)
    return {
        "translation": made.translation, "candidates": candidates_of(of), "tokens": [_token(made, i) for i in range(len(made.ids))],
        "read_words": list(word_texts(made.read, words)), "written_words": list(word_texts(made.written, target_words(made.written))),
        "alignment": aligned.astype(float).round(5).tolist(), "layer": made.layer, "layer_chosen": made.why,
        "unknown": list(of.unknown), "warnings": list(of.warnings), "copied": copied_of(of),
    }  # fmt: skip


def _token(made: ForcedDecoding, i: int) -> WrittenToken:
    logits, p = made.alternative_logits[i], np.exp(made.alternative_logits[i] - made.log_totals[i])
    rows = zip(made.alternatives[i], made.alternative_ids[i].tolist(), logits.tolist(), p.tolist(), strict=True)
    return {
        "text": made.written.labels[i], "id": made.ids[i], "logit": float(made.logits[i]),
        "probability": float(np.exp(made.log_probabilities[i])), "rank": int(made.ranks[i]), "forced": i < made.forced,
        "alternatives": [{"text": text, "id": token, "logit": logit, "probability": share} for text, token, logit, share in rows],
    }  # fmt: skip


class WrittenChip(TypedDict):
    text: str
    p: float
    said: str
    logit: float
    forced: bool
    rank: int


class LabLink(TypedDict):
    """What the attention lab reads to show the same."""

    text: str
    model: str
    target: str


class AlignmentView(TypedDict):
    """`arrays`: `weights` of all heads (layers, heads, written, read). `read_words`, `written_words`: the number of each token's word."""

    arrays: str
    layers: int
    heads: int
    written: int
    read: int
    layer: int
    why: str
    read_words: list[int]
    written_words: list[int]
    read_labels: list[str]
    written_labels: list[str]
    read_special: list[bool]
    written_special: list[bool]
    ids: list[int]
    tokens: list[WrittenChip]
    alternatives: list[list[str]]
    alternative_ids: list[list[int]]
    alternative_logits: list[list[float]]
    log_totals: list[float]
    lab: LabLink


def alignment_view(made: ForcedDecoding) -> AlignmentView:
    """All heads as `weights` uint8 in steps of 1/255 (layers, heads, written, read) in `arrays`; words and alternatives as lists."""
    layers, heads, written, read = made.weights.shape
    coarse = np.rint(unpacked(made.weights) * STEPS)
    words, own = word_numbers(made.read), target_words(made.written)
    p = np.exp(made.log_probabilities)
    return {
        "arrays": packed({"weights": Coded(coarse.astype(np.uint8), STEPS)}),
        "layers": layers, "heads": heads, "written": written, "read": read, "layer": made.layer, "why": made.why,
        "read_words": words, "written_words": own,
        "read_labels": [END if text == "</s>" else visible(text) for text in word_texts(made.read, words)],
        "written_labels": [visible(text) for text in word_texts(made.written, own)],
        "read_special": _special(words, made.read.special), "written_special": _special(own, made.written.special),
        "ids": list(made.ids), "tokens": [_chip(made, i, float(p[i])) for i in range(written)],
        "alternatives": [[visible(text) for text in row] for row in made.alternatives],
        "alternative_ids": made.alternative_ids.tolist(), "alternative_logits": made.alternative_logits.astype(float).tolist(),
        "log_totals": made.log_totals.astype(float).tolist(),
        "lab": {"text": made.text, "model": made.model, "target": made.translation},
    }  # fmt: skip


def _chip(made: ForcedDecoding, i: int, p: float) -> WrittenChip:
    rank = int(made.ranks[i])
    place = "the likeliest" if rank == 0 else f"number {rank + 1} by likelihood"
    forced = ", forced" if i < made.forced else ""
    text = visible(made.written.labels[i])
    return {"text": text, "p": p, "said": f"{isolated(text)}: {percent(p)}, {place}{forced}", "logit": float(made.logits[i]),
            "forced": i < made.forced, "rank": rank}  # fmt: skip


def _special(words: list[int], special: tuple[bool, ...]) -> list[bool]:
    found = [False] * (max(words, default=-1) + 1)
    for word, one in zip(words, special, strict=True):
        found[word] |= one
    return found


def alignment_sentence(made: ForcedDecoding) -> str:
    """The token the model was least sure of, which is where to look first."""
    p = np.exp(made.log_probabilities)
    free = [i for i in range(made.forced, len(p)) if not made.written.special[i]]
    if not free:
        return ""
    worst = min(free, key=lambda i: float(p[i]))
    word, share = visible(made.written.labels[worst].strip() or made.written.labels[worst]), float(p[worst])
    if share > SURE / 100:
        return f"It was sure of every token (at least {math.floor(100 * share)} %). Choose one below to see what else it weighed."
    return f"It was least sure of {in_quotes(word)} ({percent(share, 0)}): choose it below to see what else it weighed."
