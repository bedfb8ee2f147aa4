"""Occlusion of a question: the window that reads a span best, read again with each word of the question hidden behind [MASK]."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from playground.engine.answering.contexts import TOKENS_AT_ONCE, Asked, cut, forward, marks_of, own
from playground.engine.codec import Encoded
from playground.engine.models import Loaded
from playground.engine.qa_format import Reading, reading_of
from playground.engine.watch import Watch
from playground.errors import BadInput, ModelUnavailable
from playground.tasks.answering.question_words import QuestionWords, QuestionWordsRequest
from playground.tasks.request import Progress

WORD = re.compile(r"\w+|[^\w\s]")


def weigh(loaded: Loaded, requests: list[QuestionWordsRequest], watch: Watch) -> list[QuestionWords]:
    """One answer a request, in order. Raises BadInput where the span is not in the context or in no window whole."""
    return [_weigh(loaded, request, watch) for request in requests]


def words_of(question: str, coded: Encoded) -> list[tuple[int, int, list[int]]]:
    """(start, end, tokens) of each word or mark of the question that has a token."""
    found = []
    for word in WORD.finditer(question):
        tokens = [t for t in range(len(coded.ids)) if coded.starts[t] < word.end() and coded.ends[t] > word.start()]
        if tokens:
            found.append((word.start(), word.end(), tokens))
    return found


def _weigh(loaded: Loaded, request: QuestionWordsRequest, watch: Watch) -> QuestionWords:
    reading, marks, mask = reading_of(loaded), marks_of(loaded), loaded.codec.id_of("[MASK]")
    if mask is None:
        raise ModelUnavailable(f"{loaded.card.name} has no [MASK] token to hide a word behind.")
    (asked,) = cut(loaded, reading, [request.of])
    if request.last >= len(asked.context.ids):
        raise BadInput(f"The context has tokens 0 to {len(asked.context.ids) - 1}; the span ends at {request.last}.")
    windows = [n for n, (first, stop) in enumerate(asked.windows) if first <= request.first and request.last < stop]
    if not windows:
        raise BadInput("No window holds this span whole. Choose a shorter one.")
    words = words_of(request.of.question, loaded.codec.encode(request.of.question, special=False))
    whole = [_read(loaded, reading, asked, n, [asked.row(n, marks)], watch)[0] for n in windows]
    margins = [_margin(request, asked, n, logits) for n, logits in zip(windows, whole, strict=True)]
    window = windows[int(np.argmax([_score(request, asked, n, logits) for n, logits in zip(windows, whole, strict=True)]))]
    rows = [asked.row(window, marks, [mask if t in tokens else i for t, i in enumerate(asked.question)]) for *_, tokens in words]
    hidden = _read(loaded, reading, asked, window, rows, watch)
    without = np.array([_margin(request, asked, window, logits) for logits in hidden], np.float32)
    without.setflags(write=False)
    return QuestionWords(
        loaded.card.slug, request.of.question, _text(asked, request.first, request.last), window, tuple(w[0] for w in words),
        tuple(w[1] for w in words), margins[windows.index(window)], without,
        tuple(_best(asked, window, logits, reading) for logits in hidden), _best(asked, window, whole[windows.index(window)], reading),
    )  # fmt: skip


def _read(loaded: Loaded, reading: Reading, asked: Asked, window: int, rows: Sequence[list[int]], watch: Watch) -> list[tuple[Any, Any]]:
    """(start, end) logits of each row, all of one length."""
    out: list[tuple[Any, Any]] = []
    many = max(1, TOKENS_AT_ONCE // len(rows[0])) if rows else 1
    for at in range(0, len(rows), many):
        if len(rows) > many:
            watch.report(Progress("hiding", f"Hiding word {at + 1} of {len(rows)}", at, len(rows)))
        watch.check()
        some = list(rows[at : at + many])
        out += zip(*forward(loaded, reading, some, [len(asked.question)] * len(some)), strict=True)
    return out


def _score(request: QuestionWordsRequest, asked: Asked, window: int, logits: tuple[Any, Any]) -> float:
    at = own(asked, window).start - asked.windows[window][0]
    return float(logits[0][at + request.first] + logits[1][at + request.last])


def _margin(request: QuestionWordsRequest, asked: Asked, window: int, logits: tuple[Any, Any]) -> float:
    return _score(request, asked, window, logits) - float(logits[0][0] + logits[1][0])


def _best(asked: Asked, window: int, logits: tuple[Any, Any], reading: Reading) -> str:
    """The best span of the window, "" where the model says "no answer": as `engine/answering/answering.py` decides over all windows."""
    mine, first = own(asked, window), asked.windows[window][0]
    best = asked.scores(reading).add(first, logits[0][mine], logits[1][mine])
    none = float(logits[0][0] + logits[1][0]) - best.score > asked.threshold(reading)
    return "" if none else _text(asked, best.first, best.last)


def _text(asked: Asked, first: int, last: int) -> str:
    return asked.request.context[int(asked.context.starts[first]) : int(asked.context.ends[last])]
