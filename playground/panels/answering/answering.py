"""The question-answering tab: questions, a context, and how the span of it that answers came about. Knows the port, not the models."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from playground.panels.answering.endpoints import answer, answer_many, explain_answer
from playground.panels.asking import QUIET, awaited, model_field, publish, readable, stopped, streamed
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.service.port import Service
from playground.tasks.answering.answering import AnsweringRequest, AnswerManyRequest, ManyAnswers
from playground.tasks.answering.explained_answer import ExplainAnswerRequest
from playground.tasks.answering.limits import LIMITS
from playground.tasks.answering.question_words import QuestionWordsRequest
from playground.views.answering.answering import answering_sentence, answers_view
from playground.views.answering.explained_answer import explained_view
from playground.views.answering.question_words import question_words_view
from playground.views.status import note
from playground.web.component import Component

TOWER = (
    "The Eiffel Tower was built by the company of Gustave Eiffel for the 1889 World's Fair in Paris. It is 330 metres tall, and about "
    "seven million people visit it each year."
)
SEVERAL = "How tall is the Eiffel Tower?\nWho built it?\nWhen was the World's Fair?\nWhat does a ticket for the lift cost?"
EXAMPLES = (
    ("Who built it?", ("Who built the Eiffel Tower?", TOWER)),
    ("What is Python?", ("What is Python?", "Python is a high-level programming language.")),
    ("Not in the text", ("What does a ticket for the lift cost?", TOWER)),
    ("Several questions", (SEVERAL, TOWER)),
)
Item = tuple[Any, Any, Any, Any, Any]


@dataclass
class Run:
    """What one press of Answer brought so far. Changed in place: a row can be chosen while others are still on their way."""

    asked: tuple[AnsweringRequest, ...]
    rows: dict[str, Any]  # the table; its `chosen` is the one to be explained
    shown: AnsweringRequest | None = None  # the one explained below the table


def build(service: Service) -> None:
    """Questions and context on top; below, the table of answers where there are several, and one answer explained."""
    run_of = gr.State(None)  # a Run, held by reference
    question = gr.Textbox(
        "How tall is the Eiffel Tower?", label="Question", lines=2, max_lines=8, elem_id="answering-question",
        info=f"English, up to {LIMITS.question_characters:,} characters. Several: one a line, up to {LIMITS.questions}. Shift+Enter runs.",
    )  # fmt: skip
    context = gr.Textbox(
        TOWER, label="Context", lines=5, max_lines=12, elem_id="answering-context",
        info=f"Up to {LIMITS.context_characters:,} characters (with several questions, {LIMITS.many_characters:,} to read in all); "
        "a long one is read in overlapping windows.",
    )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        model = model_field("answering")
        run = gr.Button("Answer", variant="primary", min_width=140, elem_id="answering-run")
        stop = gr.Button("Stop", min_width=100, elem_id="answering-stop")
    filled = example_row("answering", EXAMPLES, [question, context])
    said = Component("note", elem_id="answering-note")
    table = Component("answering/answers", elem_id="answering-table")
    spans = Component("answering/answering", elem_id="answering-spans")
    words = Component("answering/question_words", elem_id="answering-words")
    publish(service, answer, answer_many, explain_answer)
    outputs = [said, table, spans, words, run_of]
    asked: dict[str, Any] = {"fn": readable(show, service), "inputs": [question, context, model], "outputs": outputs, **QUIET}
    runs = [gr.on([run.click, question.submit], **asked), filled.then(**asked)]
    runs.append(table.chosen(readable(choose, service), run_of, outputs, **QUIET))
    runs.append(spans.weigh(readable(weigh, service), run_of, [said, words], **QUIET))
    stopped(stop, said, runs)
    build_program(service, "answering", [question, context, model], asked_of)


def show(service: Service, question: str, context: str, model: str) -> Iterator[Item]:
    """One question explained; of several their table as it grows, then the first of them, or what was chosen meanwhile."""
    asked = asked_of(question, context, model)
    if isinstance(asked, AnsweringRequest):
        yield from explained(service, Run((asked,), {"chosen": 0}))
        return
    made = Run(asked.each(), {"chosen": 0})

    def grown(item: ManyAnswers) -> Item:
        made.rows = {**answers_view(item, made.rows["chosen"])}
        # What is below belongs to the run before, unless one of these rows was chosen meanwhile.
        below = (gr.skip(), gr.skip()) if made.shown else (None, {})
        return gr.skip(), made.rows, *below, made

    yield from awaited(service, asked, 4, grown)
    if made.shown:
        yield note("All questions are answered; the chosen one is explained below."), made.rows, gr.skip(), gr.skip(), made
    else:
        yield from explained(service, made)


def explained(service: Service, made: Run) -> Iterator[Item]:
    """The chosen row's answer, below the table."""
    one = made.asked[made.rows["chosen"]]
    found = yield from awaited(service, ExplainAnswerRequest(one), 4)
    made.shown = one
    yield note(answering_sentence(found.answering, found.threshold)), made.rows, explained_view(found), {}, made


def choose(service: Service, run: Run | None, event: gr.EventData) -> Iterator[Item]:
    """Another row of the table."""
    if run and isinstance(event.place, int) and 0 <= event.place < len(run.asked):
        run.rows = run.rows | {"chosen": event.place}
        yield from explained(service, run)


def weigh(service: Service, run: Run | None, event: gr.EventData) -> Iterator[tuple[Any, Any]]:
    """What each word of the question does for the span that is marked."""
    if run and run.shown:
        asked = QuestionWordsRequest(run.shown, event.first, event.last)
        yield from streamed(service, asked, lambda made: "Each word of the question was hidden in turn; see below.", question_words_view)


def asked_of(question: str, context: str, model: str) -> AnsweringRequest | AnswerManyRequest:
    """One question, or several, one a line."""
    several = questions_of(question)
    if len(several) > 1:
        return AnswerManyRequest(several, context, model)
    return AnsweringRequest(several[0] if several else question, context, model)


def questions_of(text: object) -> tuple[str, ...]:
    """The lines of `text` that hold more than spaces."""
    return tuple(line.strip() for line in text.splitlines() if line.strip()) if isinstance(text, str) else ()


PANEL = Panel(
    "answering",
    "Question answering",
    "The model only points at words of the context: look where it wants to start and to end, which other spans it nearly chose, and "
    "ask something the text does not say.",
    build,
    starts=("answering-run",),
    live=True,
    needs="a model trained to point at answers",
)
