"""The lesson's MultiHeadAttention with a model's own weights, on what its layer is given, beside torch's and the model's own."""

import inspect

import numpy as np
import torch

from playground.engine.embeddings import multihead
from playground.engine.embeddings.embeddings import frozen
from playground.engine.models import Loaded
from playground.engine.stack import Stack, find_part, numbers, put_through, read_passage, stack_of
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.layouts import ATTENTION
from playground.tasks.embeddings.embeddings import Floats
from playground.tasks.embeddings.multihead import MultiHead, MultiHeadRequest


def run_beside(loaded: Loaded, requests: list[MultiHeadRequest], watch: Watch) -> list[MultiHead]:
    """One answer a request, in order. Raises BadInput for a model whose attention is more than the lesson's formula."""
    return [_run_beside(loaded, request, watch) for request in requests]


def _run_beside(loaded: Loaded, request: MultiHeadRequest, watch: Watch) -> MultiHead:
    watch.check()
    stack = stack_of(loaded, request.of.stack)
    if not stack.layout.projections:
        why = {"rotary": "turns queries and keys by rotary positions"}.get(stack.layout.positions, "adds a position bias to the scores")
        raise BadInput(f"{loaded.card.name} {why}, which the lesson's class has not. Choose minilm-l6 or en-fr.")
    if request.layer >= len(stack.blocks):
        raise BadInput(f"Layer {request.layer} is out of range: this {stack.name} has blocks 0 to {len(stack.blocks) - 1}.")
    passage, block = read_passage(loaded, stack, request.of.text), stack.blocks[request.layer]
    one = next(s for s in stack.layout.sublayers if s.kind == ATTENTION)
    tape = put_through(loaded, stack, passage, {"norm": find_part(block, one.norm), "added": find_part(block, one.out)})
    given = tape.outputs["norm"] if stack.layout.norm_first else tape.inputs[f"block {request.layer}"]
    x = torch.tensor(np.array(given), device=loaded.device)[None]
    ours, theirs = modules_of(loaded, stack, block, x.shape[2])
    mask = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool, device=x.device).triu(1) if stack.name == "decoder" else None
    with torch.inference_mode():
        made, weights = ours(x, mask)
        other, other_weights = theirs(x, x, x, attn_mask=mask, average_attn_weights=False)
    own, mine, its = tape.outputs["added"], numbers(made[0]), numbers(other[0])
    return MultiHead(
        loaded.card.slug, request.layer, len(stack.blocks), passage.labels, ours.heads, x.shape[2], code(), mine, its, own,
        frozen(numbers(weights[0])), _apart(mine, its), _apart(mine, own), _apart(numbers(weights[0]), numbers(other_weights[0])),
    )  # fmt: skip


def code() -> str:
    """The class as it runs here, with the imports it needs."""
    return inspect.getsource(multihead).split('"""\n\n', 1)[1]


Pair = tuple[multihead.MultiHeadAttention, torch.nn.MultiheadAttention]


def modules_of(loaded: Loaded, stack: Stack, block: torch.nn.Module, width: int) -> Pair:
    """The lesson's class and torch's, both with this block's weights."""
    heads = loaded.face.heads[stack.name]
    paths = stack.layout.projections
    weights = [_weights(find_part(block, path)) for path in paths]
    if len(paths) == 2:  # query, key and value in one matrix, which GPT-2 keeps the other way round
        joined, bias = weights[0]
        weights = [*zip(joined.chunk(3), bias.chunk(3), strict=True), weights[1]]
    ours = multihead.MultiHeadAttention(width, heads).to(loaded.device)
    theirs = torch.nn.MultiheadAttention(width, heads, batch_first=True).to(loaded.device)
    with torch.no_grad():
        for layer, (weight, bias) in zip((ours.query, ours.key, ours.value, ours.output), weights, strict=True):
            layer.weight.copy_(weight)
            layer.bias.copy_(bias)
        theirs.in_proj_weight.copy_(torch.cat([weight for weight, _ in weights[:3]]))
        theirs.in_proj_bias.copy_(torch.cat([bias for _, bias in weights[:3]]))
        theirs.out_proj.weight.copy_(weights[3][0])
        theirs.out_proj.bias.copy_(weights[3][1])
    return ours.eval(), theirs.eval()


def _weights(module: torch.nn.Module) -> tuple[torch.Tensor, torch.Tensor]:
    weight, bias = module.get_parameter("weight").float(), module.get_parameter("bias").float()
    return (weight if isinstance(module, torch.nn.Linear) else weight.T), bias


def _apart(one: Floats, two: Floats) -> float:
    return float(np.abs(one - two).max())
