"""A service that needs no model: quick made-up answers of the right shape, for tests of pages and of the port itself."""

import time
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from playground.catalog import find_model
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.service.door import check_request
from playground.service.stream import Stream
from playground.tasks.answering import Answering, AnsweringRequest, Span
from playground.tasks.attention import (
    Attention,
    AttentionMapRequest,
    AttentionPart,
    AttentionRequest,
    AttentionShape,
    Side,
    find_shape,
)
from playground.tasks.beams import ROOT, BeamTree, BeamTreeRequest, Finished
from playground.tasks.beams import Candidate as Beamed
from playground.tasks.generation import Generation, GenerationRequest
from playground.tasks.influence import Influence, InfluenceRequest
from playground.tasks.nexttoken import NextLogits, NextLogitsRequest
from playground.tasks.outcome import Outcome, OutcomeRequest
from playground.tasks.precision import packed
from playground.tasks.reading import PromptReading, PromptReadingRequest
from playground.tasks.request import Batch, Progress, Request
from playground.tasks.sentiment import Sentiment, SentimentRequest
from playground.tasks.status import ModelStatus, Status, StatusRequest
from playground.tasks.steps import Steps, StepsRequest, Vectors, frozen, shares_of, work_through
from playground.tasks.tokens import Tokens, TokensRequest
from playground.tasks.tracing import Trace, Words
from playground.tasks.translation import Candidate, Translation, TranslationRequest
from playground.tasks.writing import Writing, WritingRequest

A = TypeVar("A")
SOURCE = "fake"


class FakeService:
    """Answers by rule; `delay` seconds pass before each answer, reported as Progress, and `calls` counts the answers made."""

    def __init__(self, delay: float = 0.0) -> None:
        self.delay, self.calls, self.working = delay, 0, 0

    def stream(self, request: Request[A]) -> Stream[A]:
        request = request.settled()
        check_request(request)
        return Stream.start(lambda watch: self._work(request, watch))

    def run(self, request: Request[A]) -> A:
        request = request.settled()
        check_request(request)
        return self._work(request, Watch())

    def _work(self, request: Request[A], watch: Watch) -> A:
        self.working += 1
        try:
            until = time.monotonic() + self.delay
            while time.monotonic() < until:
                watch.report(Progress("working", "Pretending to work"))
                time.sleep(min(0.05, self.delay))
            if isinstance(request, GenerationRequest):
                watch.report(_generation(request, 1))
            self.calls += 1
            return cast("A", _answer(request))
        finally:
            self.working -= 1


def _answer(request: Request[Any]) -> Any:
    if isinstance(request, Batch):
        return tuple(_answer(one) for one in request.requests)
    return _attention_part(request) if isinstance(request, AttentionPart) else _RULES[type(request)](request)


def _tokens(request: TokensRequest) -> Tokens:
    words = request.text.split()
    starts: list[int] = []
    for word in words:
        starts.append(request.text.index(word, starts[-1] + 1 if starts else 0))
    ends = [s + len(w) for s, w in zip(starts, words, strict=True)]
    ids = np.arange(len(words), dtype=np.int32)
    card = find_model(request.tokenizer, "tokens")
    return Tokens(request.text, card.slug, card.scheme, tuple(words), ids, np.array(starts, np.int32),
                  np.array(ends, np.int32), np.zeros(len(words), bool), card.window)  # fmt: skip


def _attention(request: AttentionRequest) -> Attention:
    card = find_model(request.model, "attention")
    kinds = {"encoder": ("self",), "decoder": ("masked",), "encoder-decoder": ("self", "masked", "cross")}[card.family]
    target = (request.target or request.text) if card.family == "encoder-decoder" else ""
    side, other = _side(request.text), _side(target or request.text)
    shapes = {"self": (side, side), "masked": (other, other), "cross": (other, side)}
    return Attention(card.slug, SOURCE, request.text, target, tuple(AttentionShape(k, 2, 3, *shapes[k]) for k in kinds))


