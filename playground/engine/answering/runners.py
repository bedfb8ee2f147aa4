"""The runners of this room, one a request type. Imports torch."""

from playground.engine.answering import answering, question_words
from playground.engine.rooms import Runners
from playground.tasks.answering.answering import AnsweringRequest, AnswerManyRequest
from playground.tasks.answering.explained_answer import ExplainAnswerRequest
from playground.tasks.answering.question_words import QuestionWordsRequest

RUNNERS: Runners = {
    AnsweringRequest: answering.answer,
    AnswerManyRequest: answering.answer_many,
    ExplainAnswerRequest: answering.explain,
    QuestionWordsRequest: question_words.weigh,
}
