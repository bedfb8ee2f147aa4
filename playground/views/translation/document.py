"""A text translated sentence by sentence -> what `web/translation/document.js` draws, the note under it, and what the API returns."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NotRequired, TypedDict

from playground.errors import BadInput
from playground.tasks.translation.document import Document, DocumentRequest
from playground.tasks.translation.translation import TranslationRequest
from playground.views.status import Note, note
from playground.views.translation.translation import (
    LOST,
    Candidate,
    Copied,
    candidates_of,
    copied_of,
    translation_sentence,
    unknown_sentence,
)

MOST = 4_000_000


class TranslatedSentence(TypedDict):
    """`start`: where `text` begins in the text sent, in code points; `candidates` fall by score, the first is the translation.

    `unknown`: parts the model cannot read; `warnings`: what to know before it is believed; `copied`: what went around the model.
    """

    text: str
    start: int
    translation: str
    candidates: list[Candidate]
    unknown: list[str]
    warnings: list[str]
    copied: list[Copied]


class Translated(TypedDict):
    """`candidates` are those of a text of one sentence, else empty; `done` of `total` sentences are translated so far.

    `unknown` and `warnings` are those of all sentences, each once.
    """

    translation: str
    candidates: list[Candidate]
    sentences: list[TranslatedSentence]
    done: int
    total: int
    unknown: list[str]
    warnings: list[str]


class DocumentPart(TypedDict):
    """A sentence, or what lies between two (`sentence` 0, and no more keys); `p` is a token's mean probability, 0 while not `done`."""

    text: str
    sentence: int
    source: NotRequired[str]
    done: NotRequired[bool]
    p: NotRequired[float]


class DocumentView(TypedDict):
    """`parts`: DocumentPart[] as one JSON string; `chosen`: the sentence shown below, 0 for none; `alone`: there is one, and no more.

    `stopped` where the panel says so.
    """

    parts: str
    done: int
    total: int
    chosen: int
    alone: bool
    model: str
    beams: int
    stopped: NotRequired[bool]


def translated(made: Document) -> Translated:
    sentences, start = list[TranslatedSentence](), 0
    for passage, one in zip(made.passages, made.made, strict=True):
        if one is not None:
            sentences.append({"text": passage.text, "start": start, "translation": one.translation, "candidates": candidates_of(one),
                              "unknown": list(one.unknown), "warnings": list(one.warnings), "copied": copied_of(one)})  # fmt: skip
        start += len(passage.text)
    alone = sentences[0]["candidates"] if made.total == 1 and sentences else []
    unknown, warnings = _once(made, "unknown"), _once(made, "warnings")
    return {"translation": made.translation, "candidates": alone, "sentences": sentences, "done": made.done, "total": made.total,
            "unknown": unknown, "warnings": warnings}  # fmt: skip


def _once(made: Document, field: str) -> list[str]:
    """What the sentences' `field` holds, each entry once, in order."""
    return list(dict.fromkeys(part for one in made.made if one is not None for part in getattr(one, field)))


def document_view(made: Document, request: DocumentRequest) -> DocumentView:
    """The whole text in parts: `sentence` counts from 1, 0 is what was kept; a sentence not done yet is still in its own language.

    `parts` travel as one JSON string: Gradio compares and wraps every object of a value, and with hundreds of them the page is too
    busy to take a Stop.
    """
    parts, number = list[DocumentPart](), 0
    for passage, one in zip(made.passages, made.made, strict=True):
        number += passage.sentence
        if not passage.sentence:
            parts.append({"text": passage.text, "sentence": 0})
            continue
        p = 0.0 if one is None else math.exp(one.candidates[0].score)
        text = passage.text if one is None else one.translation
        parts.append({"text": text, "sentence": number, "source": passage.text, "done": one is not None, "p": p})
    alone = made.total == 1 and len(parts) == 1
    return {"parts": _packed(parts), "done": made.done, "total": made.total, "chosen": 0, "alone": alone, "model": request.model,
            "beams": request.beams}  # fmt: skip


def document_note(made: Document) -> Note:
    """How far it is, or at the end what to look for."""
    if not made.finished:
        return {"text": f"Sentence {made.done + 1} of {made.total}…", "done": made.done, "total": made.total, "tone": "busy"}
    if not made.total:
        return note("There is not one letter in this text, so nothing was translated: it is kept as it is.")
    first = next(one for one in made.made if one is not None)
    if made.total == 1:
        return note(translation_sentence(first))
    spelled = tuple(dict.fromkeys(part for one in made.made if one is not None and not one.copied for part in one.unknown))
    cut = f"Over the model’s window, so translated in parts: {made.parted}." if made.parted else ""
    told = (
        f"{made.total} sentences, each by itself: the model sees nothing of the others. Pale ones it was less sure of. "
        "Choose one to see its work."
    )
    return note(" ".join(part for part in (*_once(made, "warnings"), told, cut, unknown_sentence(spelled)) if part))


def sentence_request(value: Any, number: int) -> TranslationRequest:
    """The request for sentence `number` (from 1; 0 is the first) of a shown document. Raises BadInput where there is none."""
    number = number or 1
    part = next((p for p in read_parts(value) if p.get("sentence") == number), None)
    if part is None:
        raise BadInput(LOST)
    request = TranslationRequest(part.get("source", ""), value.get("model", ""), value.get("beams", 0))
    request.check()
    return request


def sentences_in(value: Any) -> int:
    """How many sentences a shown document has, as the page says; 1 where it says nothing."""
    total = value.get("total") if isinstance(value, dict) else None
    return total if isinstance(total, int) else 1


def with_sentence(value: Any, number: int, text: str, score: float) -> Any:
    """A shown document with sentence `number` saying `text`, and chosen; what is no document is left as it is."""
    if not (parts := read_parts(value)):
        return value
    new = {"text": text, "p": math.exp(score), "done": True}
    return value | {"parts": _packed([part | new if part.get("sentence") == number else part for part in parts]), "chosen": number}


def read_parts(value: Any) -> list[dict[str, Any]]:
    """The parts of a shown document; [] for anything else, since a value from a page is anybody's."""
    text = value.get("parts") if isinstance(value, dict) else None
    try:
        parts = json.loads(text) if isinstance(text, str) and len(text) < MOST else []
    except ValueError:
        return []
    return parts if isinstance(parts, list) and all(isinstance(part, dict) for part in parts) else []


def _packed(parts: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
