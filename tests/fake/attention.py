"""The fake's answers for the room of attention: random weights in two layers of three heads, random vectors through the real formulas."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from playground.catalog import find_model
from playground.errors import BadInput
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
from playground.tasks.precision import packed
from playground.tasks.side import Side
from tests.fake.words import SOURCE, Rules


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


RULES: Rules = {
    AttentionRequest: _attention,
    AttentionPart: _attention_part,
    StepsRequest: _steps,
    InfluenceRequest: _influence,
    WritingRequest: _writing,
    OutcomeRequest: lambda request: Outcome(request.of.model, "next token", (("a", 0.5), ("b", 0.25))),
}
