"""One block, opened: what each sub-layer adds to the residual stream, taken from the real modules while they run."""

from dataclasses import dataclass

import numpy as np
import torch

from playground.engine.embeddings.embeddings import cosines_to_table, entry_of, frozen
from playground.engine.models import Loaded
from playground.engine.stack import Stack, Tape, find_part, put_through, read_passage, stack_of
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.layouts import CROSS, FORWARD, Sublayer
from playground.tasks.embeddings.block import Block, BlockRequest, Neuron, Stage
from playground.tasks.embeddings.embeddings import Floats

PROMOTED = 4
ACTIVATIONS = ("hidden_act", "activation_function", "activation", "dense_act_fn")
NAMES = {"silu": "SiLU", "gelu": "GELU", "gelu_new": "GELU", "relu": "ReLU", "swish": "SiLU"}


def open_blocks(loaded: Loaded, requests: list[BlockRequest], watch: Watch) -> list[Block]:
    """One answer a request, in order. Raises BadInput listing what there is where a request names something else."""
    return [_open(loaded, request, watch) for request in requests]


@dataclass(frozen=True)
class _Run:
    """A forward with every sub-layer on tape: names are "block 3/feed-forward/added"."""

    stack: Stack
    tape: Tape
    sublayers: tuple[Sublayer, ...]

    def of(self, layer: int, one: Sublayer, what: str) -> str:
        return f"block {layer}/{one.kind}/{what}"


def _open(loaded: Loaded, request: BlockRequest, watch: Watch) -> Block:
    watch.check()
    stack = stack_of(loaded, request.of.stack)
    if request.layer >= len(stack.blocks):
        raise BadInput(f"Layer {request.layer} is out of range: this {stack.name} has blocks 0 to {len(stack.blocks) - 1}.")
    passage = read_passage(loaded, stack, request.of.text)
    if request.token >= len(passage.labels):
        raise BadInput(f"Token {request.token} is out of range: there are tokens 0 to {len(passage.labels) - 1}.")
    run = _Run(stack, put_through(loaded, stack, passage, _watched(stack)), stack.sublayers(stack.blocks[0]))
    watch.check()
    forward = next(one for one in run.sublayers if one.kind == FORWARD)
    active = run.tape.inputs[run.of(request.layer, forward, "neurons")]
    return Block(
        loaded.card.slug, stack.name, request.layer, len(stack.blocks), request.token, passage.labels, passage.special,
        stack.layout.norm_first, stack.layout.norm, stack.layout.feed_forward.format(act=_activation(loaded)),
        _stages(run, request.layer, request.token), _neurons(loaded, run, forward, active, request), active.shape[1],
        float((active[request.token] > 0).mean()), tuple(one.kind for one in run.sublayers), _flow(run, request.token),
        _stream(run, request.token),
    )  # fmt: skip


def _watched(stack: Stack) -> dict[str, torch.nn.Module]:
    watched = {}
    for i, block in enumerate(stack.blocks):
        for one in stack.sublayers(block):
            watched[f"block {i}/{one.kind}/norm"] = find_part(block, one.norm)
            watched[f"block {i}/{one.kind}/added"] = find_part(block, one.out)
            if one.neurons:
                watched[f"block {i}/{one.kind}/neurons"] = find_part(block, one.neurons)
    return watched


def _stages(run: _Run, layer: int, token: int) -> tuple[Stage, ...]:
    """The way through the block. Pre-norm: stream, norm, added, stream… Post-norm: stream, added, sum, its norm, which is the stream."""
    tape, made = run.tape, []

    def put(name: str, kind: str, vectors: Floats) -> None:
        made.append(Stage(name, kind, frozen(vectors[token]), frozen(np.linalg.norm(vectors, axis=1))))  # type: ignore[arg-type]

    stream = tape.inputs[f"block {layer}"]
    put("the stream comes in", "stream", stream)
    for one in run.sublayers:
        norm, added = run.of(layer, one, "norm"), tape.outputs[run.of(layer, one, "added")]
        said = {CROSS: "cross-attention adds", FORWARD: "the feed-forward adds"}.get(one.kind, "self-attention adds")
        if run.stack.layout.norm_first:
            put(f"{run.stack.layout.norm}, read by {one.kind}", "norm", tape.outputs[norm])
            put(said, "added", added)
            stream = stream + added
            put("the stream after it", "stream", stream)
        else:
            put(said, "added", added)
            put("the sum", "stream", tape.inputs[norm])
            stream = tape.outputs[norm]
            put(f"{run.stack.layout.norm} of the sum: the stream after it", "norm", stream)
    return tuple(made)


def _neurons(loaded: Loaded, run: _Run, forward: Sublayer, active: Floats, request: BlockRequest) -> tuple[Neuron, ...]:
    """Those that add most to this token: |activation| × the length of the neuron's row of the second projection."""
    rows = _rows(find_part(run.stack.blocks[request.layer], forward.neurons))
    mine = active[request.token]
    added = np.abs(mine) * np.linalg.norm(rows, axis=1)
    most = [int(i) for i in np.argsort(-added, kind="stable")[: request.neurons] if added[i] > 0]
    cosines = cosines_to_table(run.stack, rows[most] * np.sign(mine[most])[:, None])
    nearest = np.argsort(-cosines, axis=1, kind="stable")[:, :PROMOTED]
    words = [tuple(entry_of(loaded, int(j)) for j in some) for some in nearest]
    return tuple(Neuron(i, float(mine[i]), float(added[i]), frozen(active[:, i]), w) for i, w in zip(most, words, strict=True))


def _rows(module: torch.nn.Module) -> Floats:
    """(neurons, width) of the projection out of the neurons; GPT-2 keeps it the other way round."""
    weight = np.asarray(module.get_parameter("weight").detach().float().cpu().numpy())
    return weight.T if isinstance(module, torch.nn.Linear) else weight


def _flow(run: _Run, token: int) -> Floats:
    """(layers, sublayers): the length of what each adds to this token's vector."""
    layers = range(len(run.stack.blocks))
    added = [[run.tape.outputs[run.of(layer, one, "added")][token] for one in run.sublayers] for layer in layers]
    return frozen(np.linalg.norm(np.array(added, np.float32), axis=2))


def _stream(run: _Run, token: int) -> Floats:
    vectors = [run.tape.inputs["block 0"], *(run.tape.outputs[f"block {i}"] for i in range(len(run.stack.blocks)))]
    return frozen(np.array([np.linalg.norm(some[token]) for some in vectors], np.float32))


def _activation(loaded: Loaded) -> str:
    config = loaded.model.config
    found = str(next((getattr(config, name) for name in ACTIVATIONS if getattr(config, name, None)), "f"))
    return NAMES.get(found, found)
