"""What a program can ask of question answering: an answer, many answers, or an explained one. Knows the port, not the models."""

from playground.catalog import DEFAULTS
from playground.service.port import Service
from playground.tasks.answering.answering import AnsweringRequest, AnswerManyRequest
from playground.tasks.answering.explained_answer import ExplainAnswerRequest
from playground.views.answering.answering import Answer, answer_scores
from playground.views.answering.explained_answer import Explanation, explanation

DEFAULT = DEFAULTS["answering"]


def answer(service: Service, question: str, context: str, model: str = DEFAULT) -> Answer:
    """The part of a context that answers a question: whole words, with our own model at most 30 tokens.

    Args:
        question: at most 500 characters.
        context: at most 100,000 characters.
        model: a model's slug; a wrong one is answered with the list.

    Returns:
        `answer` with its `start` and `end` in code points of the context (all null where there is no answer), its `score`,
        the best `candidates`, and `unread`, the share of the question's and the context's tokens that came out as [UNK].
    """
    return answer_scores(service.run(AnsweringRequest(question, context, model)))


def answer_many(service: Service, questions: list[str], context: str, model: str = DEFAULT) -> list[Answer]:
    """The answers to several questions over one context, in order.

    Args:
        questions: up to 20, each at most 500 characters.
        context: at most 100,000 characters; questions × context at most 500,000.
        model: a model's slug; a wrong one is answered with the list.

    Returns:
        For each question what `answer` returns.
    """
    asked = tuple(questions) if isinstance(questions, list) else (questions,)
    return [answer_scores(one) for one in service.run(AnswerManyRequest(asked, context, model)).answers]


def explain_answer(service: Service, question: str, context: str, model: str = DEFAULT) -> Explanation:
    """How an answer came about: start and end logits of every token, window by window, and the best spans.

    Args:
        question: at most 500 characters.
        context: at most 100,000 characters, read in overlapping windows.
        model: a model's slug; a wrong one is answered with the list.

    Returns:
        `tokens` as [start, end) in code points, `windows` with logits, the best `spans`, the score of "no answer" (`null`,
        to be compared: no answer where `null` minus the best sum is above `threshold`) and the probabilities.
    """
    return explanation(service.run(ExplainAnswerRequest(AnsweringRequest(question, context, model))))
