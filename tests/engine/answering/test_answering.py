"""Question answering on the real embedded model: by offsets, in windows, alone as in a batch, equal to straight code."""

import itertools
import json
import re

import numpy as np
import pytest
import torch

from playground.engine.answering import answering, contexts
from playground.engine.answering.answering import answer
from playground.engine.answering.contexts import windows_of
from playground.engine.models import Loaded
from playground.engine.qa_format import Reading, reading_of
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.folders import WEIGHTS
from playground.tasks.answering.answering import Answering, AnsweringRequest
from tests.conftest import Models

SLUG = "minilm-qa"
CAESAR = (
    "Gaius Julius Caesar was born in Rome in 100 BC. He was assassinated by a group of senators on 15 March 44 BC. "
    "Après sa mort 🦙, Octavian became the first Roman emperor."
)
QUESTIONS = {"Where was Caesar born?": "Rome", "Who became emperor?": "Octavian", "Who killed Caesar?": "senators"}
FILLER = "The weather report of that week speaks of rain, wind and a little sun over the hills. "


@pytest.fixture
def reader(models: Models) -> Loaded:
    return models[SLUG]


def one(loaded: Loaded, question: str, context: str) -> Answering:
    return answer(loaded, [AnsweringRequest(question, context, SLUG)], Watch())[0]


def test_what_is_python(reader: Loaded) -> None:
    found = one(reader, "What is Python?", "Python is a high-level programming language.")
    assert found.best is not None
    assert "high-level programming language" in found.best.text


@pytest.mark.parametrize("question", QUESTIONS)
def test_plain_questions(reader: Loaded, question: str) -> None:
    found = one(reader, question, CAESAR.replace("Après sa mort 🦙", "After his death"))
    assert QUESTIONS[question] in found.candidates[0].text


def test_answers_are_places_in_the_context(reader: Loaded) -> None:
    for question in QUESTIONS:
        found = one(reader, question, CAESAR)
        assert 1 <= len(found.candidates) <= 5
        for span in found.candidates:
            assert CAESAR[span.start : span.end] == span.text != ""
        scores = [span.score for span in found.candidates]
        assert scores == sorted(scores, reverse=True)
        assert 0 < sum(scores) + found.no_answer_score <= 1 + 1e-6
        assert found.best in (None, found.candidates[0])


