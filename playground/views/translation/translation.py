"""A translation -> the candidates that `web/translation/translation.js` draws, a sentence, and what a page or a program asks back.

What is explained now travels in the component's value as `asked`; a value from a page is anybody's, so `read_asked` checks it.
"""

import difflib
import math
import re
from typing import Any, TypedDict

from playground.catalog import find_model
from playground.errors import BadInput
from playground.tasks.translation.translation import Translation, TranslationRequest
from playground.views.text import in_quotes, number, percent

AHEAD = 1.1  # times the next candidate's probability a token: from there on the first is called ahead
LOST = "The page says nothing that can be read. Translate the text again."


class Candidate(TypedDict):
    """`score`: mean log-probability of the candidate's `tokens` (natural log), at most 0; `total`: their sum."""

    text: str
    score: float
    total: float
    tokens: int


class Copied(TypedDict):
    """text[start:end] of the sentence went around the model: `text` became `french`. `kind`: number, time, price, thing or sign."""

    start: int
    end: int
    text: str
    french: str
    kind: str


class CandidateRow(TypedDict):
    """`segments`: (text, whether the explained candidate has other words there); `p` the geometric mean probability a token."""

    text: str
    segments: list[tuple[str, bool]]
    p: float
    percent: str
    score: str
    total: str
    tokens: str
    chosen: bool


class CopiedView(TypedDict):
    text: str
    french: str
    same: bool


class AskedTranslation(TypedDict):
    """What is explained now, as `read_asked` takes it back."""

    text: str
    model: str
    beams: int
    begin: str
    begin_ids: list[int]
    candidate: int
    place: int


class TranslationView(TypedDict):
    """`forced` tokens begin every candidate; `copied`: what went around the model."""

    rows: list[CandidateRow]
    best: str
    title: str
    forced: int
    copied: list[CopiedView]
    asked: AskedTranslation | None
    figures: list[tuple[str, str]]


def copied_of(made: Translation) -> list[Copied]:
    return [{"start": c.start, "end": c.end, "text": c.text, "french": c.french, "kind": c.kind} for c in made.copied]


def candidates_of(made: Translation) -> list[Candidate]:
    return [{"text": c.text, "score": c.score, "total": c.total, "tokens": len(c.ids)} for c in made.candidates]


def translation_view(
    made: Translation, request: TranslationRequest | None = None, chosen: int = 0, place: int = 1, total: int = 1
) -> TranslationView:
    """Each candidate with its score as the geometric mean probability of a token, which people can read as a share, and in segments:
    what differs from the chosen one is marked. sentence `place` of `total`, from 1."""
    best = made.candidates[min(chosen, len(made.candidates) - 1)]
    rows: list[CandidateRow] = [
        {
            "text": c.text, "segments": segments_of(c.text, best.text) if c is not best else [(c.text, False)], "p": math.exp(c.score),
            "percent": f"{_share(c.score)} a token",
            "score": number(c.score, 3), "total": number(c.total),
            "tokens": f"{len(c.ids)} tokens", "chosen": c is best,
        }
        for c in made.candidates
    ]  # fmt: skip
    return {
        "rows": rows,
        "best": best.text,
        "title": f"Sentence {place} of {total}" if total > 1 else "",
        "forced": made.forced,
        "copied": [{"text": c.text, "french": c.french, "same": c.text == c.french} for c in made.copied],
        "asked": None if request is None else asked_of(request, made.candidates.index(best), place),
        "figures": [
            ("source", f"{made.source_tokens:,} tokens"),
            ("translation", f"{made.target_tokens:,} tokens"),
            ("model", f"{find_model(made.model).name}, from {made.source}"),
        ],
    }


def segments_of(text: str, other: str) -> list[tuple[str, bool]]:
    """`text` in order as (part, whether its words are not in `other` at that place); words and the spaces between are kept."""
    mine, theirs = re.findall(r"\s+|[^\s]+", text), re.findall(r"\s+|[^\s]+", other)
    found: list[tuple[str, bool]] = []
    for tag, a, b, _, _ in difflib.SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if tag != "insert":
            found.append(("".join(mine[a:b]), tag != "equal"))
    return found


def translation_sentence(made: Translation) -> str:
    """What to look for, and what the model could not spell."""
    spelled = () if made.copied else made.unknown  # what was copied, the warnings name
    return " ".join(part for part in (*made.warnings, _scores_sentence(made), unknown_sentence(spelled)) if part)


def _scores_sentence(made: Translation) -> str:
    if made.forced:
        return "Each candidate begins with what you forced; its tokens count in the scores, so compare them with the free translation’s."
    if made.ruled:
        return ""
    if len(made.candidates) == 1:
        return "With one beam the model takes its likeliest token at each step. Raise the beams to see the runners-up."
    first, *others = made.candidates
    after = max(one.score for one in others)
    shares = f"{_share(first.score)} a token against {_share(after)}"
    if first.score - after >= math.log(AHEAD):
        said = f"By probability a token, by which the search ranks, the first candidate is ahead: {shares}."
    else:
        said = f"Another candidate is nearly as likely a token as the first ({shares}; ahead is a tenth more): read what it changes."
    shorter = [one for one in others if one.total > first.total and len(one.ids) < len(first.ids)]
    whole = " As a whole a shorter one is likelier, but sums would always favour short texts." if shorter else ""
    return said + whole


def _share(score: float) -> str:
    """A mean log-probability as the geometric mean probability: whole per cents, with as many decimals as a small one needs."""
    p = math.exp(score)
    return percent(p, 0) if p >= 0.095 else percent(p)


def unknown_sentence(unknown: tuple[str, ...]) -> str:
    """Tells what the model read as `<unk>`; "" where it could spell everything."""
    if not unknown:
        return ""
    shown = ", ".join(in_quotes(part[:20]) for part in unknown[:5]) + (" and more" if len(unknown) > 5 else "")
    return f"The model’s vocabulary cannot spell {shown}: it read ⟨unknown⟩ there, and may have left it out."


def asked_of(request: TranslationRequest, candidate: int, place: int) -> AskedTranslation:
    return {
        "text": request.text, "model": request.model, "beams": request.beams, "begin": request.begin, "begin_ids": list(request.begin_ids),
        "candidate": candidate, "place": place,
    }  # fmt: skip


def read_asked(value: Any) -> tuple[TranslationRequest, int, int]:
    """(request, candidate, place of the sentence) of what is explained now. Raises BadInput where the value is not one of ours."""
    asked = value.get("asked") if isinstance(value, dict) else None
    if not isinstance(asked, dict):
        raise BadInput("Translate a text first, then change its translation here.")
    begin_ids = asked.get("begin_ids")
    if not isinstance(begin_ids, list):
        raise BadInput(LOST)
    text, model, beams, begin = (asked.get(name) for name in ("text", "model", "beams", "begin"))
    request = TranslationRequest(text, model, beams, begin, tuple(begin_ids))  # type: ignore[arg-type]  # check says what is wrong
    request.check()
    return request, read_number(asked, "candidate"), read_number(asked, "place")


def read_number(value: Any, name: str) -> int:
    """A whole number from 0 in what a page sent. Raises BadInput."""
    found = value.get(name) if isinstance(value, dict) else None
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 10_000_000:
        raise BadInput(LOST)
    return found
