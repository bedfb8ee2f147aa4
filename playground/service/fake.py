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
from playground.service.fake_answering import ANSWERING_RULES, words_as_tokens
from playground.service.fake_vectors import VECTOR_RULES
from playground.service.fake_writing import WRITING_RULES, written
from playground.service.stream import Stream
from playground.tasks.attention.attention import (
    Attention,
    AttentionMapRequest,
    AttentionPart,
    AttentionRequest,
    AttentionShape,
    find_shape,
)
from playground.tasks.attention.dot_product import Steps, StepsRequest, Vectors, frozen, shares_of, work_through
from playground.tasks.attention.influence import Influence, InfluenceRequest
from playground.tasks.attention.outcome import Outcome, OutcomeRequest
from playground.tasks.attention.writing import Writing, WritingRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.learn.fresh_head import FreshHead, FreshHeadRequest
from playground.tasks.learn.hosted import Hosted, HostedRequest
from playground.tasks.learn.issues import Issue, IssueRequest
from playground.tasks.passages import passages_of
from playground.tasks.precision import packed
from playground.tasks.request import Batch, Progress, Request
from playground.tasks.sentiment.attribution import Attribution, AttributionRequest
from playground.tasks.sentiment.sentiment import Sentiment, SentimentRequest
from playground.tasks.side import Side
from playground.tasks.status import ModelStatus, Status, StatusRequest
from playground.tasks.tokens.bpe import MergeTables
from playground.tasks.tokens.budget import Budget, BudgetRequest
from playground.tasks.tokens.misreading import Misreading, MisreadingRequest
from playground.tasks.tokens.segmentation import Cutting, CuttingRequest, Segment, cut_words
from playground.tasks.tokens.tokens import TokensRequest
from playground.tasks.translation.document import Document, DocumentRequest
from playground.tasks.translation.forced_decoding import ForcedDecoding, ForcedDecodingRequest
from playground.tasks.translation.translation import Candidate, Translation, TranslationRequest
from playground.tasks.words import words_of

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
                watch.report(written(request, 1))
            self.calls += 1
            return cast("A", _answer(request))
        finally:
            self.working -= 1


def _answer(request: Request[Any]) -> Any:
    if isinstance(request, Batch):
        return tuple(_answer(one) for one in request.requests)
    return _attention_part(request) if isinstance(request, AttentionPart) else _RULES[type(request)](request)


def _cutting(request: CuttingRequest) -> Cutting:
    """Letters merged in pairs by a small made-up table; no special tokens."""
    words, letters = tuple(request.text.split()), sorted({*request.text, "ab", "cd", "abcd"})
    tables = MergeTables({piece: i for i, piece in enumerate(letters)}, {("a", "b"): 0, ("c", "d"): 1, ("ab", "cd"): 2})
    card, made = find_model(request.tokenizer, "tokens"), cut_words((Segment(request.text, request.text, words),), tables)
    pieces, ids = (tuple(x for word in made for x in getattr(word, name)) for name in ("pieces", "ids"))
    segments = (Segment(request.text, request.text, words),)
    return Cutting(request.text, card.slug, card.scheme, request.text, segments, made, pieces, ids, (False,) * len(ids), True)


def _budget(request: BudgetRequest) -> Budget:
    card, text = find_model(request.tokenizer, "tokens"), request.text
    return Budget(card.slug, len(text.split()), 0, len(text), len(text.encode()), card.window, 0.0)


def _misreading(request: MisreadingRequest) -> Misreading:
    pieces = tuple(f"word{i}" if i < 1000 else None for i in request.ids)
    return Misreading(request.tokenizer, request.ids, pieces, " ".join(piece or "" for piece in pieces), 1000)


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
    even = np.tri(len(side), dtype=np.float32) / np.arange(1, len(side) + 1, dtype=np.float32)[:, None]
    rows = packed(np.tile(even, (2, 3, 1, 1)))
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


def _sentiment(request: SentimentRequest) -> Sentiment:
    good = 0.9 if "good" in request.text.lower() or "love" in request.text.lower() else 0.2
    return Sentiment(request.model, SOURCE, request.text, ("negative", "positive"), (0.0, 1.0), (1 - good, good), len(request.text.split()))


