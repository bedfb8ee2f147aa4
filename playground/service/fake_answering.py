"""What the fake service answers to questions: the first words of the context, with falling scores."""

from collections.abc import Callable
from typing import Any

import numpy as np

from playground.catalog import find_model
from playground.tasks.answering.answering import Answering, AnsweringRequest, AnswerManyRequest, ManyAnswers, Span
from playground.tasks.answering.explained_answer import ContextWindow, ExplainAnswerRequest, ExplainedAnswer
from playground.tasks.answering.question_words import QuestionWords, QuestionWordsRequest
from playground.tasks.answering.spans import ScoredSpan
from playground.tasks.answering.word_edges import word_edges
from playground.tasks.attention.dot_product import frozen
from playground.tasks.request import Request
from playground.tasks.tokens.tokens import Tokens, TokensRequest

SOURCE = "fake"


def words_as_tokens(request: TokensRequest) -> Tokens:
    words = request.text.split()
    starts: list[int] = []
    for word in words:
        starts.append(request.text.index(word, starts[-1] + 1 if starts else 0))
    ends = [s + len(w) for s, w in zip(starts, words, strict=True)]
    ids = np.arange(len(words), dtype=np.int32)
    card = find_model(request.tokenizer, "tokens")
    return Tokens(request.text, card.slug, card.scheme, tuple(words), ids, np.array(starts, np.int32),
                  np.array(ends, np.int32), np.zeros(len(words), bool), card.window)  # fmt: skip


def _answering(request: AnsweringRequest) -> Answering:
    words = request.context.split()
    spans = [Span(w, s := request.context.index(w), s + len(w), 0.5 / (i + 1)) for i, w in enumerate(words[:3])]
    best = None if "nobody" in request.question.lower() else spans[0]
    return Answering(request.model, SOURCE, request.question, request.context, best, 0.4, tuple(spans), 1)


def _answer_many(request: AnswerManyRequest) -> ManyAnswers:
    return ManyAnswers(request.model, request.context, tuple(map(_answering, request.each())), len(request.questions))


def _explained_answer(request: ExplainAnswerRequest) -> ExplainedAnswer:
    """Words are tokens; the first is the best start and end, each later one a logit less, in one window."""
    cut = words_as_tokens(TokensRequest(request.of.context, "minilm-l6"))
    logits = frozen(2 - np.arange(len(cut.ids), dtype=np.float32))
    spans = tuple(ScoredSpan(i, i, float(logits[i]), float(logits[i]), 0) for i in range(min(3, len(logits))))
    window = ContextWindow(0, len(logits), logits, logits, 0.5, 0.5, spans[0])
    nobody = "nobody" in request.of.question.lower()
    made, threshold = _answering(request.of), -9.0 if nobody else 0.0
    return ExplainedAnswer(made, cut.starts, cut.ends, (window,), spans, 1.0, 4.5, threshold, 1.0, 30, 128, 384,
                           word_edges(request.of.context, cut.starts, cut.ends))  # fmt: skip


def _question_words(request: QuestionWordsRequest) -> QuestionWords:
    cut = words_as_tokens(TokensRequest(request.of.question, "minilm-l6"))
    without = frozen(np.linspace(-1, 3, len(cut.ids), dtype=np.float32))
    span = request.of.context.split()[request.first]
    starts, ends = tuple(cut.starts.tolist()), tuple(cut.ends.tolist())
    return QuestionWords(request.of.model, request.of.question, span, 0, starts, ends, 2.0, without, tuple(span for _ in starts), span)


ANSWERING_RULES: dict[type[Request[Any]], Callable[[Any], Any]] = {
    AnsweringRequest: _answering,
    AnswerManyRequest: _answer_many,
    ExplainAnswerRequest: _explained_answer,
    QuestionWordsRequest: _question_words,
}