def _side(text: str) -> Side:
    words = tuple(text.split()[:64])
    return Side(words, words, (False,) * len(words))


def _attention_part(request: AttentionPart[Any]) -> Any:
    run = _attention(request.of)
    layers = {shape.kind: [_weights(shape, layer) for layer in range(shape.layers)] for shape in run.shapes}
    return request.read(run, layers)


def _weights(shape: AttentionShape, layer: int) -> NDArray[np.uint16]:
    weights = np.random.default_rng(layer).random((shape.heads, len(shape.queries), len(shape.keys)), np.float32)
    if shape.kind == "masked":
        weights *= np.tri(len(shape.queries), dtype=np.float32)
    return packed(weights / weights.sum(axis=-1, keepdims=True))


def _writing(request: WritingRequest) -> Writing:
    side = _attention(AttentionRequest(request.text, request.model)).shapes[0].keys
    rows = np.tril(np.full((2, 3, len(side), len(side)), 65535, np.uint16)) // np.arange(1, len(side) + 1, dtype=np.uint16)[:, None]
    return Writing(request.model, "fake", request.text, len(side), side, (rows,), True)


def _influence(request: InfluenceRequest) -> Influence:
    shape = _attention(request.of).shapes[0]
    scores = np.linspace(-1, 1, len(shape.keys), dtype=np.float32)
    return Influence(request.of.model, shape.kind, request.query, shape.queries, shape.keys, scores, True, "the logit of “a”")


def _steps(request: StepsRequest) -> Steps:
    """Random vectors through the real formula; the projection changes nothing."""
    run, (head, place) = _attention(request.of), (request.head, request.query)
    shape = find_shape(run, AttentionMapRequest(request.of, request.layer, head, request.kind))
    if place >= len(shape.queries):
        raise BadInput(f"Query token {place} is out of range: there are tokens 0 to {len(shape.queries) - 1}.")
    keys, random = len(shape.keys), np.random.default_rng(request.layer)
    query, key, value = (random.standard_normal((shape.heads, n, 8), np.float32) for n in (len(shape.queries), keys, keys))
    mask = np.where((np.arange(keys) > place) & (shape.kind == "masked"), -np.inf, 0).astype(np.float32)
    vectors = Vectors(query[:, place], key, value, mask, None, 8**-0.5)
    made = work_through(vectors, scaling=request.scaling, masking=request.mask)
    plain = work_through(vectors, scaling=True, masking=True).weights[head]
    weights, output, joined = made.weights[head], made.output[head], frozen(made.output.reshape(-1))
    return Steps(
        run.model, shape.kind, request.layer, head, shape.heads, place, shape.queries, shape.keys, "absolute", vectors.scale,
        request.scaling, request.mask, None, frozen(vectors.query[head]), frozen(key[head]), frozen(made.scores[head]),
        frozen(made.scaled[head]), None, frozen(mask), frozen(weights), frozen(plain), frozen(value[head]),
        frozen(np.linalg.norm(weights[:, None] * value[head], axis=1)), frozen(shares_of(weights, value[head], output)),
        frozen(output), joined, joined,
    )  # fmt: skip


def _generation(request: GenerationRequest, words: int = 3) -> Generation:
    text, done = " ".join(["word"] * (len(request.written) + words)), words == 3
    return Generation(request.model, SOURCE, text, len(request.prompt.split()), words, request.max_new_tokens, 8192, request.seed or 0,
                      0.1 * words, 0.1, done, "end" if done else "", _trace(request, words))  # fmt: skip


