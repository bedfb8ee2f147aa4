"""Explained answers on the real model: strips equal a direct forward pass, many equal one by one, occlusion equals doing it by hand."""

import time
from typing import Any

import numpy as np
import pytest
import torch

from playground.engine.answering.answering import answer, answer_many, explain
from playground.engine.answering.contexts import windows_of
from playground.engine.answering.question_words import weigh
from playground.engine.models import Loaded
from playground.engine.qa_format import reading_of
from playground.engine.watch import Watch, watching
from playground.errors import BadInput, Cancelled
from playground.service.memory import size_of
from playground.tasks.answering.answering import Answering, AnsweringRequest, AnswerManyRequest, ManyAnswers
from playground.tasks.answering.explained_answer import ExplainAnswerRequest, ExplainedAnswer
from playground.tasks.answering.limits import LIMITS
from playground.tasks.answering.question_words import QuestionWordsRequest
from playground.tasks.answering.spans import probability
from playground.tasks.request import Progress
from tests.conftest import Models

SLUG = "minilm-qa"
CAESAR = (
    "Gaius Julius Caesar was born in Rome in 100 BC. He was assassinated by a group of senators on 15 March 44 BC. "
    "Après sa mort 🦙, Octavian became the first Roman emperor."
)
QUESTIONS = ("Where was Caesar born?", "Who became the first Roman emperor?", "Who killed Caesar?", "How many tins of paint are there?")
FILLER = "The weather report of that week speaks of rain, wind and a little sun over the hills. "
LONG = FILLER * 20 + CAESAR + " " + FILLER * 20


@pytest.fixture
def reader(models: Models) -> Loaded:
    return models[SLUG]


def explained(loaded: Loaded, question: str, context: str) -> ExplainedAnswer:
    return explain(loaded, [ExplainAnswerRequest(AnsweringRequest(question, context, SLUG))], Watch())[0]


def straight(loaded: Loaded, question: list[int], context: list[int]) -> Any:
    """(start, end) logits of [CLS] question [SEP] context [SEP], alone and without padding."""
    with torch.inference_mode():
        out = loaded.model(input_ids=torch.tensor([[101, *question, 102, *context, 102]]))
    return out.start_logits[0].numpy(), out.end_logits[0].numpy()


@pytest.mark.parametrize("context", [CAESAR, LONG])
def test_strips_equal_a_direct_forward_pass(reader: Loaded, context: str) -> None:
    made = explained(reader, QUESTIONS[0], context)
    question, ids = reader.codec.ids(QUESTIONS[0], special=False), reader.codec.ids(context, special=False)
    assert [(w.first, w.stop) for w in made.windows] == windows_of(len(question), len(ids), reading_of(reader))
    for window in made.windows:
        start, end = straight(reader, question, ids[window.first : window.stop])
        assert window.start == pytest.approx(start[len(question) + 2 : -1], abs=1e-4)
        assert window.end == pytest.approx(end[len(question) + 2 : -1], abs=1e-4)
        assert (window.start_null, window.end_null) == pytest.approx((start[0], end[0]), abs=1e-4)
        i, j = window.best.first - window.first, window.best.last - window.first
        assert window.best.score == pytest.approx(float(window.start[i] + window.end[j]), abs=1e-5)
    assert made.null == min(window.null for window in made.windows)


@pytest.mark.parametrize("context", [CAESAR, LONG])
def test_an_explained_answer_is_the_plain_answer_with_more(reader: Loaded, context: str) -> None:
    for question in QUESTIONS:
        made, plain = explained(reader, question, context), answer(reader, [AnsweringRequest(question, context, SLUG)], Watch())[0]
        assert made.answering == plain
        for span, told in zip(made.spans, plain.candidates, strict=True):
            assert (made.starts[span.first], made.ends[span.last]) == (told.start, told.end)
            assert probability(span.score, made.log_sum, made.null, made.temperature) == pytest.approx(told.score)
        assert (plain.best is None) == (made.null - made.spans[0].score > made.threshold)


