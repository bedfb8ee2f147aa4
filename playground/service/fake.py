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
from playground.service.fake_vectors import VECTOR_RULES
from playground.service.stream import Stream
from playground.tasks.answering import Answering, AnsweringRequest, AnswerManyRequest, ManyAnswers, Span
from playground.tasks.attention import (
    Attention,
    AttentionMapRequest,
    AttentionPart,
    AttentionRequest,
    AttentionShape,
    Side,
    find_shape,
)
from playground.tasks.attribution import Attribution, AttributionRequest
from playground.tasks.beams import ROOT, BeamTree, BeamTreeRequest, Finished
from playground.tasks.beams import Candidate as Beamed
from playground.tasks.budget import Budget, BudgetRequest
from playground.tasks.cutting import Cutting, CuttingRequest, Segment, cut_words
from playground.tasks.document import Document, DocumentRequest
from playground.tasks.explained_answer import ContextWindow, ExplainAnswerRequest, ExplainedAnswer
from playground.tasks.forced_decoding import ForcedDecoding, ForcedDecodingRequest
from playground.tasks.fresh_head import FreshHead, FreshHeadRequest
from playground.tasks.generation import Generation, GenerationRequest
from playground.tasks.hosted import Hosted, HostedRequest
from playground.tasks.influence import Influence, InfluenceRequest
from playground.tasks.issues import Issue, IssueRequest
from playground.tasks.lens import Lens, LensRequest
from playground.tasks.merging import MergeTables
from playground.tasks.misreading import Misreading, MisreadingRequest
from playground.tasks.nexttoken import NextLogits, NextLogitsRequest
from playground.tasks.outcome import Outcome, OutcomeRequest
from playground.tasks.pace import Pace, PaceRequest
from playground.tasks.passages import passages_of
from playground.tasks.precision import packed
from playground.tasks.question_words import QuestionWords, QuestionWordsRequest
from playground.tasks.reading import PromptReading, PromptReadingRequest
from playground.tasks.request import Batch, Progress, Request
from playground.tasks.sentiment import Sentiment, SentimentRequest
from playground.tasks.spans import ScoredSpan
from playground.tasks.status import ModelStatus, Status, StatusRequest
from playground.tasks.steps import Steps, StepsRequest, Vectors, frozen, shares_of, work_through
from playground.tasks.tokens import Tokens, TokensRequest
from playground.tasks.tracing import Trace, Words
from playground.tasks.translation import Candidate, Translation, TranslationRequest
from playground.tasks.words import words_of
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
                 beside, (np.exp(beside) / 2).astype(np.float32), words)  # fmt: skip


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


def _attribution(request: AttributionRequest) -> Attribution:
    """Words are units, and every letter of one is worth 0.1, above 0 in every other word; integrated gradients leave no gap."""
    made, spans = _sentiment(request.of), np.array(words_of(request.of.text), np.int32)
    starts, ends = spans.T.copy()
    scores = 0.1 * (ends - starts).astype(np.float64) * (-1.0) ** np.arange(len(spans)) * (1 if request.method == "occlusion" else 2)
    for array in (starts, ends, scores):
        array.setflags(write=False)
    return Attribution(
        made.model, SOURCE, made.text, request.method, request.unit, "[MASK]", request.label or made.label, made.labels, made.logits,
        made.probabilities, starts, ends, scores, 1.0, 1.0 - float(scores.sum()), 0,
    )  # fmt: skip


def _answering(request: AnsweringRequest) -> Answering:
    words = request.context.split()
    spans = [Span(w, s := request.context.index(w), s + len(w), 0.5 / (i + 1)) for i, w in enumerate(words[:3])]
    best = None if "nobody" in request.question.lower() else spans[0]
    return Answering(request.model, SOURCE, request.question, request.context, best, 0.4, tuple(spans), 1)


def _answer_many(request: AnswerManyRequest) -> ManyAnswers:
    return ManyAnswers(request.model, request.context, tuple(map(_answering, request.each())), len(request.questions))


def _explained_answer(request: ExplainAnswerRequest) -> ExplainedAnswer:
    """Words are tokens; the first is the best start and end, each later one a logit less, in one window."""
    cut = _tokens(TokensRequest(request.of.context, "minilm-l6"))
    logits = frozen(2 - np.arange(len(cut.ids), dtype=np.float32))
    spans = tuple(ScoredSpan(i, i, float(logits[i]), float(logits[i]), 0) for i in range(min(3, len(logits))))
    window = ContextWindow(0, len(logits), logits, logits, 0.5, 0.5, spans[0])
    nobody = "nobody" in request.of.question.lower()
    made, threshold = _answering(request.of), -9.0 if nobody else 0.0
    return ExplainedAnswer(made, cut.starts, cut.ends, (window,), spans, 1.0, 4.5, threshold, 1.0, 30, 128, 384)


def _question_words(request: QuestionWordsRequest) -> QuestionWords:
    cut = _tokens(TokensRequest(request.of.question, "minilm-l6"))
    without = frozen(np.linspace(-1, 3, len(cut.ids), dtype=np.float32))
    span = request.of.context.split()[request.first]
    starts, ends = tuple(cut.starts.tolist()), tuple(cut.ends.tolist())
    return QuestionWords(request.of.model, request.of.question, span, 0, starts, ends, 2.0, without, tuple(span for _ in starts))


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


def _pace(request: PaceRequest) -> Pace:
    fast, slow = (0.1,) + (0.01,) * (request.tokens - 1), tuple(0.1 + 0.01 * i for i in range(request.tokens))
    return Pace(request.model, SOURCE, "word", len(request.prompt.split()), fast, slow, 100, "float32", True, True)


def _lens(request: LensRequest) -> Lens:
    words = tuple(request.prompt.split())
    shares = np.tile(np.linspace(0.5, 0.1, request.most, dtype=np.float32), (3, 1))
    texts = tuple(tuple(f"{row}{i}" for i in range(request.most)) for row in "abb")
    position = request.position % len(words)
    return Lens(request.model, SOURCE, words, (False,) * len(words), position, texts, shares, np.array([9, 1, 1], np.int32))


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
    DocumentRequest: _document,
    ForcedDecodingRequest: _forced_decoding,
    StatusRequest: _status,
    FreshHeadRequest: _fresh_head,
    IssueRequest: lambda r: Issue(r.kind, r.model, SOURCE, "IndexError", "index out of range", "other words", "6 tokens read"),
    HostedRequest: lambda r: Hosted("fake-hosted", f"Far away: {r.prompt}", 3, 0.3, 0.1, True, "stop"),
    PaceRequest: _pace,
    LensRequest: _lens,
    AttributionRequest: _attribution,
    AnswerManyRequest: _answer_many,
    ExplainAnswerRequest: _explained_answer,
    QuestionWordsRequest: _question_words,
    NextLogitsRequest: _next_logits,
    PromptReadingRequest: _reading,
    BeamTreeRequest: _beams,
    **VECTOR_RULES,
    CuttingRequest: _cutting,
    BudgetRequest: _budget,
    MisreadingRequest: _misreading,
}
