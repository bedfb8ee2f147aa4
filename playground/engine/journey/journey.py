"""A journey: one forward with the tap open and every block watched, and what the last vectors say."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.codec import Encoded
from playground.engine.forward import body_of, changes_of, side_of
from playground.engine.hooks import hooked
from playground.engine.lens import last_norm, ranks_of, said_by
from playground.engine.models import Loaded
from playground.engine.stack import Stack, numbers, stack_of
from playground.engine.tap import open_tap
from playground.engine.token_text import Pieces
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.layouts import ATTENTION, FORWARD
from playground.tasks.changes import Changes
from playground.tasks.journey.journey import Journey, JourneyRequest, Saying, SayingRequest, WordsRequest, places_of, triangle
from playground.tasks.journey.limits import LIMITS
from playground.tasks.precision import packed
from playground.tasks.vocabulary import Words


def travel(loaded: Loaded, requests: list[JourneyRequest], watch: Watch) -> list[Journey]:
    """One answer a request, in order."""
    return [_travel(loaded, request, watch) for request in requests]


def say(loaded: Loaded, requests: list[SayingRequest], watch: Watch) -> list[Saying]:
    """One answer a request, in order: a forward without the tap."""
    return [_say(loaded, request, watch) for request in requests]


def name(card: Any, codec: Any, requests: list[WordsRequest], watch: Watch) -> list[Words]:
    """One answer a request, in order. Raises BadInput for an id that is outside of the vocabulary."""
    return [_named(card, codec, request) for request in requests]


@dataclass
class _Seen:
    """What hooks wrote down of one row: the vectors into each block and out of the last, and the lengths of what each half adds."""

    vectors: list[torch.Tensor] = field(default_factory=list)
    added: dict[tuple[int, str], torch.Tensor] = field(default_factory=dict)


def _read(loaded: Loaded, request: JourneyRequest) -> tuple[Encoded, int]:
    """At most LIMITS.tokens tokens, and how many were left out."""
    if loaded.face.has_cross:
        raise BadInput(f"{loaded.card.name} is not on this map yet. Choose a decoder such as smollm2-135m, or an encoder.")
    read = loaded.codec.encode(request.text)
    if not len(read.ids) or bool(np.all(read.special)):
        raise BadInput("The text holds nothing this model's tokenizer can read. Use letters, digits or punctuation.")
    places = places_of(read.special.tolist(), min(LIMITS.tokens, loaded.window), not loaded.face.writes)
    pieces = tuple(read.pieces[i] for i in places)
    short = Encoded(read.ids[places], pieces, read.starts[places], read.ends[places], read.special[places])
    _check_hidden(request.changes, len(short.ids))
    return short, len(read.ids) - len(places)


def _check_hidden(changes: Changes, size: int) -> None:
    if changes.hidden and max(changes.hidden) >= size:
        raise BadInput(f"Token {max(changes.hidden)} cannot be cut: there are tokens 0 to {size - 1}.")
    if len(set(changes.hidden)) >= size:
        raise BadInput("Not all tokens can be cut: at least one must be left to look at.")


def _forward(loaded: Loaded, stack: Stack, read: Encoded, changes: Changes, *, halves: bool) -> tuple[_Seen, Any]:
    """What was seen, and the model's whole output; with a classifier's head, for a decoder without it."""
    seen = _Seen()
    ids = torch.tensor(read.ids[None].astype(np.int64), device=loaded.device)
    model = loaded.model if loaded.face.head == "labels" else body_of(loaded)

    def into(module: Any, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any) -> None:
        given = args[0] if args else kwargs["hidden_states"]
        seen.vectors.append(given[0])
        if module is stack.blocks[-1]:
            seen.vectors.append((output[0] if isinstance(output, tuple) else output)[0])

    def adding(layer: int, kind: str) -> Any:
        def hook(module: Any, args: Any, kwargs: Any, output: torch.Tensor) -> None:
            seen.added[layer, kind] = output.reshape(-1, output.shape[-1]).float().norm(dim=-1)

        return hook

    with changes_of(loaded, changes), ExitStack() as hooks, torch.inference_mode():
        for layer, block in enumerate(stack.blocks):
            hooks.enter_context(hooked(block, into))
            for one in stack.sublayers(block) if halves else ():
                hooks.enter_context(hooked(block.get_submodule(one.out), adding(layer, one.kind)))
        output = model(input_ids=ids, attention_mask=torch.ones_like(ids), **loaded.face.uncached)
    return seen, output


def _travel(loaded: Loaded, request: JourneyRequest, watch: Watch) -> Journey:
    watch.check()
    stack, (read, cut) = stack_of(loaded, ""), _read(loaded, request)
    masked = loaded.face.writes
    rows, columns = triangle(len(read.ids))

    def keep(weights: torch.Tensor) -> NDArray[np.uint16]:
        found = weights[0, :, rows, columns] if masked else weights[0].flatten(1)
        made = packed(found.cpu().numpy())
        made.setflags(write=False)
        return made

    with open_tap(keep) as tap:
        seen, output = _forward(loaded, stack, read, request.changes, halves=True)
    watch.check()
    off = {layer for _, layer in request.changes.blocks}
    lengths = torch.stack([one.float().norm(dim=-1) for one in seen.vectors])
    added = [[seen.added[layer, kind] * (layer not in off) for kind in (ATTENTION, FORWARD)] for layer in range(len(stack.blocks))]
    return Journey(
        loaded.card.slug, loaded.source, loaded.reads_in, request.text, "masked" if masked else "self", side_of(loaded, request.text, read),
        tuple(int(one) for one in read.ids), loaded.face.heads[stack.name], numbers(seen.vectors[0]), numbers(lengths),
        numbers(torch.stack([torch.stack(halves) for halves in added])), tuple(tap.weights),
        _saying(loaded, seen, len(read.ids) - 1) if masked else None, _labels(loaded, output), cut,
    )  # fmt: skip


def _labels(loaded: Loaded, output: Any) -> tuple[tuple[str, float], ...]:
    """Of a classifier, in its own order."""
    if loaded.face.head != "labels":
        return ()
    names = loaded.model.config.id2label
    return tuple((str(names[i]).lower(), p) for i, p in enumerate(torch.softmax(output.logits[0].float(), -1).tolist()))


def _say(loaded: Loaded, request: SayingRequest, watch: Watch) -> Saying:
    watch.check()
    stack, (read, _) = stack_of(loaded, ""), _read(loaded, request.of)
    if not loaded.face.writes:
        raise BadInput(f"{loaded.card.name} says no next token. Choose a decoder such as smollm2-135m.")
    if request.position >= len(read.ids):
        raise BadInput(f"Token {request.position} is out of range: there are tokens 0 to {len(read.ids) - 1}.")
    seen, _ = _forward(loaded, stack, read, request.of.changes, halves=False)
    return _saying(loaded, seen, request.position)


def _saying(loaded: Loaded, seen: _Seen, position: int) -> Saying:
    with torch.inference_mode():
        logits = said_by(loaded, last_norm(loaded)(torch.stack([one[position] for one in seen.vectors])))
        best = torch.softmax(logits, -1).topk(min(LIMITS.best, logits.shape[-1]))
        ranks, named = ranks_of(logits), logits[-1].topk(min(LIMITS.named, logits.shape[-1])).indices
    pieces = Pieces(loaded.codec, loaded.card.scheme)
    for number in [*named.tolist(), *best.indices.flatten().tolist()]:
        pieces.label(number)
    ids, places = (one.cpu().numpy().astype(np.int32) for one in (best.indices, ranks))
    for array in (ids, places):
        array.setflags(write=False)
    return Saying(position, ids, numbers(best.values), places, numbers(logits[-1]), pieces.words())


def _named(card: Any, codec: Any, request: WordsRequest) -> Words:
    if max(request.ids) >= codec.size:
        raise BadInput(f"Token id {max(request.ids):,} is not in the vocabulary of {card.name}, which has ids 0 to {codec.size - 1:,}.")
    pieces = Pieces(codec, card.scheme)
    for number in request.ids:
        pieces.label(number)
    return pieces.words()
