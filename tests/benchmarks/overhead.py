"""What the service costs over bare transformers: the same work asked of both, in one process, on the CPU, answer cache off.

Before anything is timed both must give the same answer.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from playground.catalog import DEFAULTS, find_model
from playground.engine.sources import find_files
from playground.service.port import Service
from playground.service.start import open_service
from playground.settings import Settings
from playground.tasks.answering.answering import AnsweringRequest
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.tokens.tokens import TokensRequest
from playground.tasks.translation.translation import TranslationRequest
from tests.benchmarks import bare
from tests.benchmarks.harness import Measured, paired, seconds
from tests.benchmarks.texts import PROMPT, QUESTIONS, SENTENCES, long_text, words

SETTINGS = Settings(device="cpu", answer_cache_mb=0, run_cache_mb=0, warm=False, hub=False)
ROOMS = {"tokens": 1.10, "attention": 1.10, "generation": 1.05, "sentiment": 1.05, "answering": 1.05, "translation": 1.05}
CHARACTERS, ATTENTION_TOKENS, NEW_TOKENS = 50_000, 128, 64
Sides = tuple[Callable[[], Any], Callable[[], Any], int]


@cache
def service() -> Service:
    return open_service(SETTINGS)


def overhead(room: str) -> Measured:
    """Seconds of one run of ours and of the bare one; each run is sized to take about as long as a person's request."""
    ours, reference, runs = SIDES[room]()
    return paired(lambda: seconds(ours), lambda: seconds(reference), runs, "s")


def smollm() -> Path:
    return find_files(find_model(DEFAULTS["generation"]), SETTINGS, lambda *_: None).folder


def _tokens() -> Sides:
    text, tokenize = long_text(CHARACTERS), bare.Tokens(smollm())
    request = TokensRequest(text, DEFAULTS["tokens"])
    ours, theirs = service().run(request), tokenize(text)
    assert len(text) == CHARACTERS
    assert np.array_equal(ours.ids, theirs["ids"])
    assert list(ours.pieces) == theirs["pieces"]
    return lambda: service().run(request), lambda: tokenize(text), 31


def _attention() -> Sides:
    text, attend = words(ATTENTION_TOKENS - 2), bare.Attention()
    request = AttentionMapRequest(AttentionRequest(text, "minilm-l6"), 0, "mean")
    ours, theirs = service().run(request), attend(text, 0)
    assert theirs["weights"].shape == (ATTENTION_TOKENS, ATTENTION_TOKENS)
    assert list(ours.queries.labels) == theirs["labels"]
    assert np.abs(ours.weights - theirs["weights"]).max() < 1e-4
    return lambda: service().run(request), lambda: attend(text, 0), 61


def _generation() -> Sides:
    write = bare.Generation(smollm())
    request = GenerationRequest(
        PROMPT, DEFAULTS["generation"], chat=False, temperature=0.0, repetition_penalty=1.0, max_new_tokens=NEW_TOKENS, seed=0
    )
    ours, theirs = service().run(request), write(PROMPT, NEW_TOKENS)
    assert (ours.text, ours.new_tokens) == (theirs["text"], NEW_TOKENS)
    return lambda: service().run(request), lambda: write(PROMPT, NEW_TOKENS), 11


def _sentiment() -> Sides:
    classify, model = bare.Sentiment(), DEFAULTS["sentiment"]
    for text in SENTENCES:
        ours, theirs = service().run(SentimentRequest(text, model)), classify(text)
        assert np.allclose(ours.logits, theirs["logits"], atol=1e-4), text
    return _one_by_one([SentimentRequest(t, model) for t in SENTENCES], classify, [(t,) for t in SENTENCES], 31)


def _answering() -> Sides:
    answer, model = bare.Answering(), DEFAULTS["answering"]
    for question, context in QUESTIONS:
        ours, theirs = service().run(AnsweringRequest(question, context, model)), answer(question, context)
        assert (ours.best and ours.best.text) == (theirs["answer"] and theirs["answer"]["text"]), question
        assert [c.text for c in ours.candidates] == [c["text"] for c in theirs["candidates"]], question
        assert np.allclose([c.score for c in ours.candidates], [c["score"] for c in theirs["candidates"]], atol=1e-4), question
    return _one_by_one([AnsweringRequest(q, c, model) for q, c in QUESTIONS], answer, QUESTIONS, 31)


def _translation() -> Sides:
    translate, model = bare.Translation(), DEFAULTS["translation"]
    for text in SENTENCES:
        ours, theirs = service().run(TranslationRequest(text, model)), translate(text)
        assert [c.text for c in ours.candidates] == [t for t, _ in theirs["candidates"]], text
        assert np.allclose([c.score for c in ours.candidates], [s for _, s in theirs["candidates"]], atol=1e-3), text
    return _one_by_one([TranslationRequest(t, model) for t in SENTENCES], translate, [(t,) for t in SENTENCES], 11)


def _one_by_one(requests: Sequence[Any], answer: Callable[..., Any], arguments: Sequence[tuple[str, ...]], runs: int) -> Sides:
    def ours() -> None:
        for request in requests:
            service().run(request)

    def reference() -> None:
        for values in arguments:
            answer(*values)

    return ours, reference, runs


SIDES: dict[str, Callable[[], Sides]] = {
    "tokens": _tokens,
    "attention": _attention,
    "generation": _generation,
    "sentiment": _sentiment,
    "answering": _answering,
    "translation": _translation,
}
