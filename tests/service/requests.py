"""One small request for every room, quick on a real model. Written out, not generated: tests compare answers by value."""

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from playground.tasks.answering.answering import AnsweringRequest, AnswerManyRequest
from playground.tasks.answering.explained_answer import ExplainAnswerRequest
from playground.tasks.answering.question_words import QuestionWordsRequest
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.attention.dot_product import StepsRequest
from playground.tasks.attention.influence import InfluenceRequest
from playground.tasks.attention.outcome import OutcomeRequest
from playground.tasks.attention.packing import AttentionPackRequest
from playground.tasks.attention.writing import WritingRequest
from playground.tasks.embeddings.anatomy import AnatomyRequest
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest, NeighboursRequest
from playground.tasks.embeddings.multihead import MultiHeadRequest
from playground.tasks.embeddings.positions import PositionsRequest, ShuffleRequest
from playground.tasks.embeddings.similarity import SimilarityRequest
from playground.tasks.generation.beams import BeamTreeRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.kv_cache import PaceRequest
from playground.tasks.generation.lens import LensRequest
from playground.tasks.generation.nexttoken import NextLogitsRequest
from playground.tasks.generation.prompt import PromptReadingRequest
from playground.tasks.journey.journey import JourneyRequest, SayingRequest, WordsRequest
from playground.tasks.learn.fresh_head import FreshHeadRequest
from playground.tasks.learn.issues import IssueRequest
from playground.tasks.request import Request
from playground.tasks.sentiment.attribution import AttributionRequest
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.tokens.budget import BudgetRequest
from playground.tasks.tokens.misreading import MisreadingRequest
from playground.tasks.tokens.segmentation import CuttingRequest
from playground.tasks.tokens.tokens import TokensRequest
from playground.tasks.translation.document import DocumentRequest
from playground.tasks.translation.forced_decoding import ForcedDecodingRequest
from playground.tasks.translation.translation import TranslationRequest

VECTORS = EmbeddingsRequest("The cat sat on the mat.", "minilm-l6")
ATTENTION = AttentionRequest("The cat sat on the mat.", "minilm-l6")
JOURNEY = JourneyRequest("The sky is", "smollm2-135m")
ANSWERING = AnsweringRequest("What is Python?", "Python is a high-level programming language.", "minilm-qa")
TRACED = GenerationRequest("The sky is", "smollm2-135m", chat=False, max_new_tokens=3, seed=7, beams=2, alternatives=5)
SMALL: dict[str, Request[Any]] = {
    "tokens": TokensRequest("Hello, wörld!", "smollm2-135m"),
    "attention": ATTENTION,
    "map": AttentionMapRequest(ATTENTION, 1, 2),
    "pack": AttentionPackRequest(ATTENTION),
    "steps": StepsRequest(ATTENTION, layer=1, head=2, query=3),
    "influence": InfluenceRequest(AttentionRequest("Hi.", "minilm-l6"), 1),
    "outcome": OutcomeRequest(AttentionRequest("I love this product!", "minilm-sentiment")),
    "writing on": WritingRequest("The sky is", "smollm2-135m", 3),
    "lens": LensRequest("The sky is", "smollm2-135m", chat=False),
    "pace": PaceRequest("The sky is", "smollm2-135m", chat=False, tokens=3),
    "generation": GenerationRequest("The sky is", "smollm2-135m", chat=False, max_new_tokens=8, seed=7),
    "sentiment": SentimentRequest("I love this product!", "minilm-sentiment"),
    "answering": ANSWERING,
    "translation": TranslationRequest("How are you?", "en-fr", 2),
    "fresh head": FreshHeadRequest(("I love it.", "It broke."), "minilm-l6", (0, 1)),
    "issue": IssueRequest("window", "minilm-l6"),
    "attribution": AttributionRequest(SentimentRequest("I love this product!", "minilm-sentiment")),
    "document": DocumentRequest("- How are you?\n- Hello, my friend. (1)\n", "en-fr", 2),
    "forced decoding": ForcedDecodingRequest(TranslationRequest("How are you?", "en-fr", 2), 1),
    "many answers": AnswerManyRequest(("What is Python?", "Is Python low-level?"), ANSWERING.context, "minilm-qa"),
    "explained answer": ExplainAnswerRequest(ANSWERING),
    "question words": QuestionWordsRequest(ANSWERING, 2, 6),
    "trace": TRACED,
    "logits": NextLogitsRequest(TRACED),
    "prompt": PromptReadingRequest(TRACED),
    "beams": BeamTreeRequest(TRACED),
    "embeddings": VECTORS,
    "neighbours": NeighboursRequest(VECTORS, 2, 1, 3),
    "positions": PositionsRequest(VECTORS),
    "shuffle": ShuffleRequest(VECTORS),
    "block": BlockRequest(VECTORS, 1, 2, 3),
    "anatomy": AnatomyRequest("minilm-l6"),
    "multihead": MultiHeadRequest(VECTORS, 1),
    "similarity": SimilarityRequest(("A cat sleeps.", "A dog barks."), "minilm-l6"),
    "cutting": CuttingRequest("Hello, wörld!", "smollm2-135m"),
    "budget": BudgetRequest("Hello, wörld!", "minilm-l6"),
    "journey": JOURNEY,
    "saying": SayingRequest(JOURNEY, 1),
    "words": WordsRequest("smollm2-135m", (17, 4012)),
    "misreading": MisreadingRequest((17, 4012, 48000), "en-fr"),
}
TIMES = {"seconds", "first_token_seconds", "cached", "uncached"}


def as_value(answer: Any) -> Any:
    """`answer` as nested tuples that compare with ==; clock times are left out."""
    if is_dataclass(answer):
        return (type(answer).__name__, *(as_value(getattr(answer, f.name)) for f in fields(answer) if f.name not in TIMES))
    if isinstance(answer, np.ndarray):
        return (answer.shape, str(answer.dtype), answer.tobytes())
    return tuple(as_value(item) for item in answer) if isinstance(answer, tuple | list) else answer
