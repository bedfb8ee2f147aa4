"""The explained answer's view, unpacked in Python as the browser does it, gives back logits, tokens and text."""

import json

import numpy as np
import pytest

from playground.folders import WEIGHTS
from playground.tasks.answering.answering import AnsweringRequest
from playground.tasks.answering.explained_answer import ExplainAnswerRequest, ExplainedAnswer
from playground.tasks.answering.limits import LIMITS
from playground.tasks.answering.question_words import QuestionWords
from playground.views.answering.explained_answer import explained_view, explanation
from playground.views.answering.measured import measured_answers, measured_here
from playground.views.answering.question_words import question_words_sentence, question_words_view
from tests.fake.service import FakeService
from tests.wire import unpack

CONTEXT = "🤗 Zoë was <b>born</b> in 🦙 Kraków ${7*7}."


def made(context: str = CONTEXT, question: str = "Where?") -> ExplainedAnswer:
    return FakeService().run(ExplainAnswerRequest(AnsweringRequest(question, context, "minilm-qa")))


def test_tokens_are_slices_of_the_text_as_javascript_counts() -> None:
    view, answer = explained_view(made()), made()
    arrays = unpack(view["arrays"])
    units = CONTEXT.encode("utf-16-le")
    words = [units[2 * s : 2 * e].decode("utf-16-le") for s, e in zip(arrays["starts"], arrays["ends"], strict=True)]
    assert words == [CONTEXT[s:e] for s, e in zip(answer.starts, answer.ends, strict=True)] == CONTEXT.split()
    assert view["context"] == CONTEXT
    json.dumps(view, allow_nan=False)


def test_logits_come_back_to_half_a_step() -> None:
    arrays, window = unpack(explained_view(made())["arrays"]), made().windows[0]
    for sent, logits in ((arrays["start_logits"], window.start), (arrays["end_logits"], window.end)):
        assert np.abs(sent - logits).max() <= np.ptp(logits) / 65535 / 2 + 1e-6


def test_window_shares_sum_to_one_with_no_answer() -> None:
    view, window = explained_view(made()), made().windows[0]
    none = view["windows"][0]["start_null_p"]
    logits = np.append(window.start, window.start_null).astype(float)
    assert none == pytest.approx(np.exp(logits[-1]) / np.exp(logits).sum())


def test_the_longest_context_stays_small() -> None:
    view = explained_view(made("word " * (LIMITS.context_characters // 5)))
    assert len(json.dumps(view)) < 100_000 + 20_000 * 9 + 10_000


def test_the_explanation_for_programs_is_whole() -> None:
    told, answer = explanation(made()), made()
    assert told["tokens"] == list(zip(answer.starts.tolist(), answer.ends.tolist(), strict=True))
    assert len(told["windows"][0]["start_logits"]) == len(told["tokens"])
    for span in told["spans"]:
        assert CONTEXT[span["start"] : span["end"]] == span["text"]
        assert span["start_logit"] == told["windows"][span["window"]]["start_logits"][span["first"]]
    assert explanation(made(question="nobody?"))["answer"] is None
    json.dumps(told, allow_nan=False)


def test_what_was_measured_is_the_figures_file() -> None:
    told = measured_answers("minilm-qa")
    assert told is not None
    assert 0 < told["error"] < 0.2 and 60 < told["f1"] < told["f1_always"] < 100
    for length in ("long", "short"):
        curve = np.array(told[length]["thresholds"])
        assert told[length]["rows"] > 100
    assert (np.diff(curve[:, 1]) >= 0).all() and (np.diff(curve[:, 3]) <= 0).all(), "a higher threshold answers more and refuses less"
    settings = json.loads((WEIGHTS / "answering" / "playground.json").read_text("utf-8"))
    assert [settings[name] for name in ("no_answer_threshold", "short_no_answer_threshold", "short_context")] == [
        told[name] for name in ("long_threshold", "short_threshold", "short_tokens")
    ]
    assert 0 < told["adversarial"] < 1
    for tokens, length in ((told["short_tokens"], "short"), (told["short_tokens"] + 1, "long")):
        here = measured_here("minilm-qa", tokens)
        assert here is not None and here["here"] == told[length]
    assert measured_answers("distilbert-squad") is None


def test_words_of_a_question_are_signed_and_told() -> None:
    without, best = np.array([1.0, 7.0], np.float32), ("Ada Lovelace", "")
    words = QuestionWords("minilm-qa", "Who <b>?", "Ada Lovelace", 0, (0, 4), (3, 8), 5.0, without, best, "Ada Lovelace")
    view = question_words_view(words)
    assert [(w["text"], w["adds"], w["instead"], w["flips"]) for w in view["words"]] == [
        ("Who", "+4.00", "Ada Lovelace", False), ("<b>?", "−2.00", "no answer", True)]  # fmt: skip
    assert [w["signed"] for w in view["words"]] == [1.0, -0.5]
    assert question_words_sentence(words) == (
        "“Who” matters most: hidden, the span loses 4.00 logits. Of 2 words and marks, one hidden word changes the answer."
    )


@pytest.mark.parametrize(
    ("best", "flips", "said"),
    [
        ("Ada", [False, True], "one hidden word changes what is best with the whole question, “Ada”."),
        ("", [True, False], "one hidden word changes what is best with the whole question, “no answer”."),
        ("King", [True, True], "2 hidden words change what is best with the whole question, “King”."),
    ],
)
def test_a_hidden_word_is_held_against_the_best_not_against_the_marked_span(best: str, flips: list[bool], said: str) -> None:
    words = QuestionWords("minilm-qa", "Who then", "was born", 0, (0, 4), (3, 8), 1.0, np.array([0.5, 0.0], np.float32), ("Ada", ""), best)
    assert [word["flips"] for word in question_words_view(words)["words"]] == flips
    assert question_words_view(words)["best"] == (best or "no answer")
    assert question_words_sentence(words).endswith(said)


def test_a_span_no_word_supports_loses_nothing() -> None:
    without = np.array([1.3, 1.001], np.float32)
    words = QuestionWords("minilm-qa", "Who then", "Ada", 0, (0, 4), (3, 8), 1.0, without, ("Ada", "Ada"), "Ada")
    said = question_words_sentence(words)
    assert said.startswith("No single word supports the span") and "matters most" not in said
    assert said.endswith("no hidden word changes the answer.")