def _trace(request: GenerationRequest, count: int) -> Trace | None:
    """Token i has id i and probability 1/2; as many alternatives as asked for, with ever lower logits."""
    if not request.alternatives:
        return None
    ids, many = np.arange(count, dtype=np.int32), request.alternatives
    beside = np.tile(-np.arange(many, dtype=np.float32), (count, 1))
    after = np.full(count, 0.5, np.float32)
    words = Words(tuple(range(count + many)), tuple(f" word{i}" for i in range(count + many)), (False,) * (count + many))
    others = np.arange(many, dtype=np.int32) + ids[:, None]
    return Trace(ids, np.zeros(count, np.float32), np.full(count, np.log(2), np.float32), after, np.full(count, 0.25), ids + 1, others,
                 beside, np.exp(beside) / np.float32(2), words)  # fmt: skip


def _next_logits(request: NextLogitsRequest) -> NextLogits:
    logits = -np.arange(100, dtype=np.float32)
    words = Words(tuple(range(100)), tuple(f" word{i}" for i in range(100)), (False,) * 100)
    return NextLogits(request.of.model, SOURCE, logits, np.arange(3, dtype=np.int32), words, 0.25, 3, len(request.of.written))


def _reading(request: PromptReadingRequest) -> PromptReading:
    labels = tuple(request.of.prompt.split()[:64])
    count = len(labels)
    chances = np.array([np.nan, *[-np.log(2)] * (count - 1)], np.float32)
    return PromptReading(request.of.model, SOURCE, request.of.chat, request.of.prompt, np.arange(count, dtype=np.int32), labels,
                         (False,) * count, (True,) * count, chances, labels, np.exp(chances))  # fmt: skip


def _beams(request: BeamTreeRequest) -> BeamTree:
    """Two candidates a beam in one step: the first half ends, the rest is pruned."""
    beams = request.of.beams
    nodes = tuple(
        Beamed(1, ROOT, i, f" word{i}", -0.5 * (i + 1), -0.5 * (i + 1), i + 1, "ended" if i < beams else "pruned")
        for i in range(2 * beams)
    )
    done = tuple(Finished((i,), f"word{i}", nodes[i].total, nodes[i].total) for i in range(beams))
    return BeamTree(request.of.model, SOURCE, beams, len(request.of.prompt.split()), 1, nodes, done)


def _sentiment(request: SentimentRequest) -> Sentiment:
    good = 0.9 if "good" in request.text.lower() or "love" in request.text.lower() else 0.2
    return Sentiment(request.model, SOURCE, request.text, ("negative", "positive"), (0.0, 1.0), (1 - good, good), len(request.text.split()))


def _answering(request: AnsweringRequest) -> Answering:
    words = request.context.split()
    spans = [Span(w, s := request.context.index(w), s + len(w), 0.5 / (i + 1)) for i, w in enumerate(words[:3])]
    best = None if "nobody" in request.question.lower() else spans[0]
    return Answering(request.model, SOURCE, request.question, request.context, best, 0.4, tuple(spans), 1)


def _translation(request: TranslationRequest) -> Translation:
    found = tuple(Candidate(f"{request.text} ({i + 1})", -0.1 * (i + 1)) for i in range(request.beams))
    return Translation(request.model, SOURCE, request.text, found, len(request.text.split()), len(request.text.split()))


def _status(request: StatusRequest) -> Status:
    return Status((ModelStatus("smollm2-135m", "ready", source=SOURCE, bytes=1),), "cpu", 0)


_RULES: dict[type[Request[Any]], Callable[[Any], Any]] = {
    TokensRequest: _tokens,
    AttentionRequest: _attention,
    StepsRequest: _steps,
    InfluenceRequest: _influence,
    WritingRequest: _writing,
    OutcomeRequest: lambda request: Outcome(request.of.model, "next token", (("a", 0.5), ("b", 0.25))),
    GenerationRequest: _generation,
    SentimentRequest: _sentiment,
    AnsweringRequest: _answering,
    TranslationRequest: _translation,
    StatusRequest: _status,
    NextLogitsRequest: _next_logits,
    PromptReadingRequest: _reading,
    BeamTreeRequest: _beams,
}