def _attribution(request: AttributionRequest) -> Attribution:
    """Words are units, and every letter of one is worth 0.1, above 0 in every other word; integrated gradients leave no gap."""
    made, spans = _sentiment(request.of), np.array(words_of(request.of.text), np.int32)
    starts, ends = spans.T.copy()
    scores = 0.1 * (ends - starts).astype(np.float64) * (-1.0) ** np.arange(len(spans)) * (1 if request.method == "occlusion" else 2)
    for array in (starts, ends, scores):
        array.setflags(write=False)
    return Attribution(
        made.model, SOURCE, made.text, request.method, request.unit, "[MASK]", request.label or made.verdict, made.labels, made.logits,
        made.probabilities, starts, ends, scores, 1.0, 1.0 - float(scores.sum()), 0,
    )  # fmt: skip


def _translation(request: TranslationRequest) -> Translation:
    begin = f"{request.begin} " if request.begin else "".join(f"w{i} " for i in request.begin_ids)
    size, forced = len(request.text.split()), len(begin.split())
    ids = tuple(range(size + forced + 1))
    scores = [-0.1 * (i + 1) for i in range(request.beams)]
    found = tuple(Candidate(f"{begin}{request.text} ({i + 1})", score, score * len(ids), ids) for i, score in enumerate(scores))
    return Translation(request.model, SOURCE, request.text, found, size, size, forced)


def _document(request: DocumentRequest) -> Document:
    passages = passages_of(request.text)
    made = tuple(_translation(TranslationRequest(p.text, request.model, request.beams)) if p.sentence else None for p in passages)
    return Document(request.model, SOURCE, request.text, passages, made)


def _forced_decoding(request: ForcedDecodingRequest) -> ForcedDecoding:
    """Two layers of three heads whose rows are equal weights; token i has rank 0 and two alternatives."""
    made = _translation(request.of)
    chosen = made.candidates[min(request.candidate, len(made.candidates) - 1)]
    words, source = (*chosen.text.split()[: len(chosen.ids) - 1], "⟨end⟩"), tuple(request.of.text.split())
    read = Side(source, tuple(f"▁{w}" for w in source), (False,) * len(source))
    written = Side(words, tuple(f"▁{w}" for w in words), (*[False] * (len(words) - 1), True))
    weights = packed(np.full((2, 3, len(words), len(read)), 1 / max(1, len(read)), np.float32))
    alternatives = np.tile(np.array([2.0, 1.0], np.float32), (len(words), 1))
    totals = np.full(len(words), 2.4, np.float32)
    return ForcedDecoding(
        made.model, SOURCE, request.of.text, chosen.text, read, written, chosen.ids[: len(words)], made.forced, weights,
        frozen(alternatives[:, 0].copy()), frozen(totals), np.zeros(len(words), np.int32), tuple((w, "autre") for w in words),
        np.tile(np.array([0, 1], np.int32), (len(words), 1)), frozen(alternatives), 1, "measured: made up",
    )  # fmt: skip


def _fresh_head(request: FreshHeadRequest) -> FreshHead:
    logits = np.stack([np.random.default_rng(s).standard_normal((len(request.texts), 2), np.float32) for s in request.seeds])
    return FreshHead(request.model, SOURCE, request.texts, request.seeds, frozen(logits))


def _status(request: StatusRequest) -> Status:
    return Status((ModelStatus("smollm2-135m", "ready", source=SOURCE, bytes=1),), "cpu", 0)


_RULES: dict[type[Request[Any]], Callable[[Any], Any]] = {
    **WRITING_RULES,
    **ANSWERING_RULES,
    TokensRequest: words_as_tokens,
    AttentionRequest: _attention,
    StepsRequest: _steps,
    InfluenceRequest: _influence,
    WritingRequest: _writing,
    OutcomeRequest: lambda request: Outcome(request.of.model, "next token", (("a", 0.5), ("b", 0.25))),
    SentimentRequest: _sentiment,
    TranslationRequest: _translation,
    DocumentRequest: _document,
    ForcedDecodingRequest: _forced_decoding,
    StatusRequest: _status,
    FreshHeadRequest: _fresh_head,
    IssueRequest: lambda r: Issue(r.kind, r.model, SOURCE, "IndexError", "index out of range", "other words", "6 tokens read"),
    HostedRequest: lambda r: Hosted("fake-hosted", f"Far away: {r.prompt}", 3, 0.3, 0.1, True, "stop"),
    AttributionRequest: _attribution,
    **VECTOR_RULES,
    CuttingRequest: _cutting,
    BudgetRequest: _budget,
    MisreadingRequest: _misreading,
}
