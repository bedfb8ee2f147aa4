"""What an explained answer costs over the plain one: the same question, context and model, in one process, on the CPU, answer cache off."""

from playground.catalog import DEFAULTS
from playground.service.port import Service
from playground.tasks.answering.answering import AnsweringRequest
from playground.tasks.answering.explained_answer import ExplainAnswerRequest
from playground.views.answering.answering import answer_scores
from playground.views.answering.explained_answer import explained_view
from tests.benchmarks.harness import Measured, paired, seconds
from tests.benchmarks.overhead import service
from tests.benchmarks.texts import QUESTIONS, long_text

CHARACTERS = 5_000  # four windows


def answering_cost() -> Measured:
    """Seconds from the request to what the page draws: all logits, windows and spans, against the answer alone."""
    context = QUESTIONS[0][1] + " " + long_text(CHARACTERS)
    request = AnsweringRequest(QUESTIONS[0][0], context, DEFAULTS["answering"])
    door: Service = service()
    explained = ExplainAnswerRequest(request)
    assert door.run(explained).answering == door.run(request)
    return paired(
        lambda: seconds(lambda: explained_view(door.run(explained))), lambda: seconds(lambda: answer_scores(door.run(request))), 21, "s"
    )
