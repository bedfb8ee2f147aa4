"""The question-answering tab: a question, a context, and the span of it that answers, or none. Knows the port, not the models."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from playground.catalog import DEFAULTS
from playground.panels.asking import model_choices, readable, stopped
from playground.panels.examples import example_row
from playground.panels.panel import Panel
from playground.panels.program import build_program
from playground.service.port import Service
from playground.tasks.answering import AnsweringRequest
from playground.tasks.limits import LIMITS
from playground.tasks.request import Progress
from playground.views.answering import Answer, answer_scores, answering_sentence, answering_view
from playground.views.status import note, progress_note
from playground.web.component import Component

DEFAULT = DEFAULTS["answering"]
TOWER = (
    "The Eiffel Tower was built by the company of Gustave Eiffel for the 1889 World's Fair in Paris. It is 330 metres tall, and about "
    "seven million people visit it each year."
)
EXAMPLES = (
    ("Who built it?", ("Who built the Eiffel Tower?", TOWER)),
    ("What is Python?", ("What is Python?", "Python is a high-level programming language.")),
    ("Not in the text", ("What does a ticket for the lift cost?", TOWER)),
)


def build(service: Service) -> None:
    """Question and context on top, the marked context and the best spans below."""
    question = gr.Textbox(
        "How tall is the Eiffel Tower?", label="Question", lines=1, max_lines=3, elem_id="answering-question",
        info=f"Up to {LIMITS.question_characters:,} characters. English.",
    )  # fmt: skip
    context = gr.Textbox(
        TOWER, label="Context", lines=5, max_lines=16, elem_id="answering-context",
        info=f"Up to {LIMITS.context_characters:,} characters; a long one is read in overlapping windows.",
    )  # fmt: skip
    with gr.Row(elem_classes="pg-row"):
        model = gr.Dropdown(
            model_choices("answering"), value=DEFAULT, label="Model", allow_custom_value=True, min_width=240, elem_id="answering-model"
        )
        run = gr.Button("Answer", variant="primary", min_width=140, elem_id="answering-run")
        stop = gr.Button("Stop", min_width=100, elem_id="answering-stop")
    filled = example_row("answering", EXAMPLES, [question, context])
    said = Component("note", elem_id="answering-note")
    spans = Component("answering", elem_id="answering-spans")

    def answer(question: str, context: str, model: str = DEFAULT) -> Answer:
        """The part of a context that answers a question.

        Args:
            question: at most 500 characters.
            context: at most 20,000 characters.
            model: a model's slug; a wrong one is answered with the list.

        Returns:
            `answer` with its `start` and `end` in code points of the context (all null where there is no answer), its `score`,
            and the best `candidates`.
        """
        return answer_scores(service.run(AnsweringRequest(question, context, model)))

    def show(question: str, context: str, model: str) -> Iterator[tuple[Any, Any]]:
        with closing(service.stream(AnsweringRequest(question, context, model))) as items:
            for item in items:
                if isinstance(item, Progress):
                    yield progress_note(item), gr.skip()
                else:
                    yield note(answering_sentence(item)), answering_view(item)

    gr.api(readable(answer, page=False), api_name="answer")
    asked: dict[str, Any] = {
        "inputs": [question, context, model], "outputs": [said, spans], "show_progress": "hidden", "api_visibility": "private",
    }  # fmt: skip
    runs = [gr.on([run.click, question.submit], readable(show), **asked), filled.then(readable(show), **asked)]
    stopped(stop, said, runs)
    build_program(service, "answering", [question, context, model], AnsweringRequest)


PANEL = Panel(
    "answering",
    "Question answering",
    "The model only points at words of the context: look which other spans it nearly chose, and ask something the text does not say.",
    build,
)