def test_no_answer(reader: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """The threshold alone decides: far below every difference there is never an answer, without one there always is."""
    monkeypatch.setattr(answering, "reading_of", lambda loaded: Reading(no_answer_threshold=-1000.0))
    found = one(reader, "Where was Caesar born?", CAESAR)
    assert found.best is None
    assert found.score == found.no_answer_score
    assert found.candidates
    monkeypatch.setattr(answering, "reading_of", lambda loaded: Reading())
    assert one(reader, "How many tins of paint are there?", FILLER).best is not None


def test_the_reading_is_the_one_trained_for(reader: Loaded) -> None:
    assert np.isfinite(reading_of(reader).no_answer_threshold)
    assert reading_of(reader).max_tokens <= reader.window


@pytest.mark.parametrize(("filler", "short"), [(0, True), (1, True), (3, False)])
def test_a_short_context_has_a_threshold_of_its_own(reader: Loaded, filler: int, short: bool) -> None:
    """The note, the explanation, its words and the plain answer go by one number: the one beside the weights for that many tokens."""
    from transformers import AutoTokenizer

    from playground.engine.answering.question_words import weigh
    from playground.tasks.answering.explained_answer import ExplainAnswerRequest
    from playground.tasks.answering.question_words import QuestionWordsRequest
    from playground.training.minilm import base_folder

    told = json.loads((WEIGHTS / "answering" / "playground.json").read_text("utf-8"))
    context, question = "Otto (1889–1912) was king before Karl-Heinz. " + FILLER * filler, "When was Otto king?"
    tokens = len(AutoTokenizer.from_pretrained(base_folder())(context, add_special_tokens=False).input_ids)
    assert (tokens <= told["short_context"]) is short
    asked = AnsweringRequest(question, context, SLUG)
    made = answering.explain(reader, [ExplainAnswerRequest(asked)], Watch())[0]
    assert made.threshold == told["short_no_answer_threshold" if short else "no_answer_threshold"]
    refused = made.null - made.spans[0].score > made.threshold
    words = weigh(reader, [QuestionWordsRequest(asked, made.spans[0].first, made.spans[0].last)], Watch())[0]
    assert refused is (made.answering.best is None) is (one(reader, question, context).best is None) is (words.best == "")


def test_equals_straight_transformers_code(reader: Loaded) -> None:
    question, context = "Where was Caesar born?", CAESAR
    longest, typed = reading_of(reader).max_answer_tokens, int(reading_of(reader).token_types)
    q, c = reader.codec.ids(question, special=False), reader.codec.encode(context, special=False)
    ids = torch.tensor([[101, *q, 102, *c.ids.tolist(), 102]])
    types = torch.tensor([[0] * (len(q) + 2) + [typed] * (len(c.ids) + 1)])
    with torch.inference_mode():
        out = reader.model(input_ids=ids, token_type_ids=types)
    start, end = (logits[0, len(q) + 2 : -1].float() for logits in (out.start_logits, out.end_logits))
    words = [(found.start(), found.group()) for found in re.finditer(r"\S+", context)]
    begins = {at for at, _ in words}
    ends = {at + len(part) for at, word in words for part in (word, word.rstrip(".,")) if not part.endswith(",")}
    spans = {(i, j): float(start[i] + end[j]) for i in range(len(start)) for j in range(i, min(len(end), i + longest))
             if c.starts[i] in begins and c.ends[j] in ends}  # fmt: skip
    i, j = max(spans, key=lambda span: spans[span])
    null = float(out.start_logits[0, 0] + out.end_logits[0, 0])
    heat = reading_of(reader).temperature
    mass = float(np.logaddexp.reduce([score / heat for score in (*spans.values(), null)]))
    best = one(reader, question, context).candidates[0]
    assert (best.start, best.end) == (c.starts[i], c.ends[j])
    assert best.score == pytest.approx(np.exp(spans[i, j] / heat - mass), abs=1e-4)


WHOLE = {
    "How cold was it in January?": ("In January it was -12.5°C, in July it was 31.0°C and in May 18°C.", "-12.5°C"),
    "What share voted for it?": ("In the vote 12.5% were for it and 87.5% were against it.", "12.5%"),
    "What is Jane's e-mail address?": ("Write to Jane at jane.doe@example.com, or call Tom.", "jane.doe@example.com"),
    "Where is the handbook?": ("The handbook is at https://docs.example.org/v2/start.html?lang=en, and the notes are on paper.",
                               "https://docs.example.org/v2/start.html?lang=en"),
    "Who was the chancellor of Germany?": ("Angela Merkel was the chancellor of Germany when Emmanuel Macron was elected.",
                                           "Angela Merkel"),
    "When was Otto king?": ("Otto (1889–1912) was king before Karl-Heinz, whose son's name was Jean-Luc.", "1889–1912"),
}  # fmt: skip


@pytest.mark.parametrize("question", WHOLE)
def test_no_candidate_is_cut_inside_an_unbroken_string(reader: Loaded, question: str) -> None:
    """What stands left and right of every candidate is white space, a mark that opens or closes, a dash or a possessive."""
    context, answer_ = WHOLE[question]
    made = answer(reader, [AnsweringRequest(question, context, SLUG, candidates=10)], Watch())[0]
    for span in made.candidates:
        before, after = context[: span.start], context[span.end :]
        assert not before or before[-1] in " (–", (before, span.text)
        assert not after or re.match(r"[.,)]*(\s|$)|'s |–", after), (span.text, after)
    assert answer_ in made.candidates[0].text or made.candidates[0].text in answer_.split("–")


def test_one_endless_string_still_has_spans(reader: Loaded) -> None:
    made = one(reader, "What is it?", "abc1" * 100)
    assert made.candidates and all(span.text in "abc1" * 100 for span in made.candidates)


def test_alone_equals_in_a_batch(reader: Loaded) -> None:
    asked = [AnsweringRequest(question, CAESAR + FILLER * i, SLUG) for i, question in enumerate(QUESTIONS)]
    together = answer(reader, asked, Watch())
    for request, found in zip(asked, together, strict=True):
        alone = one(reader, request.question, request.context)
        assert [(s.start, s.end) for s in found.candidates] == [(s.start, s.end) for s in alone.candidates]
        assert [s.score for s in found.candidates] == pytest.approx([s.score for s in alone.candidates], abs=1e-4)


@pytest.mark.parametrize("max_tokens", [384, 200, 140])
@pytest.mark.parametrize("question", [3, 60])
def test_windows_cover_every_token_and_share_the_stride(max_tokens: int, question: int) -> None:
    reading = Reading(max_tokens=max_tokens, stride=min(128, (max_tokens - question) // 3))
    for context in [1, 50, *range(max_tokens - question - 10, max_tokens + 10), 999, 5000]:
        windows = windows_of(question, context, reading)
        assert windows[0][0] == 0 and windows[-1][1] == context
        assert all(0 < last - first <= max_tokens - question - 3 for first, last in windows)
        for (_, last), (first, _) in itertools.pairwise(windows):
            assert last - first == reading.stride
        assert len(windows) == 1 or windows[-2][1] < context


@pytest.mark.parametrize("before", [0, 25, 60])
def test_a_long_context_is_read_in_windows(reader: Loaded, before: int) -> None:
    context = FILLER * before + CAESAR + " " + FILLER * (60 - before)
    found = one(reader, "Where was Caesar born?", context)
    assert found.windows > 1
    assert any(span.text == "Rome" and abs(span.start - len(FILLER) * before) < len(CAESAR) for span in found.candidates)


def test_windows_stitched_equal_one_window_where_both_fit(reader: Loaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two windows that each hold the whole context: the same spans with the same probabilities as one."""
    whole = one(reader, "Where was Caesar born?", CAESAR)
    tokens = len(reader.codec.ids(CAESAR, special=False))
    monkeypatch.setattr(contexts, "windows_of", lambda *told: [(0, tokens), (0, tokens)])
    twice = one(reader, "Where was Caesar born?", CAESAR)
    assert [(s.start, s.end) for s in whole.candidates] == [(s.start, s.end) for s in twice.candidates]
    assert [s.score for s in whole.candidates] == pytest.approx([s.score for s in twice.candidates], abs=1e-5)
    assert whole.no_answer_score == pytest.approx(twice.no_answer_score, abs=1e-5)
    assert twice.windows == 2


def test_a_question_too_long_for_the_window_is_refused_with_the_numbers(reader: Loaded) -> None:
    with pytest.raises(BadInput, match=r"240 tokens long.*takes 192"):
        one(reader, "a b " * 120, CAESAR)


def test_what_the_tokenizer_cannot_read_is_refused(reader: Loaded) -> None:
    with pytest.raises(BadInput, match="holds nothing"):
        one(reader, "\x01\x02", CAESAR)