def test_the_temperature_changes_probabilities_only(reader: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from playground.engine.answering import answering

    hot, cold = (replace(reading_of(reader), temperature=t) for t in (2.0, 1.0))
    monkeypatch.setattr(answering, "reading_of", lambda loaded: cold)
    before = explained(reader, QUESTIONS[0], CAESAR)
    monkeypatch.setattr(answering, "reading_of", lambda loaded: hot)
    after = explained(reader, QUESTIONS[0], CAESAR)
    assert [s.score for s in before.spans] == [s.score for s in after.spans]
    assert (before.null, before.threshold) == (after.null, after.threshold)
    assert after.answering.candidates[0].score < before.answering.candidates[0].score


@pytest.mark.parametrize("context", [CAESAR, LONG])
def test_many_answers_equal_one_by_one_and_come_one_by_one(reader: Loaded, context: str) -> None:
    seen: list[Any] = []
    (made,) = answer_many(reader, [AnswerManyRequest(QUESTIONS, context, SLUG)], Watch(seen.append))
    alone = [answer(reader, [AnsweringRequest(question, context, SLUG)], Watch())[0] for question in QUESTIONS]
    for together, one in zip(made.answers, alone, strict=True):
        assert together.question == one.question
        assert [(s.start, s.end) for s in together.candidates] == [(s.start, s.end) for s in one.candidates]
        assert [s.score for s in together.candidates] == pytest.approx([s.score for s in one.candidates], abs=1e-4)
        assert (together.best is None) == (one.best is None)
    partial = [item for item in seen if isinstance(item, ManyAnswers)]
    assert [len(item.answers) for item in partial] == [1, 2, 3]
    assert all(item.asked == 4 and item.answers == made.answers[: len(item.answers)] for item in partial)


def test_a_context_is_cut_into_tokens_once(reader: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[str] = []
    encode = reader.codec.encode
    monkeypatch.setattr(reader.codec, "encode", lambda text, special=True: (cut.append(text), encode(text, special))[1])
    answer_many(reader, [AnswerManyRequest(QUESTIONS, CAESAR, SLUG)], Watch())
    assert cut.count(CAESAR) == 1 and set(cut) == {CAESAR, *QUESTIONS}


def test_progress_names_the_window_and_the_best_so_far(reader: Loaded) -> None:
    seen: list[Any] = []
    explain(reader, [ExplainAnswerRequest(AnsweringRequest(QUESTIONS[0], LONG, SLUG))], Watch(seen.append))
    told = [item for item in seen if isinstance(item, Progress)]
    assert told[0].text.startswith("Reading window 1–") and told[0].done == 0
    assert all(item.total == told[0].total > 2 for item in told)
    if len(told) > 1:
        assert "best so far: “" in told[-1].text


def test_the_longest_context_stops_at_once_and_its_size_is_bounded(reader: Loaded) -> None:
    """The reader leaves in the middle of a batch: seconds until the work ends. The aim is 0.3; a busy machine gets more."""
    context = (FILLER * 1200)[: LIMITS.context_characters]
    left: list[float] = []

    def report(item: Any) -> None:
        if isinstance(item, Progress) and item.done >= 4:
            watch.cancel()
            left.append(time.monotonic())

    watch = Watch(report)
    with pytest.raises(Cancelled), watching(watch):
        explain(reader, [ExplainAnswerRequest(AnsweringRequest(QUESTIONS[0], context, SLUG))], watch)
    assert time.monotonic() - left[0] < 1.0


def test_an_answers_bytes_keep_to_the_stated_formula(reader: Loaded) -> None:
    made = explained(reader, QUESTIONS[0], LONG)
    held = sum(window.stop - window.first for window in made.windows)
    stated = 8 * len(made.starts) + 8 * held + 4 * len(LONG)
    assert size_of(made) < stated + 600 * len(made.windows) + 10_000 + 4 * len(LONG)
    assert all(not array.flags.writeable for window in made.windows for array in (window.start, window.end))


def test_hidden_words_equal_hiding_them_by_hand(reader: Loaded) -> None:
    asked = AnsweringRequest(QUESTIONS[0], CAESAR, SLUG)
    span = explained(reader, QUESTIONS[0], CAESAR).spans[0]
    made = weigh(reader, [QuestionWordsRequest(asked, span.first, span.last)], Watch())[0]
    assert [asked.question[s:e] for s, e in zip(made.starts, made.ends, strict=True)] == ["Where", "was", "Caesar", "born", "?"]
    assert made.span == CAESAR[slice(*_place(reader, span.first, span.last))]
    mask, ids = reader.codec.id_of("[MASK]"), reader.codec.ids(CAESAR, special=False)
    question = reader.codec.encode(asked.question, special=False)

    def margin(hidden: list[int]) -> float:
        row = [mask if t in hidden else int(i) for t, i in enumerate(question.ids)]
        start, end = straight(reader, row, ids)  # type: ignore[arg-type]
        at = len(row) + 2
        return float(start[at + span.first] + end[at + span.last] - start[0] - end[0])

    assert made.margin == pytest.approx(margin([]), abs=1e-3)
    for i, (s, e) in enumerate(zip(made.starts, made.ends, strict=True)):
        tokens = [t for t in range(len(question.ids)) if question.starts[t] < e and question.ends[t] > s]
        assert made.without[i] == pytest.approx(margin(tokens), abs=1e-3)


def test_what_is_best_is_told_apart_from_the_span_asked_for(reader: Loaded) -> None:
    asked, best = AnsweringRequest(QUESTIONS[0], CAESAR, SLUG), explained(reader, QUESTIONS[0], CAESAR).answering.best
    assert best is not None
    made = weigh(reader, [QuestionWordsRequest(asked, 0, 1)], Watch())[0]
    assert made.best == best.text != made.span
    nothing = AnsweringRequest(QUESTIONS[3], CAESAR, SLUG)
    assert weigh(reader, [QuestionWordsRequest(nothing, 0, 1)], Watch())[0].best == ""


def test_no_answer_is_best_by_the_models_own_threshold(reader: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from playground.engine.answering import question_words

    asked, told = AnsweringRequest(QUESTIONS[3], CAESAR, SLUG), explained(reader, QUESTIONS[3], CAESAR)
    doubt = told.null - told.spans[0].score
    assert doubt > 0, "a question the text does not answer"
    for threshold, best in (
        (doubt - 0.1, ""),
        (doubt + 0.1, told.answering.candidates[0].text),
        (float("inf"), told.answering.candidates[0].text),
    ):
        reading = replace(reading_of(reader), no_answer_threshold=threshold, short_context=-1)
        monkeypatch.setattr(question_words, "reading_of", lambda loaded, reading=reading: reading)
        made = weigh(reader, [QuestionWordsRequest(asked, 0, 1)], Watch())[0]
        assert made.best == best
        assert threshold < 100 or "" not in made.instead, "a model without a threshold always answers"


def _place(loaded: Loaded, first: int, last: int) -> tuple[int, int]:
    coded = loaded.codec.encode(CAESAR, special=False)
    return int(coded.starts[first]), int(coded.ends[last])


def test_a_span_out_of_reach_is_refused_in_a_sentence(reader: Loaded) -> None:
    with pytest.raises(BadInput, match="the span ends at 5000"):
        weigh(reader, [QuestionWordsRequest(AnsweringRequest("Who?", CAESAR, SLUG), 1, 5000)], Watch())
    with pytest.raises(BadInput, match="No window holds this span"):
        weigh(reader, [QuestionWordsRequest(AnsweringRequest("Who?", LONG, SLUG), 1, 600)], Watch())


def test_answers_of_other_texts_are_untouched_in_a_batch(reader: Loaded) -> None:
    asked = [AnsweringRequest(QUESTIONS[0], context, SLUG) for context in (LONG, CAESAR, FILLER)]
    together = answer(reader, asked, Watch())
    for request, found in zip(asked, together, strict=True):
        alone: Answering = answer(reader, [request], Watch())[0]
        assert [(s.start, s.end) for s in found.candidates[:2]] == [(s.start, s.end) for s in alone.candidates[:2]]
        assert found.windows == alone.windows
        assert np.isclose(found.no_answer_score, alone.no_answer_score, atol=1e-4)
