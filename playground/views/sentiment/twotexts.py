"""Two classified texts -> what `web/sentiment/twotexts.js` draws: both with their differing words marked, and what the difference did."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import TypedDict

import numpy as np

from playground.tasks.sentiment.sentiment import Sentiment
from playground.tasks.words import words_of
from playground.views.sentiment.sentiment import LabelScore, label_scores
from playground.views.text import in_quotes, percent, signed, visible

Titles = tuple[str, str]


class TextPart(TypedDict):
    text: str
    changed: bool


class TextSide(TypedDict):
    title: str
    parts: list[TextPart]
    scores: list[LabelScore]


class LabelChange(TypedDict):
    label: str
    logit: str
    chance: str


class TwoTextsView(TypedDict):
    """Two `sides`, and what the difference did to each label."""

    sides: list[TextSide]
    changes: list[LabelChange]


def twotexts_view(before: Sentiment, after: Sentiment, titles: Titles = ("First", "Second")) -> TwoTextsView:
    """Both sides, and for every label the change of its logit and of its probability."""
    left, right = changed_words(before.text, after.text)
    return {
        "sides": [_side(before, titles[0], left), _side(after, titles[1], right)],
        "changes": [
            {"label": label, "logit": f"{signed(a)} → {signed(b)} ({signed(b - a)})",
             "chance": f"{percent(p)} → {percent(q)} ({signed(100 * (q - p), 1)} points)"}
            for label, a, b, p, q in zip(before.labels, before.logits, after.logits, before.probabilities, after.probabilities, strict=True)
        ],
    }  # fmt: skip


def _side(one: Sentiment, title: str, parts: list[tuple[str, bool]]) -> TextSide:
    return {
        "title": title,
        "parts": [{"text": text, "changed": changed} for text, changed in parts],
        "scores": label_scores(one),
    }


def changed_words(first: str, second: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Each text in pieces (text, whether only this side has it); words are compared as they are, spaces go with what they follow."""
    words = [[text[s:e] for s, e in words_of(text)] for text in (first, second)]
    spans = [words_of(first), words_of(second)]
    sides: list[list[bool]] = [[True] * len(words[0]), [True] * len(words[1])]
    for a, b, size in SequenceMatcher(None, words[0], words[1]).get_matching_blocks():
        for number in range(size):
            sides[0][a + number] = sides[1][b + number] = False
    left, right = (_pieces(text, spans[i], sides[i]) for i, text in enumerate((first, second)))
    return left, right


def _pieces(text: str, spans: Sequence[tuple[int, int]], changed: Sequence[bool]) -> list[tuple[str, bool]]:
    """Neighbours alike are one piece; a space is changed where both its neighbours are."""
    out: list[tuple[str, bool]] = []
    place, before = 0, False
    for (start, end), flag in zip(spans, changed, strict=True):
        _add(out, text[place:start], flag and before)
        _add(out, text[start:end], flag)
        place, before = end, flag
    _add(out, text[place:], False)
    return out


def _add(pieces: list[tuple[str, bool]], text: str, flag: bool) -> None:
    if pieces and pieces[-1][1] == flag:
        pieces[-1] = (pieces[-1][0] + text, flag)
    elif text:
        pieces.append((text, flag))


def twotexts_sentence(before: Sentiment, after: Sentiment) -> str:
    """What the difference did to the label the first text gets."""
    place = int(np.argmax(before.probabilities))
    name = before.labels[place]
    p, q = before.probabilities[place], after.probabilities[place]
    moved = f"{name} goes from {percent(p)} to {percent(q)} ({signed(100 * (q - p), 1)} points)"
    if before.text == after.text:
        return f"The two texts are the same: {percent(p)} {name}."
    return f"{moved}; the label {'stays' if before.verdict == after.verdict else 'turns to'} {after.verdict}."


def removed_title(text: str, removed: Sequence[int]) -> str:
    """Without “very”, “good” (at most three named)."""
    words = [visible(text[s:e]) for number, (s, e) in enumerate(words_of(text)) if number in set(removed)]
    named = ", ".join(in_quotes(word) for word in words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")
    return f"Without {named}" if words else "Nothing taken out"
