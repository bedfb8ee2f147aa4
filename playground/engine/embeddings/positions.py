"""Positions as the model has them: its table, its rotation or its bias; and a text whose words change places."""

from collections.abc import Iterable, Sequence

import numpy as np
import torch

from playground.engine.codec import Encoded
from playground.engine.embeddings.embeddings import frozen
from playground.engine.models import Loaded
from playground.engine.reading_in import shortened
from playground.engine.source_texts import encoded, source_of
from playground.engine.stack import Passage, Stack, Tape, numbers, put_through, read_passage, stack_of
from playground.engine.tap import open_tap
from playground.engine.token_labels import labels_of
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.embeddings.embeddings import Floats, cosine_matrix, triangle
from playground.tasks.embeddings.positions import (
    SHOWN,
    PositionsRequest,
    PositionTable,
    Rotary,
    Shuffle,
    ShuffleRequest,
    mean_by_distance,
    reordered,
    turned,
)
from playground.tasks.limits import LIMITS


def look_up(loaded: Loaded, requests: list[PositionsRequest], watch: Watch) -> list[PositionTable]:
    """One answer a request, in order."""
    return [_look_up(loaded, request, watch) for request in requests]


def _look_up(loaded: Loaded, request: PositionsRequest, watch: Watch) -> PositionTable:
    watch.check()
    stack = stack_of(loaded, request.of.stack)
    layout, passage = stack.layout, read_passage(loaded, stack, request.of.text)
    table = cosines = by_distance = bias = rotary = None
    tokens = put_through(loaded, stack, passage, {"token": stack.part(layout.parts[0][1])}).outputs["token"]
    tokens = tokens * np.float32(getattr(stack.module, "embed_scale", 1.0))
    if layout.positions in ("learned", "sinusoidal"):
        table = numbers(stack.part(dict(layout.parts)["position"]).weight[: min(SHOWN, loaded.window)])
        full = cosine_matrix(table)
        cosines, by_distance = frozen(triangle(full)), frozen(mean_by_distance(full))
    elif layout.positions == "rotary":
        rotary = _rotary(loaded, stack, passage, request)
    else:
        bias = _bias(stack)
    norm = float(np.linalg.norm(table, axis=1).mean()) if table is not None else 0.0
    return PositionTable(
        loaded.card.slug, stack.name, layout.positions, loaded.window, table, cosines, by_distance, norm,  # type: ignore[arg-type]
        float(np.linalg.norm(tokens, axis=1).mean()), bias, rotary,
    )  # fmt: skip


def _rotary(loaded: Loaded, stack: Stack, passage: Passage, request: PositionsRequest) -> Rotary:
    """q and k of two tokens as the projections give them, taken from a forward without rotation in this layer's inputs' place."""
    count, heads = len(passage.labels), loaded.face.heads[stack.name]
    if max(request.query, request.key) >= count:
        raise BadInput(f"Token {max(request.query, request.key)} is out of range: there are tokens 0 to {count - 1}.")
    if request.layer >= len(stack.blocks) or request.head >= heads:
        raise BadInput(f"{loaded.card.slug} has layers 0 to {len(stack.blocks) - 1} and heads 0 to {heads - 1}.")
    with open_tap(lambda weights: None, request.layer) as tap:
        put_through(loaded, stack, passage, {})
    assert tap.call is not None
    frequencies = numbers(stack.part("rotary_emb").inv_freq)
    query, key = numbers(tap.call.query[0, request.head]), numbers(tap.call.key[0, request.head])
    q = frozen(turned(query[request.query], frequencies, -request.query))
    k = frozen(turned(key[request.key], frequencies, -request.key))
    scale = float(tap.call.scale)
    curve = np.array([turned(q, frequencies, distance) @ k * scale for distance in range(SHOWN)], np.float32)
    return Rotary(request.layer, request.head, passage.labels[request.query], passage.labels[request.key], request.query, request.key,
                  frequencies, q, k, scale, frozen(curve))  # fmt: skip


