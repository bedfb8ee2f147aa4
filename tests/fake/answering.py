"""The fake's answers for the room of answering. The first words of the context, with falling scores."""

import numpy as np

from playground.tasks.answering.answering import Answering, AnsweringRequest, AnswerManyRequest, ManyAnswers, Span
from playground.tasks.answering.explained_answer import ContextWindow, ExplainAnswerRequest, ExplainedAnswer
from playground.tasks.answering.question_words import QuestionWords, QuestionWordsRequest
from playground.tasks.answering.spans import ScoredSpan
from playground.tasks.answering.word_edges import word_edges
from playground.tasks.attention.dot_product import frozen
from tests.fake.words import SOURCE, Rules, places_of


def _answering(request: AnsweringRequest) -> Answering:
    words = request.context.split()
    spans = [Span(w, s := request.context.index(w), s + len(w), 0.5 / (i + 1)) for i, w in enumerate(words[:3])]
    best = None if "nobody" in request.question.lower() else spans[0]
    return Answering(request.model, SOURCE, request.question, request.context, best, 0.4, tuple(spans), 1)


def _answer_many(request: AnswerManyRequest) -> ManyAnswers:
    return ManyAnswers(request.model, request.context, tuple(map(_answering, request.each())), len(request.questions))


def _explained_answer(request: ExplainAnswerRequest) -> ExplainedAnswer:
    """Words are tokens; the first is the best start and end, each later one a logit less, in one window."""
    starts, ends = places_of(request.of.context)
    logits = frozen(2 - np.arange(len(starts), dtype=np.float32))
    spans = tuple(ScoredSpan(i, i, float(logits[i]), float(logits[i]), 0) for i in range(min(3, len(logits))))
    window = ContextWindow(0, len(logits), logits, logits, 0.5, 0.5, spans[0])
    nobody = "nobody" in request.of.question.lower()
    made, threshold = _answering(request.of), -9.0 if nobody else 0.0
    return ExplainedAnswer(made, starts, ends, (window,), spans, 1.0, 4.5, threshold, 1.0, 30, 128, 384,
                           word_edges(request.of.context, starts, ends))  # fmt: skip


def _question_words(request: QuestionWordsRequest) -> QuestionWords:
    first, last = (tuple(some.tolist()) for some in places_of(request.of.question))
    without = frozen(np.linspace(-1, 3, len(first), dtype=np.float32))
    span = request.of.context.split()[request.first]
    return QuestionWords(request.of.model, request.of.question, span, 0, first, last, 2.0, without, tuple(span for _ in first), span)


RULES: Rules = {
    AnsweringRequest: _answering,
    AnswerManyRequest: _answer_many,
    ExplainAnswerRequest: _explained_answer,
    QuestionWordsRequest: _question_words,
}
