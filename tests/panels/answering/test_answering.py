"""The question-answering panel: an answer explained, several answers, a row chosen, the question's words; or a sentence."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from playground.catalog import DEFAULTS
from playground.errors import BadInput
from playground.panels.answering.answering import PANEL, choose, questions_of, show, weigh
from playground.panels.answering.endpoints import answer, answer_many, explain_answer
from playground.tasks.answering.answering import AnsweringRequest, AnswerManyRequest, ManyAnswers
from playground.tasks.answering.explained_answer import ExplainAnswerRequest
from playground.tasks.answering.question_words import QuestionWordsRequest
from playground.tasks.request import Request
from tests.panels.panel import WritingService, built, elem_ids

MODEL = DEFAULTS["answering"]
CONTEXT = "Zoë lives in Oslo."


def last(items: Any) -> Any:
    return list(items)[-1]


def test_one_question_is_explained() -> None:
    service = WritingService()
    said, table, shown, words, run = last(show(service, "Who?", CONTEXT, MODEL))
    assert service.asked == [ExplainAnswerRequest(AnsweringRequest("Who?", CONTEXT, MODEL))]
    assert "By the model's own threshold the best span is the answer" in said["text"]
    assert shown["context"] == CONTEXT and len(shown["spans"]) == 3
    assert not table.get("rows") and words == {} and run.shown == service.asked[0].of


def test_several_lines_are_a_table_and_the_first_is_explained() -> None:
    service = WritingService()
    _, table, shown, _, run = last(show(service, "Who?\n\n  nobody?  \n", CONTEXT, MODEL))
    assert service.asked[0] == AnswerManyRequest(("Who?", "nobody?"), CONTEXT, MODEL)
    assert [row["answered"] for row in table["rows"]] == [True, False]
    assert (table["chosen"], shown["question"], len(run.asked)) == (0, "Who?", 2)


def test_a_chosen_row_is_explained_without_asking_all_again() -> None:
    service = WritingService()
    run = last(show(service, "Who?\nnobody?", CONTEXT, MODEL))[4]
    service.asked.clear()
    _, table, shown, _, after = last(choose(service, run, SimpleNamespace(place=1)))
    assert service.asked == [ExplainAnswerRequest(AnsweringRequest("nobody?", CONTEXT, MODEL))]
    assert (table["chosen"], len(table["rows"]), shown["question"]) == (1, 2, "nobody?")
    assert after.shown.question == "nobody?"
    assert list(choose(service, run, SimpleNamespace(place="x"))) == []
    assert list(choose(service, run, SimpleNamespace(place=9))) == []


def test_the_words_of_the_question_are_weighed_for_the_marked_span() -> None:
    service = WritingService()
    run = last(show(service, "Who lives there?", CONTEXT, MODEL))[4]
    _, words = last(weigh(service, run, SimpleNamespace(first=1, last=2)))
    assert service.asked[-1] == QuestionWordsRequest(AnsweringRequest("Who lives there?", CONTEXT, MODEL), 1, 2)
    assert [word["text"] for word in words["words"]] == ["Who", "lives", "there?"]
    with pytest.raises(BadInput, match="whole number"):
        list(weigh(service, run, SimpleNamespace(first="<b>", last=2)))


class OneByOne(WritingService):
    """Several questions are answered one more at a time, as the real service does."""

    def stream(self, request: Request[Any]) -> Any:
        return self._grow(request) if isinstance(request, AnswerManyRequest) else super().stream(request)

    def _grow(self, request: AnswerManyRequest) -> Iterator[ManyAnswers]:
        whole = self.run(request)
        for count in range(1, whole.asked + 1):
            yield replace(whole, answers=whole.answers[:count])


SEVERAL = "Who?\nnobody?\nWhere?"


def partly(service: WritingService) -> tuple[Iterator[Any], Any]:
    """The page's run of SEVERAL after its first answer, and what that showed."""
    items = show(service, SEVERAL, CONTEXT, MODEL)
    return items, next(items)


def test_a_row_can_be_chosen_as_soon_as_it_is_shown_even_after_stop() -> None:
    service = OneByOne()
    items, (_, table, shown, words, run) = partly(service)
    assert (len(table["rows"]), table["asked"], shown, words) == (1, 3, None, {}), "what was explained before is gone with its table"
    items.close()  # type: ignore[attr-defined]
    assert list(weigh(service, run, SimpleNamespace(first=1, last=2))) == [], "nothing is explained yet"
    _, table, shown, _, after = last(choose(service, run, SimpleNamespace(place=0)))
    assert (len(table["rows"]), table["chosen"], shown["question"]) == (1, 0, "Who?")
    list(weigh(service, after, SimpleNamespace(first=1, last=2)))
    assert service.asked[-1] == QuestionWordsRequest(AnsweringRequest("Who?", CONTEXT, MODEL), 1, 2)


def test_a_row_chosen_on_the_way_stays_chosen() -> None:
    service = OneByOne()
    items, (*_, run) = partly(service)
    assert last(choose(service, run, SimpleNamespace(place=1)))[2]["question"] == "nobody?"
    for _, table, shown, words, _ in items:
        assert table["chosen"] == 1 and shown == words == gr.skip(), "the chosen row's explanation stays"
    assert (len(table["rows"]), run.shown.question) == (3, "nobody?")


def test_without_a_run_nothing_is_chosen_or_weighed() -> None:
    service = WritingService()
    assert list(choose(service, None, SimpleNamespace(place=0))) == []
    assert list(weigh(service, None, SimpleNamespace(first=0, last=0))) == []


@pytest.mark.parametrize(("text", "found"), [("a\nb", ("a", "b")), (" \n", ()), ("a\r\n\r\n b ", ("a", "b")), (None, ()), (3, ())])
def test_a_question_a_line(text: object, found: tuple[str, ...]) -> None:
    assert questions_of(text) == found


def test_no_answer_is_null_and_keeps_its_candidates() -> None:
    service = WritingService()
    found = answer(service, "nobody?", CONTEXT)
    assert (found["answer"], found["start"], found["end"]) == (None, None, None)
    assert len(found["candidates"]) == 3
    assert answer_many(service, ["nobody?", "Who?"], CONTEXT)[0] == found
    assert explain_answer(service, "nobody?", CONTEXT)["answer"] is None


@pytest.mark.parametrize(
    ("question", "context", "said"),
    [("", CONTEXT, "The question is empty"), ("Who?", "\n", "The context holds only spaces"), ("x" * 501, CONTEXT, "the limit is 500")],
)
def test_bad_input_is_a_sentence(question: str, context: str, said: str) -> None:
    service = WritingService()
    for ask in (answer, explain_answer):
        with pytest.raises(BadInput, match=said):
            ask(service, question, context)
    with pytest.raises(BadInput, match=said):
        list(show(service, question, context, MODEL))


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ([], "There is no question"),
        ("Who?", None),
        ({"a": 1}, "must be text"),
        (["Who?"] * 21, "the limit is 20"),
        (["Who?", ""], "Question 2 is empty"),
    ],
)
def test_bad_lists_of_questions(questions: Any, said: str | None) -> None:
    service = WritingService()
    if said is None:
        assert len(answer_many(service, questions, CONTEXT)) == 1
    else:
        with pytest.raises(BadInput, match=said):
            answer_many(service, questions, CONTEXT)


def test_controls_have_names() -> None:
    names = {"question", "context", "model", "run", "stop", "note", "table", "spans", "words"}
    assert {f"answering-{name}" for name in names} <= elem_ids(built(PANEL, WritingService()))
