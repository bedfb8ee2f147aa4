"""One small request for every room, quick on a real model. Written out, not generated: tests compare answers by value."""

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from playground.tasks.answering import AnsweringRequest
from playground.tasks.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.attribution import AttributionRequest
from playground.tasks.fresh_head import FreshHeadRequest
from playground.tasks.generation import GenerationRequest
from playground.tasks.issues import IssueRequest
from playground.tasks.request import Request
from playground.tasks.sentiment import SentimentRequest
from playground.tasks.tokens import TokensRequest
from playground.tasks.translation import TranslationRequest

ATTENTION = AttentionRequest("The cat sat on the mat.", "minilm-l6")
SMALL: dict[str, Request[Any]] = {
    "tokens": TokensRequest("Hello, wörld!", "smollm2-135m"),
    "attention": ATTENTION,
    "map": AttentionMapRequest(ATTENTION, 1, 2),
    "generation": GenerationRequest("The sky is", "smollm2-135m", chat=False, max_new_tokens=8, seed=7),
    "sentiment": SentimentRequest("I love this product!", "minilm-sentiment"),
    "answering": AnsweringRequest("What is Python?", "Python is a high-level programming language.", "minilm-qa"),
    "translation": TranslationRequest("How are you?", "en-fr", 2),
    "fresh head": FreshHeadRequest(("I love it.", "It broke."), "minilm-l6", (0, 1)),
    "issue": IssueRequest("window", "minilm-l6"),
    "attribution": AttributionRequest(SentimentRequest("I love this product!", "minilm-sentiment")),
}
TIMES = {"seconds", "first_token_seconds"}


def as_value(answer: Any) -> Any:
    """`answer` as nested tuples that compare with ==; clock times are left out."""
    if is_dataclass(answer):
        return (type(answer).__name__, *(as_value(getattr(answer, f.name)) for f in fields(answer) if f.name not in TIMES))
    if isinstance(answer, np.ndarray):
        return (answer.shape, str(answer.dtype), answer.tobytes())
    return tuple(as_value(item) for item in answer) if isinstance(answer, tuple | list) else answer
