"""The fake's answers for the room of embeddings. Random vectors of the right shapes through the real maths."""

from dataclasses import replace
from typing import Any

import numpy as np

from playground.catalog import find_model
from playground.errors import BadInput
from playground.tasks.embeddings.anatomy import Anatomy, AnatomyRequest, Component
from playground.tasks.embeddings.block import Block, BlockRequest, Neuron, Stage
from playground.tasks.embeddings.embeddings import (
    Embeddings,
    EmbeddingsRequest,
    Neighbour,
    Neighbours,
    NeighboursRequest,
    Part,
    cosine_matrix,
    principal_axes,
    triangle,
)
from playground.tasks.embeddings.multihead import MultiHead, MultiHeadRequest
from playground.tasks.embeddings.positions import PositionsRequest, PositionTable, Shuffle, ShuffleRequest, mean_by_distance
from playground.tasks.embeddings.similarity import Similarity, SimilarityRequest
from tests.fake.words import Rules

WIDTH, STAGES = 8, ("embedding", "after block 0", "after block 1")


def _vectors(*shape: int) -> Any:
    made = np.random.default_rng(len(shape)).standard_normal(shape, np.float32)
    made.setflags(write=False)
    return made


def _stack(request: EmbeddingsRequest) -> str:
    return request.stack or {"encoder-decoder": "encoder"}.get(family := find_model(request.model).family, family)


def _labels(request: EmbeddingsRequest) -> tuple[str, ...]:
    return (*request.text.split()[:48], *request.second.split()[:48])


def _checked(request: EmbeddingsRequest, token: int, stage: int) -> tuple[str, ...]:
    labels = _labels(request)
    if token >= len(labels):
        raise BadInput(f"Token {token} is out of range: there are tokens 0 to {len(labels) - 1}.")
    if stage >= len(STAGES):
        raise BadInput(f"Stage {stage} is out of range: there are stages 0 to {len(STAGES) - 1}.")
    return labels


def _embeddings(request: EmbeddingsRequest) -> Embeddings:
    labels, texts = _labels(request), (request.text, *((request.second,) if request.second else ()))
    n, fitted = len(labels), np.ones(len(labels), bool)
    second = len(request.text.split()[:48]) if request.second else 0
    vectors = _vectors(len(STAGES), n, WIDTH)
    alone = [principal_axes(some, fitted) for some in vectors]
    flat, shares = principal_axes(vectors.reshape(-1, WIDTH), np.tile(fitted, len(STAGES)))
    return Embeddings(
        request.model, "fake", _stack(request), "learned", texts, labels, (False,) * n, second, 0,
        (Part("token", vectors[0] / 2), Part("position", vectors[0] / 2)), None, STAGES, np.linalg.norm(vectors, axis=2),
        np.stack([triangle(cosine_matrix(some)) for some in vectors]), flat.reshape(len(STAGES), n, 3),
        np.stack([one for one, _ in alone]), shares, np.stack([share for _, share in alone]),
    )  # fmt: skip


def _neighbours(request: NeighboursRequest) -> Neighbours:
    labels = _checked(request.of, request.token, request.stage)
    found = tuple(Neighbour(i, f"entry {i}", 1 - i / 60) for i in range(request.count))
    return Neighbours(request.of.model, labels[request.token], STAGES[request.stage], found, 1, 1.0, 1000)


def _positions(request: PositionsRequest) -> PositionTable:
    table = _vectors(16, WIDTH)
    full = cosine_matrix(table)
    near = mean_by_distance(full)
    return PositionTable(request.of.model, _stack(request.of), "learned", 512, table, triangle(full), near, 1.0, 2.0, None, None)


def _shuffle(request: ShuffleRequest) -> Shuffle:
    labels = tuple(request.of.text.split()[:48])
    if len(labels) < 2:
        raise BadInput("One word has only one order. Type two words or more.")
    n = len(labels)
    order = list(range(n))[::-1] if request.way == "reversed" else [int(i) for i in np.random.default_rng(request.seed).permutation(n)]
    moved = np.argsort(order).astype(np.int32)
    return Shuffle(request.of.model, _stack(request.of), "learned", " ".join(labels), " ".join(labels[i] for i in order), labels,
                   (False,) * n, moved, np.linspace(0.5, 0.9, n, dtype=np.float32), np.ones(n, np.float32), 1e-6, n)  # fmt: skip


def _similarity(request: SimilarityRequest) -> Similarity:
    made = cosine_matrix(_vectors(len(request.texts), WIDTH))
    return Similarity(request.model, "fake", request.texts, tuple(len(text.split()) for text in request.texts), made, 0)


def _block(request: BlockRequest) -> Block:
    labels = _checked(replace(request.of, second=""), request.token, request.layer)
    n, vectors = len(labels), _vectors(5, len(labels), WIDTH)
    names = (("the stream comes in", "stream"), ("layer norm, read by self-attention", "norm"), ("self-attention adds", "added"),
             ("the stream after it", "stream"), ("the feed-forward adds", "added"))  # fmt: skip
    stages = tuple(Stage(name, kind, vectors[i, request.token], np.linalg.norm(vectors[i], axis=1)) for i, (name, kind) in enumerate(names))  # type: ignore[arg-type]
    neurons = (Neuron(3, 1.5, 2.0, vectors[0, :, 0], ("a", "b")), Neuron(1, -0.5, 1.0, vectors[0, :, 1], ("c", "d")))
    return Block(request.of.model, _stack(request.of), request.layer, 2, request.token, labels, (False,) * n, True, "layer norm",
                 "W₂ · GELU(W₁ · x)", stages, neurons, 32, 0.25, ("self-attention", "feed-forward"), np.abs(_vectors(2, 2)),
                 np.array([1, 2, 3], np.float32))  # fmt: skip


def _anatomy(request: AnatomyRequest) -> Anatomy:
    card = find_model(request.model)
    made = (Component("", "token embeddings", 1, 800, "word 100×8"), Component(card.family, "self-attention", 2, 256, "query 8×8"))
    return Anatomy(card.slug, card.name, card.family, "fake", made, 1312, 5248, "", (("width (hidden size)", "8"), ("blocks", "2")))


def _multihead(request: MultiHeadRequest) -> MultiHead:
    labels = _checked(replace(request.of, second=""), 0, request.layer)
    out = _vectors(len(labels), WIDTH)
    weights = np.full((2, len(labels), len(labels)), 1 / len(labels), np.float32)
    return MultiHead(request.of.model, request.layer, 2, labels, 2, WIDTH, "import torch\n", out, out, out, weights, 0.0, 0.0, 0.0)


RULES: Rules = {
    EmbeddingsRequest: _embeddings,
    NeighboursRequest: _neighbours,
    PositionsRequest: _positions,
    ShuffleRequest: _shuffle,
    SimilarityRequest: _similarity,
    BlockRequest: _block,
    AnatomyRequest: _anatomy,
    MultiHeadRequest: _multihead,
}
