"""The question-answering panel: an answer explained, several answers, a row chosen, the question's words; or a sentence."""

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from playground.catalog import DEFAULTS
from playground.panels.answering import PANEL, questions_of
from playground.tasks.answering import AnsweringRequest, AnswerManyRequest
from playground.tasks.explained_answer import ExplainAnswerRequest
from playground.tasks.question_words import QuestionWordsRequest
from tests.panels.panel import WritingService, built, elem_ids, handler

MODEL = DEFAULTS["answering"]
CONTEXT = "Zoë lives in Oslo."


def last(items: Any) -> Any:
    return list(items)[-1]


def test_one_question_is_explained() -> None:
    service = WritingService()
    said, table, shown, words, run = last(handler(built(PANEL, service), "show")("Who?", CONTEXT, MODEL))
    assert service.asked == [ExplainAnswerRequest(AnsweringRequest("Who?", CONTEXT, MODEL))]
    assert "The marked span" in said["text"]
    assert shown["context"] == CONTEXT and len(shown["spans"]) == 3
    assert not table.get("rows") and words == {} and run[2] == service.asked[0].of


def test_several_lines_are_a_table_and_the_first_is_explained() -> None:
    service = WritingService()
    _, table, shown, _, run = last(handler(built(PANEL, service), "show")("Who?\n\n  nobody?  \n", CONTEXT, MODEL))
    assert service.asked[0] == AnswerManyRequest(("Who?", "nobody?"), CONTEXT, MODEL)
    assert [row["answered"] for row in table["rows"]] == [True, False]
    assert (table["chosen"], shown["question"], len(run[0])) == (0, "Who?", 2)


def test_a_chosen_row_is_explained_without_asking_all_again() -> None:
    service = WritingService()
    demo = built(PANEL, service)
    run = last(handler(demo, "show")("Who?\nnobody?", CONTEXT, MODEL))[4]
    service.asked.clear()
    _, table, shown, _, after = last(handler(demo, "choose")(run, SimpleNamespace(place=1)))
    assert service.asked == [ExplainAnswerRequest(AnsweringRequest("nobody?", CONTEXT, MODEL))]
    assert (table["chosen"], len(table["rows"]), shown["question"]) == (1, 2, "nobody?")
    assert after[2].question == "nobody?"
    assert list(handler(demo, "choose")(run, SimpleNamespace(place="x"))) == []
    assert list(handler(demo, "choose")(run, SimpleNamespace(place=9))) == []


def test_the_words_of_the_question_are_weighed_for_the_marked_span() -> None:
    service = WritingService()
    demo = built(PANEL, service)
    run = last(handler(demo, "show")("Who lives there?", CONTEXT, MODEL))[4]
    _, words = last(handler(demo, "weigh")(run, SimpleNamespace(first=1, last=2)))
    assert service.asked[-1] == QuestionWordsRequest(AnsweringRequest("Who lives there?", CONTEXT, MODEL), 1, 2)
    assert [word["text"] for word in words["words"]] == ["Who", "lives", "there?"]
    with pytest.raises(gr.Error, match="whole number"):
        list(handler(demo, "weigh")(run, SimpleNamespace(first="<b>", last=2)))


@pytest.mark.parametrize(("text", "found"), [("a\nb", ("a", "b")), (" \n", ()), ("a\r\n\r\n b ", ("a", "b")), (None, ()), (3, ())])
def test_a_question_a_line(text: object, found: tuple[str, ...]) -> None:
    assert questions_of(text) == found


def test_no_answer_is_null_and_keeps_its_candidates() -> None:
    demo = built(PANEL, WritingService())
    found = handler(demo, "answer")("nobody?", CONTEXT)
    assert (found["answer"], found["start"], found["end"]) == (None, None, None)
    assert len(found["candidates"]) == 3
    assert handler(demo, "answer_many")(["nobody?", "Who?"], CONTEXT)[0] == found
    assert handler(demo, "explain_answer")("nobody?", CONTEXT)["answer"] is None


@pytest.mark.parametrize(
    ("question", "context", "said"),
    [("", CONTEXT, "The question is empty"), ("Who?", "\n", "The context holds only spaces"), ("x" * 501, CONTEXT, "the limit is 500")],
)
def test_bad_input_is_a_sentence(question: str, context: str, said: str) -> None:
    demo = built(PANEL, WritingService())
    for name in ("answer", "explain_answer"):
        with pytest.raises(gr.Error, match=said):
            handler(demo, name)(question, context)
    with pytest.raises(gr.Error, match=said):
        list(handler(demo, "show")(question, context, MODEL))


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
    ask = handler(built(PANEL, WritingService()), "answer_many")
    if said is None:
        assert len(ask(questions, CONTEXT)) == 1
    else:
        with pytest.raises(gr.Error, match=said):
            ask(questions, CONTEXT)


def test_controls_have_names() -> None:
    names = {"question", "context", "model", "run", "stop", "note", "table", "spans", "words"}
    assert {f"answering-{name}" for name in names} <= elem_ids(built(PANEL, WritingService()))