def _bias(stack: Stack) -> Floats:
    """(heads, 2·SHOWN − 1) T5's bias on the scores for key − query from −(SHOWN − 1) on, by the model's own function."""
    module = stack.part(stack.layout.silenced.rpartition(".")[0])
    with torch.inference_mode():
        made = numbers(module.compute_bias(SHOWN, SHOWN)[0])
    return frozen(np.concatenate([made[:, SHOWN - 1, :], made[:, 0, 1:]], axis=1))


def shuffle(loaded: Loaded, requests: list[ShuffleRequest], watch: Watch) -> list[Shuffle]:
    """One answer a request, in order."""
    return [_shuffle(loaded, request, watch) for request in requests]


def _shuffle(loaded: Loaded, request: ShuffleRequest, watch: Watch) -> Shuffle:
    stack = stack_of(loaded, request.of.stack)
    if loaded.face.has_cross and stack.name == "decoder":
        raise BadInput("The words of a translation are the model's own. Choose the encoder to change their order.")
    text = loaded.card.prefix + request.of.text
    read, _ = shortened(loaded, encoded(loaded, source_of(loaded, request.of.text)), LIMITS.vector_tokens, bare=False)
    before = read_passage(loaded, stack, request.of.text)
    groups = _words(text, read)
    if len(groups) < 2:
        raise BadInput("One word has only one order. Type two words or more.")
    new = reordered(groups, request.way, request.seed)
    order = _placed(new, before.special)
    ids = before.inputs["input_ids"][:, order]
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    after = Passage(inputs, tuple(before.labels[i] for i in order), before.special, tuple(before.ids[i] for i in order), "", 0)
    moved = np.empty(len(order), np.int32)
    moved[order] = np.arange(len(order), dtype=np.int32)
    ends = {}
    for positions in (True, False):
        watch.check()
        one, two = (_last(stack, put_through(loaded, stack, p, {}, positions=positions)) for p in (before, after))
        ends[positions] = one, two[moved]
    labels = labels_of(loaded, text, read)
    return Shuffle(
        loaded.card.slug, stack.name, stack.layout.positions, _joined(labels, range(len(order)), before.special),  # type: ignore[arg-type]
        _joined(labels, order, before.special), labels, before.special, frozen(moved), _cosines(*ends[True]), _cosines(*ends[False]),
        float(np.abs(ends[False][0] - ends[False][1]).max()), sum(a != b for a, b in zip(groups, new, strict=True)),
    )  # fmt: skip


def _words(text: str, read: Encoded) -> list[list[int]]:
    """Places of the tokens of each word; a token before or in which white space comes begins a word, a mark after one is its own."""
    groups: list[list[int]] = []
    last, joinable = 0, False
    for i in np.flatnonzero(~read.special):
        start, end = int(read.starts[i]), int(read.ends[i])
        letters = any(c.isalnum() for c in text[start:end])
        if groups and letters and joinable and not any(c.isspace() for c in text[last:end]):
            groups[-1].append(int(i))
        else:
            groups.append([int(i)])
        last, joinable = end, letters
    return groups


def _placed(groups: list[list[int]], special: Sequence[bool]) -> list[int]:
    """The order of all tokens: special ones stay where they are."""
    rest = iter([i for group in groups for i in group])
    return [i if skip else next(rest) for i, skip in enumerate(special)]


def _joined(labels: tuple[str, ...], order: Iterable[int], special: Sequence[bool]) -> str:
    return " ".join(labels[i].strip() for i in order if not special[i])


def _last(stack: Stack, tape: Tape) -> Floats:
    return tape.outputs["final" if stack.final is not None else f"block {len(stack.blocks) - 1}"]


def _cosines(one: Floats, two: Floats) -> Floats:
    made = (one * two).sum(1) / (np.linalg.norm(one, axis=1) * np.linalg.norm(two, axis=1))
    return frozen(np.clip(made, -1, 1).astype(np.float32))
