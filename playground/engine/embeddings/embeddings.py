"""Embeddings: what a text's tokens begin with and their vectors after every block, reduced here to what a page can show."""

from typing import Any, TypeVar, cast

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.models import Loaded
from playground.engine.source_texts import encoded, source_of
from playground.engine.stack import Passage, Stack, Tape, put_through, read_passage, stack_of
from playground.engine.token_labels import entry_label
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.embeddings.embeddings import (
    Embeddings,
    EmbeddingsRequest,
    Floats,
    Neighbour,
    Neighbours,
    NeighboursRequest,
    Part,
    cosine_matrix,
    principal_axes,
    triangle,
    unit,
)
from playground.tasks.limits import LIMITS

A = TypeVar("A", bound=NDArray[Any])


def embed(loaded: Loaded, requests: list[EmbeddingsRequest], watch: Watch) -> list[Embeddings]:
    """One answer a request, in order."""
    return [_embed(loaded, request, watch) for request in requests]


def _embed(loaded: Loaded, request: EmbeddingsRequest, watch: Watch) -> Embeddings:
    stack = stack_of(loaded, request.stack)
    passages = passages_of(loaded, stack, request)
    tapes = []
    for passage in passages:
        watch.check()
        tapes.append(put_through(loaded, stack, passage, parts_of(stack)))
    special = tuple(s for passage in passages for s in passage.special)
    fitted = _fitted(loaded, passages)
    names, vectors = stages_of(stack), np.concatenate([stage_vectors(stack, tape) for tape in tapes], axis=1)
    watch.check()
    flat, shares = principal_axes(unit(vectors).reshape(-1, vectors.shape[2]), np.tile(fitted, len(names)))
    alone = [principal_axes(unit(some), fitted) for some in vectors]
    return Embeddings(
        loaded.card.slug, loaded.source, stack.name, stack.layout.positions, tuple(p.text for p in passages),  # type: ignore[arg-type]
        tuple(label for p in passages for label in p.labels), special, len(passages[0].labels) if len(passages) > 1 else 0,
        sum(p.cut for p in passages), _parts(stack, tapes), _normed(stack, tapes), names,
        frozen(np.linalg.norm(vectors, axis=2)), frozen(np.stack([triangle(cosine_matrix(some)) for some in vectors])),
        frozen(flat.reshape(*vectors.shape[:2], 3)), frozen(np.stack([made for made, _ in alone])), frozen(shares),
        frozen(np.stack([share for _, share in alone])),
    )  # fmt: skip


def passages_of(loaded: Loaded, stack: Stack, request: EmbeddingsRequest) -> list[Passage]:
    """The text, and the second where there is one: each may then have half of the tokens, and what the other leaves of its half.

    A translation is as long as the model makes it, so nothing of its half is given away.
    """
    most = LIMITS.vector_tokens
    if not request.second:
        return [read_passage(loaded, stack, request.text, most)]
    half, own = most // 2, loaded.face.has_cross and stack.name == "decoder"
    one, two = (half if own else len(encoded(loaded, source_of(loaded, text)).ids) for text in (request.text, request.second))
    return [
        read_passage(loaded, stack, request.text, max(half, most - two)),
        read_passage(loaded, stack, request.second, max(half, most - one)),
    ]


def parts_of(stack: Stack) -> dict[str, torch.nn.Module]:
    norm = {"embedding norm": stack.part(stack.layout.embedding_norm)} if stack.layout.embedding_norm else {}
    return {name: stack.part(path) for name, path in stack.layout.parts} | norm


def stages_of(stack: Stack) -> tuple[str, ...]:
    final = ("after the final norm",) if stack.final is not None else ()
    return ("embedding", *(f"after block {i}" for i in range(len(stack.blocks))), *final)


def stage_vectors(stack: Stack, tape: Tape) -> Floats:
    """(stages, tokens, width)."""
    made = [tape.inputs["block 0"], *(tape.outputs[f"block {i}"] for i in range(len(stack.blocks)))]
    return np.stack([*made, tape.outputs["final"]] if stack.final is not None else made)


