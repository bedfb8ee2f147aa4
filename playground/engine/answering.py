"""Question answering: start and end logits over windows of the context, then the best spans, or none."""

from typing import Any

import numpy as np
import torch

from playground.engine.batches import pad_id, padded
from playground.engine.codec import Encoded
from playground.engine.models import Loaded
from playground.engine.readings import Reading, reading_of
from playground.engine.watch import Watch
from playground.errors import BadInput, ModelUnavailable
from playground.tasks.answering import Answering, AnsweringRequest, Span, best_spans, log_sum_spans

AT_ONCE = 8


def answer(loaded: Loaded, requests: list[AnsweringRequest], watch: Watch) -> list[Answering]:
    """One answer a request, in order; the windows of a long context are read a few at a time."""
    return [_answer(loaded, request, watch) for request in requests]


def windows_of(question: int, context: int, reading: Reading) -> list[tuple[int, int]]:
    """(first, past last) context tokens of each window, when 3 special tokens and the question's take their part."""
    room = reading.max_tokens - question - 3
    step = max(1, room - reading.stride)
    firsts = list(range(0, max(1, context - reading.stride), step)) if context > room else [0]
    return [(first, min(first + room, context)) for first in firsts]


def _answer(loaded: Loaded, request: AnsweringRequest, watch: Watch) -> Answering:
    reading = reading_of(loaded)
    question = loaded.codec.ids(request.question, special=False)
    context = loaded.codec.encode(request.context, special=False)
    if not question or not len(context.ids):
        raise BadInput("The question or the context holds nothing this model's tokenizer can read. Use letters, digits or punctuation.")
    if len(question) > reading.max_tokens // 2:
        raise BadInput(f"The question is {len(question)} tokens long; {loaded.card.name} takes {reading.max_tokens // 2}. Shorten it.")
    windows = windows_of(len(question), len(context.ids), reading)
    found: dict[tuple[int, int], float] = {}
    null, mass = np.inf, []
    for start, end, (first, last) in _logits(loaded, reading, question, context, windows, watch):
        null = min(null, float(start[0] + end[0]))
        own = slice(len(question) + 2, len(question) + 2 + last - first)
        allowed = np.ones(last - first, bool)
        mass.append(log_sum_spans(start[own], end[own], allowed, reading.max_answer_tokens))
        for i, j, score in best_spans(start[own], end[own], allowed, reading.max_answer_tokens, request.candidates):
            key = int(context.starts[first + i]), int(context.ends[first + j])
            found[key] = max(found.get(key, -np.inf), score)
    return _chosen(loaded, request, reading, found, null, mass, len(windows))


def _chosen(
    loaded: Loaded,
    request: AnsweringRequest,
    reading: Reading,
    found: dict[tuple[int, int], float],
    null: float,
    mass: list[float],
    windows: int,
) -> Answering:
    total = float(np.logaddexp.reduce([*mass, null]))
    best = sorted(found.items(), key=lambda item: (-item[1], item[0]))[: request.candidates]
    spans = tuple(Span(request.context[s:e], s, e, float(np.exp(score - total))) for (s, e), score in best if s < e)
    none = not spans or null - best[0][1] > reading.no_answer_threshold
    return Answering(
        loaded.card.slug, loaded.source, request.question, request.context, None if none else spans[0],
        float(np.exp(null - total)), spans, windows,
    )  # fmt: skip


def _logits(
    loaded: Loaded, reading: Reading, question: list[int], context: Encoded, windows: list[tuple[int, int]], watch: Watch
) -> Any:
    """(start logits, end logits, window) of each window: [CLS] question [SEP] part of the context [SEP]."""
    begin, middle = loaded.codec.id_of("[CLS]"), loaded.codec.id_of("[SEP]")
    if begin is None or middle is None:
        raise ModelUnavailable(f"{loaded.card.name} has no [CLS] and [SEP] tokens; its way of reading pairs is not known here.")
    typed = reading.token_types and getattr(loaded.model.config, "type_vocab_size", 0) > 1
    for at in range(0, len(windows), AT_ONCE):
        watch.check()
        some = windows[at : at + AT_ONCE]
        rows = [[begin, *question, middle, *context.ids[f:t].tolist(), middle] for f, t in some]
        ids, mask = padded(rows, pad_id(loaded.model), loaded.device)
        more = {}
        if typed:
            places = torch.arange(ids.shape[1], device=loaded.device)
            more["token_type_ids"] = ((places >= len(question) + 2)[None, :] & mask.bool()).long()
        with torch.inference_mode():
            out = loaded.model(input_ids=ids, attention_mask=mask, **more)
        starts, ends = out.start_logits.float().cpu().numpy(), out.end_logits.float().cpu().numpy()
        yield from zip(starts, ends, some, strict=True)
