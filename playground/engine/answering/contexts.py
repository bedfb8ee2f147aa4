"""Reads questions over contexts: overlapping windows, a few at a time, into start and end logits. What the runners of answers share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from playground.engine.batches import pad_id, padded
from playground.engine.codec import Encoded
from playground.engine.models import Loaded
from playground.engine.qa_format import Reading
from playground.engine.watch import Watch
from playground.errors import BadInput, ModelUnavailable
from playground.tasks.answering.answering import AnsweringRequest
from playground.tasks.answering.explained_answer import ContextWindow
from playground.tasks.answering.spans import ScoredSpan, SpanScores
from playground.tasks.answering.word_edges import Edges, word_edges
from playground.tasks.request import Progress
from playground.tasks.text import in_quotes

TOKENS_AT_ONCE = 1_536  # four full windows: between two looks at the watch a layer of them takes about 0.1 s on one core
Logits = tuple[torch.Tensor, torch.Tensor]


@dataclass(frozen=True)
class Asked:
    """One question over one context in tokens, its windows, (first, past last) context tokens, and where words begin and end."""

    request: AnsweringRequest
    question: list[int]
    context: Encoded
    windows: list[tuple[int, int]]
    edges: Edges

    def scores(self, reading: Reading) -> SpanScores:
        """Of all spans of the context, still to be filled."""
        return SpanScores(len(self.context.ids), reading.max_answer_tokens, self.edges)

    def threshold(self, reading: Reading) -> float:
        """Of "no answer", for a context as long as this."""
        return reading.threshold(len(self.context.ids))

    def length(self, window: int) -> int:
        """The tokens of `row`."""
        first, stop = self.windows[window]
        return len(self.question) + stop - first + 3

    def row(self, window: int, marks: tuple[int, int], question: list[int] | None = None) -> list[int]:
        """[CLS] question [SEP] part of the context [SEP]; `question` in place of its own."""
        first, stop = self.windows[window]
        return [marks[0], *(question or self.question), marks[1], *self.context.ids[first:stop].tolist(), marks[1]]


@dataclass(frozen=True)
class Read:
    """All windows of one question. `null` is the least of all windows' scores of [CLS]."""

    asked: Asked
    windows: tuple[ContextWindow, ...]
    scores: SpanScores
    null: float

    def best(self, most: int) -> list[ScoredSpan]:
        """The best spans that hold a character, each place of the context once, falling by score."""
        starts, ends = self.asked.context.starts, self.asked.context.ends
        found: dict[tuple[int, int], ScoredSpan] = {}
        for span in self.scores.best(3 * most + 5):
            key = int(starts[span.first]), int(ends[span.last])
            if key[0] < key[1]:
                found.setdefault(key, span)
        return list(found.values())[:most]


def windows_of(question: int, context: int, reading: Reading) -> list[tuple[int, int]]:
    """(first, past last) context tokens of each window, when 3 special tokens and the question's take their part."""
    room = reading.max_tokens - question - 3
    step = max(1, room - reading.stride)
    firsts = list(range(0, max(1, context - reading.stride), step)) if context > room else [0]
    return [(first, min(first + room, context)) for first in firsts]


def marks_of(loaded: Loaded) -> tuple[int, int]:
    """The ids of [CLS] and [SEP]."""
    begin, middle = loaded.codec.id_of("[CLS]"), loaded.codec.id_of("[SEP]")
    if begin is None or middle is None:
        raise ModelUnavailable(f"{loaded.card.name} has no [CLS] and [SEP] tokens; its way of reading pairs is not known here.")
    return begin, middle


def cut(loaded: Loaded, reading: Reading, requests: Sequence[AnsweringRequest]) -> list[Asked]:
    """Questions and contexts in tokens, a context that is asked about several times once. Raises BadInput where one cannot be read."""
    contexts: dict[str, tuple[Encoded, Edges]] = {}
    out = []
    for request in requests:
        question = loaded.codec.ids(request.question, special=False)
        if request.context not in contexts:
            made = loaded.codec.encode(request.context, special=False)
            contexts[request.context] = made, word_edges(request.context, made.starts, made.ends)
        context, edges = contexts[request.context]
        if not question or not len(context.ids):
            raise BadInput("The question or the context holds nothing this model's tokenizer can read. Use letters, digits or punctuation.")
        if len(question) > reading.max_tokens // 2:
            raise BadInput(f"The question is {len(question)} tokens long; {loaded.card.name} takes {reading.max_tokens // 2}. Shorten it.")
        out.append(Asked(request, question, context, windows_of(len(question), len(context.ids), reading), edges))
    return out