def _parts(stack: Stack, tapes: list[Tape]) -> tuple[Part, ...]:
    """Marian multiplies its tokens by √width first; the segment is one vector, since a text alone is all segment 0."""
    scale, made = float(getattr(stack.module, "embed_scale", 1.0)), []
    for name, _ in stack.layout.parts:
        found = np.concatenate([tape.outputs[name] for tape in tapes]) * np.float32(scale if name == "token" else 1)
        named = f"{name} × √{found.shape[1]}" if name == "token" and scale != 1 else name
        made.append(Part(named, frozen(found[:1] if name == "segment" else found)))
    return tuple(made)


def _normed(stack: Stack, tapes: list[Tape]) -> Floats | None:
    return frozen(np.concatenate([tape.outputs["embedding norm"] for tape in tapes])) if stack.layout.embedding_norm else None


def _fitted(loaded: Loaded, passages: list[Passage]) -> NDArray[np.bool_]:
    """The tokens the axes are fitted to: words. A decoder's first token is left out, since its vector grows out of all measure
    (Sun et al. 2024, massive activations)."""
    marks = [np.array([not s and not (loaded.face.writes and i == 0) for i, s in enumerate(p.special)]) for p in passages]
    fitted = np.concatenate(marks)
    return fitted if fitted.sum() >= 2 else np.ones(len(fitted), bool)


def nearest(loaded: Loaded, requests: list[NeighboursRequest], watch: Watch) -> list[Neighbours]:
    """One answer a request, in order. Raises BadInput where the text has no such token or the model no such stage."""
    return [_nearest(loaded, request, watch) for request in requests]


def _nearest(loaded: Loaded, request: NeighboursRequest, watch: Watch) -> Neighbours:
    watch.check()
    stack = stack_of(loaded, request.of.stack)
    passages, names, place = passages_of(loaded, stack, request.of), stages_of(stack), request.token
    if place >= (count := sum(len(p.labels) for p in passages)):
        raise BadInput(f"Token {place} is out of range: there are tokens 0 to {count - 1}.")
    if request.stage >= len(names):
        raise BadInput(f"Stage {request.stage} is out of range: {loaded.card.slug} has stages 0 to {len(names) - 1}.")
    second = place >= len(passages[0].labels)
    passage, place = passages[second], place - second * len(passages[0].labels)
    vector = stage_vectors(stack, put_through(loaded, stack, passage, {}))[request.stage, place]
    (cosines,) = cosines_to_table(stack, vector[None])
    order, own = np.argsort(-cosines, kind="stable"), float(cosines[passage.ids[place]])
    found = tuple(Neighbour(int(i), entry_of(loaded, int(i)), float(cosines[i])) for i in order[: request.count])
    rank = int((cosines > own).sum()) + 1
    return Neighbours(loaded.card.slug, passage.labels[place], names[request.stage], found, rank, own, len(cosines))


def cosines_to_table(stack: Stack, vectors: Floats) -> Floats:
    """(n, entries) cosines of (n, width) with every row of the token embedding table."""
    table = stack.part(stack.layout.parts[0][1]).weight
    with torch.inference_mode():
        given = torch.tensor(unit(vectors), device=table.device)
        made = (given @ table.float().T) / table.float().norm(dim=1).clamp_min(1e-12)
    return np.asarray(made.cpu().numpy(), np.float32)


def entry_of(loaded: Loaded, id: int) -> str:
    """What to show of a vocabulary entry; one the tokenizer does not know shows its number."""
    piece = loaded.codec.piece_of(id)
    return f"entry {id}" if piece is None else entry_label(loaded, piece)


def frozen(array: A) -> A:
    """A read-only, C-contiguous copy or the same array."""
    made = np.ascontiguousarray(array)
    made.setflags(write=False)
    return cast("A", made)
