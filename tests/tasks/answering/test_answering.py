"""Answers, and the limits of several questions at once."""

import pytest

from playground.errors import BadInput
from playground.tasks.answering.answering import Answering, AnsweringRequest, AnswerManyRequest, Span
from playground.tasks.answering.explained_answer import ExplainAnswerRequest
from playground.tasks.answering.limits import LIMITS
from playground.tasks.answering.question_words import QuestionWordsRequest

ONE = AnsweringRequest("Who?", "Ada.", "minilm-qa")


def test_no_answer_has_the_score_of_no_answer() -> None:
    span = Span("a", 0, 1, 0.2)
    assert Answering("m", "s", "q", "a", None, 0.7, (span,), 1).score == 0.7
    assert Answering("m", "s", "q", "a", span, 0.7, (span,), 1).score == 0.2


def test_several_questions_are_one_request_each() -> None:
    many = AnswerManyRequest(("Who?", "When?"), "Ada, 1815.", "minilm-qa")
    many.check()
    assert many.each() == (AnsweringRequest("Who?", "Ada, 1815.", "minilm-qa"), AnsweringRequest("When?", "Ada, 1815.", "minilm-qa"))


@pytest.mark.parametrize(
    ("questions", "context", "said"),
    [
        ((), "Ada.", "There is no question"),
        ("Who?", "Ada.", "There is no question"),
        (("Who?",) * 21, "Ada.", "21 questions; the limit is 20"),
        (("Who?", " "), "Ada.", "Question 2 holds only spaces"),
        (("Who?", "x" * 501), "Ada.", "Question 2 has 501 characters; the limit is 500"),
        (("Who?", "\ud800"), "Ada.", "Question 2 has half of a surrogate pair"),
        (("Who?", 3), "Ada.", "Question 2 must be text"),
        (("Who?",), "", "The context is empty"),
        (("Who?",) * 6, "x" * LIMITS.context_characters, "6 questions × 100,000 characters of context are 600,000"),
    ],
)
def test_too_many_or_bad_questions_get_a_sentence(questions: tuple[str, ...], context: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        AnswerManyRequest(questions, context, "minilm-qa").check()


def test_parts_check_what_they_are_of() -> None:
    ExplainAnswerRequest(ONE).check()
    QuestionWordsRequest(ONE, 0, 0).check()
    with pytest.raises(BadInput, match="Only the answer"):
        ExplainAnswerRequest("Who?").check()  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="The question is empty"):
        ExplainAnswerRequest(AnsweringRequest("", "Ada.", "minilm-qa")).check()
    with pytest.raises(BadInput, match="before it starts"):
        QuestionWordsRequest(ONE, 3, 2).check()
    with pytest.raises(BadInput, match="whole number"):
        QuestionWordsRequest(ONE, 0.5, 2).check()  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="Only the words"):
        QuestionWordsRequest(None, 0, 2).check()  # type: ignore[arg-type]
