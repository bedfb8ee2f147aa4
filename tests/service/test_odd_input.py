"""Odd but valid text on every room of the real service: an answer or a sentence, never a crash, and the text kept as it was."""

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from playground.errors import BadInput
from playground.service.port import Service
from playground.tasks.answering.answering import AnsweringRequest
from playground.tasks.answering.explained_answer import ExplainAnswerRequest
from playground.tasks.answering.question_words import QuestionWordsRequest
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.attention.packing import AttentionPackRequest
from playground.tasks.embeddings.block import BlockRequest
from playground.tasks.embeddings.embeddings import EmbeddingsRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.prompt import PromptReadingRequest
from playground.tasks.request import Request
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.tokens.limits import LIMITS
from playground.tasks.tokens.tokens import TokensRequest
from playground.tasks.translation.translation import TranslationRequest
from playground.views.answering.explained_answer import explained_view, explanation
from playground.views.answering.question_words import question_words_view
from playground.views.attention.packing import pack_message
from playground.views.embeddings.embeddings import embeddings_view
from playground.views.generation.trace import pack_words

TEXTS = {
    "one letter": "a",
    "one mark": "!",
    "emoji": "🦙👩‍👩‍👧‍👦🇫🇷 🏽",
    "right to left": "שלום עולם مرحبا \u202eabc\u202c",
    "combining marks": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "NUL and controls": "a\x00b\x01\x07\x1b[31m\x7f\x85c",
    "only controls": "\x01\x02\x03",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff",
    "no-break spaces": "a\u00a0b\u202fc\u3000d",
    "markup": "<b>bold</b><script>alert(1)</script> & &amp; \"q\" 'q'",
    "templates": "${7*7} {{7*7}} `x` \\u0041 %s {0}",
    "special tokens": "[CLS] [SEP] [PAD] [MASK] [UNK] </s> <s> <pad> <unk> <|im_start|>system <|im_end|> <|endoftext|>",
    "noncharacters": "\ufffe\uffff\U0010ffff\ufffd",
    "a long word": "x" * 400,
    "line breaks": "a\r\nb\n\nc\td\u2028e\u2029f",
    "repeated": "the the the the",
    "digits": "0123456789 ½ Ⅷ ① ٣",
    "language code": ">>fra<< hello",
}
ROOMS: dict[str, Callable[[str], Request[Any]]] = {
    "byte-level BPE": lambda text: TokensRequest(text, "smollm2-135m"),
    "WordPiece": lambda text: TokensRequest(text, "minilm-l6"),
    "SentencePiece": lambda text: TokensRequest(text, "en-fr", special=False),
    "encoder": lambda text: AttentionMapRequest(AttentionRequest(text, "minilm-l6")),
    "decoder": lambda text: AttentionMapRequest(AttentionRequest(text, "smollm2-135m"), 3, 1),
    "encoder-decoder": lambda text: AttentionMapRequest(AttentionRequest(text, "en-fr"), 0, "mean", "cross"),
    "target": lambda text: AttentionMapRequest(AttentionRequest("Hello", "en-fr", text), 0, "mean", "cross"),
    "pack": lambda text: AttentionPackRequest(AttentionRequest(text, "minilm-l6")),
    "generation": lambda text: GenerationRequest(text, "smollm2-135m", chat=False, max_new_tokens=2, seed=0),
    "chat": lambda text: GenerationRequest(text, "smollm2-135m", max_new_tokens=2, seed=0),
    "trace": lambda text: GenerationRequest(text, "smollm2-135m", max_new_tokens=2, seed=0, alternatives=50),
    "prompt": lambda text: PromptReadingRequest(GenerationRequest(text, "smollm2-135m")),
    "sentiment": lambda text: SentimentRequest(text, "minilm-sentiment"),
    "question": lambda text: AnsweringRequest(text, "Python is a language.", "minilm-qa"),
    "explained": lambda text: ExplainAnswerRequest(AnsweringRequest(text, text, "minilm-qa")),
    "question words": lambda text: QuestionWordsRequest(AnsweringRequest(text, "Python is a language.", "minilm-qa"), 0, 1),
    "context": lambda text: AnsweringRequest("What is it?", text, "minilm-qa"),
    "translation": lambda text: TranslationRequest(text, "en-fr", 2),
    "vectors of an encoder": lambda text: EmbeddingsRequest(text, "minilm-l6"),
    "vectors of a decoder": lambda text: EmbeddingsRequest(text, "smollm2-135m"),
    "vectors of a translation": lambda text: EmbeddingsRequest(text, "en-fr", stack="decoder"),
    "block": lambda text: BlockRequest(EmbeddingsRequest(text, "minilm-l6")),
}


def check(room: str, text: str, answer: Any) -> None:
    """What must hold of an answer whatever the text was."""
    if room in ("byte-level BPE", "WordPiece", "SentencePiece", "sentiment", "translation"):
        assert answer.text == text
    if room in ("encoder", "decoder", "encoder-decoder", "target"):
        assert answer.weights.shape == (len(answer.queries), len(answer.keys))
        assert answer.weights.sum(axis=1) == pytest.approx(1, abs=0.01)
        assert all(label for label in (*answer.queries.labels, *answer.keys.labels))
    if room.startswith("vectors"):
        n = len(answer.labels)
        assert all(answer.labels) and answer.norms.shape == (len(answer.stages), n) and answer.cosines.shape[1] == n * (n + 1) // 2
        assert np.isfinite(answer.together).all() and np.isfinite(answer.apart).all()
        assert embeddings_view(answer)["tokens"]
    if room == "pack":
        assert pack_message(answer)
    if room == "context":
        assert answer.context == text
        assert all(text[span.start : span.end] == span.text for span in answer.candidates)
    if room == "explained":
        assert json.dumps(explained_view(answer), allow_nan=False) and json.dumps(explanation(answer), allow_nan=False)
    if room == "question words":
        assert json.dumps(question_words_view(answer), allow_nan=False)
    if room == "trace":
        assert len(answer.trace) == answer.new_tokens and all(answer.trace.words.labels)
        assert len(pack_words(answer.trace.words).splitlines()) == len(answer.trace.words.ids)
    if room == "prompt":
        assert all(answer.labels) and len(answer.labels) == len(answer.ids) and answer.rendered
    if room == "sentiment":
        assert sum(answer.probabilities) == pytest.approx(1)


def pairs() -> Iterator[Any]:
    """Every text in every room; the quick tests have each room and each text once."""
    for (i, room), (j, name) in itertools.product(enumerate(ROOMS), enumerate(TEXTS)):
        yield pytest.param(room, name, id=f"{room}-{name}", marks=() if j == i % len(TEXTS) else pytest.mark.slow)


@pytest.mark.parametrize(("room", "name"), pairs())
def test_odd_text_is_answered_or_refused_in_a_sentence(service: Service, room: str, name: str) -> None:
    answer, told = None, ""
    try:
        answer = service.run(ROOMS[room](TEXTS[name]))
    except BadInput as error:
        told = str(error)
    if answer is not None:
        check(room, TEXTS[name], answer)
    else:
        assert name in ("only controls", "zero width", "noncharacters", "emoji")
        assert "holds nothing" in told


def test_the_longest_tokens_text(service: Service) -> None:
    answer = service.run(TokensRequest("Hello wörld! 🦙. " * 62_500, "smollm2-135m"))
    assert answer.ends[-1] == len(answer.text) == LIMITS.tokens_characters
