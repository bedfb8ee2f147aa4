"""Question answering: the best spans of what was read, or none; alone, many over one context, and with all that led to it."""

import numpy as np

from playground.engine.answering.contexts import Read, read
from playground.engine.models import Loaded
from playground.engine.qa_format import Reading, reading_of
from playground.engine.unread import unread_of
from playground.engine.watch import Watch
from playground.tasks.answering.answering import Answering, AnsweringRequest, AnswerManyRequest, ManyAnswers, Span
from playground.tasks.answering.explained_answer import ExplainAnswerRequest, ExplainedAnswer
from playground.tasks.answering.spans import ScoredSpan, probability


def answer(loaded: Loaded, requests: list[AnsweringRequest], watch: Watch) -> list[Answering]:
    """One answer a request, in order; the windows of a long context are read a few at a time."""
    reading = reading_of(loaded)
    return [_answering(loaded, reading, made)[0] for made in read(loaded, reading, requests, watch)]


def answer_many(loaded: Loaded, requests: list[AnswerManyRequest], watch: Watch) -> list[ManyAnswers]:
    """One answer a request, in order; what is answered so far is reported after every question."""
    reading, out = reading_of(loaded), []
    for request in requests:
        answers: tuple[Answering, ...] = ()
        for made in read(loaded, reading, request.each(), watch):
            answers += (_answering(loaded, reading, made)[0],)
            if len(answers) < len(request.questions):
                watch.report(ManyAnswers(loaded.card.slug, request.context, answers, len(request.questions)))
        out.append(ManyAnswers(loaded.card.slug, request.context, answers, len(request.questions)))
    return out


def explain(loaded: Loaded, requests: list[ExplainAnswerRequest], watch: Watch) -> list[ExplainedAnswer]:
    """One explanation a request, in order: the same reading as `answer`'s, with nothing thrown away."""
    reading = reading_of(loaded)
    return [_explained(loaded, reading, made) for made in read(loaded, reading, [request.of for request in requests], watch)]


def _answering(loaded: Loaded, reading: Reading, made: Read) -> tuple[Answering, list[ScoredSpan], float]:
    """The answer, its spans in tokens, and the log of the sum over all spans at the model's temperature."""
    request, context = made.asked.request, made.asked.context
    best, log_sum = made.best(request.candidates), made.scores.log_sum(reading.temperature)
    spans = []
    for one in best:
        begin, stop = int(context.starts[one.first]), int(context.ends[one.last])
        score = probability(one.score, log_sum, made.null, reading.temperature)
        spans.append(Span(request.context[begin:stop], begin, stop, score))
    none = not spans or made.null - best[0].score > made.asked.threshold(reading)
    answering = Answering(
        loaded.card.slug, loaded.source, request.question, request.context, None if none else spans[0],
        probability(made.null, log_sum, made.null, reading.temperature), tuple(spans), len(made.windows),
        unread_of(loaded.codec, request.question, loaded.codec.encode(request.question, special=False))
        + unread_of(loaded.codec, request.context, context),
    )  # fmt: skip
    return answering, best, log_sum


def _explained(loaded: Loaded, reading: Reading, made: Read) -> ExplainedAnswer:
    answering, spans, log_sum = _answering(loaded, reading, made)
    starts, ends = (np.ascontiguousarray(places, np.int32) for places in (made.asked.context.starts, made.asked.context.ends))
    return ExplainedAnswer(
        answering, starts, ends, made.windows, tuple(spans), made.null, log_sum, made.asked.threshold(reading), reading.temperature,
        reading.max_answer_tokens, reading.stride, reading.max_tokens, made.asked.edges,
    )  # fmt: skip