def read(loaded: Loaded, reading: Reading, requests: Sequence[AnsweringRequest], watch: Watch) -> Iterator[Read]:
    """Each request read, in order, as soon as its last window is. Windows of one request and of the next share batches."""
    asked, marks = cut(loaded, reading, requests), marks_of(loaded)
    places = [(number, window) for number, one in enumerate(asked) for window in range(len(one.windows))]
    said = f" · {len(asked)} questions" if len(asked) > 1 else ""
    held: list[ContextWindow] = []
    scores, best = asked[0].scores(reading), None
    for at, some in _batches(places, [asked[number].length(window) for number, window in places]):
        if len(places) > 1:
            found = f" · best so far: {in_quotes(_shown(asked[some[0][0]], best))}" if best else ""
            text = f"Reading window {at + 1}–{at + len(some)} of {len(places)}{said}{found}"
            watch.report(Progress("reading", text, at, len(places)))
        watch.check()
        rows = [asked[number].row(window, marks) for number, window in some]
        starts, ends = forward(loaded, reading, rows, [len(asked[number].question) for number, _ in some])
        for i, (number, window) in enumerate(some):
            one = asked[number]
            held.append(_window(one, window, starts[i], ends[i], scores))
            best = held[-1].best if best is None or held[-1].best.score > best.score else best
            if window == len(one.windows) - 1:
                yield Read(one, tuple(held), scores, min(w.null for w in held))
                if number + 1 < len(asked):
                    held, scores, best = [], asked[number + 1].scores(reading), None


def _batches(places: list[Any], lengths: list[int]) -> Iterator[tuple[int, list[Any]]]:
    """(how many came before, the next few), as many as fit TOKENS_AT_ONCE when padded, at least one."""
    at = 0
    while at < len(places):
        count, longest = 0, 0
        while at + count < len(places):
            longest = max(longest, lengths[at + count])
            if count and longest * (count + 1) > TOKENS_AT_ONCE:
                break
            count += 1
        yield at, places[at : at + count]
        at += count


def forward(loaded: Loaded, reading: Reading, rows: list[list[int]], questions: list[int]) -> tuple[Any, Any]:
    """Start and end logits, float32 numpy (rows, longest row), of [CLS] question [SEP] context [SEP]; `questions`: their lengths."""
    ids, mask = padded(rows, pad_id(loaded.model), loaded.device)
    more = {}
    if reading.token_types and getattr(loaded.model.config, "type_vocab_size", 0) > 1:
        places = torch.arange(ids.shape[1], device=loaded.device)[None, :]
        second = torch.tensor(questions, device=loaded.device)[:, None] + 2
        more["token_type_ids"] = ((places >= second) & mask.bool()).long()
    with torch.inference_mode():
        out = loaded.model(input_ids=ids, attention_mask=mask, **more)
    return out.start_logits.float().cpu().numpy(), out.end_logits.float().cpu().numpy()


def own(asked: Asked, window: int) -> slice:
    """Where a window's context tokens are in its row."""
    first, stop = asked.windows[window]
    return slice(len(asked.question) + 2, len(asked.question) + 2 + stop - first)


def _window(asked: Asked, window: int, start: Any, end: Any, scores: SpanScores) -> ContextWindow:
    first, stop = asked.windows[window]
    mine = own(asked, window)
    logits = np.ascontiguousarray(start[mine]), np.ascontiguousarray(end[mine])
    for array in logits:
        array.setflags(write=False)
    return ContextWindow(first, stop, *logits, float(start[0]), float(end[0]), scores.add(first, *logits))


def _shown(asked: Asked, span: ScoredSpan, most: int = 40) -> str:
    text = asked.request.context[int(asked.context.starts[span.first]) : int(asked.context.ends[span.last])]
    return text if len(text) <= most else text[: most - 1] + "…"
