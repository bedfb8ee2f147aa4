"""The steps behind one row of weights: the run's forward once more, with one layer's vectors taken out of the tap.

The maths on them is tasks/attention/dot_product.py; only the output projection is the model's own.
"""

import numpy as np
import torch

from playground.engine.attention.attention import read_inputs, run_forward
from playground.engine.forward import body_of, by_kind
from playground.engine.models import Loaded
from playground.engine.tap import Call, open_tap
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.attention.attention import Attention, AttentionMapRequest, AttentionShape, find_shape
from playground.tasks.attention.dot_product import Floats, Positions, Steps, StepsRequest, Vectors, frozen, shares_of, work_through
from playground.tasks.limits import LIMITS

PROJECTIONS = ("o_proj", "out_proj", "c_proj", "out_lin", "o")


def explain(loaded: Loaded, requests: list[StepsRequest], watch: Watch) -> list[Steps]:
    """One answer a request, in order. Raises BadInput listing what the run has where a request names something else."""
    return [_explain(loaded, request, watch) for request in requests]


def _explain(loaded: Loaded, request: StepsRequest, watch: Watch) -> Steps:
    watch.check()
    if request.of.changes.heads or request.of.changes.blocks:
        raise BadInput("The steps are shown for a run in which no head and no block is off. Look at the first picture instead.")
    reading = read_inputs(loaded, request.of)
    with open_tap(lambda weights: weights.shape[1], _place_of(loaded, request)) as tap:
        run_forward(loaded, reading)
    heads = by_kind(loaded, tap.weights)
    shapes = tuple(AttentionShape(kind, len(some), some[0], *reading.sides[kind]) for kind, some in heads.items())
    run = Attention(loaded.card.slug, loaded.source, request.of.text, reading.target, shapes)
    shape = find_shape(run, AttentionMapRequest(request.of, request.layer, request.head, request.kind))
    if request.query >= len(shape.queries):
        raise BadInput(f"Query token {request.query} is out of range: there are tokens 0 to {len(shape.queries) - 1}.")
    assert tap.call is not None
    return _steps(loaded, request, shape, tap.call)


def _place_of(loaded: Loaded, request: StepsRequest) -> int | None:
    """The place of the wanted layer in call order; None where this model has no such layer, which `find_shape` then says."""
    calls = by_kind(loaded, list(range(2 * LIMITS.attention_tokens)))
    some = calls.get(request.kind or next(iter(calls)), ())
    return some[request.layer] if 0 <= request.layer < len(some) else None


def _steps(loaded: Loaded, request: StepsRequest, shape: AttentionShape, call: Call) -> Steps:
    head, place = request.head, request.query
    vectors = _vectors(call, place)
    made = work_through(vectors, scaling=request.scaling, masking=request.mask)
    plain = work_through(vectors, scaling=True, masking=True).weights[head]
    weights, value, output = made.weights[head], vectors.value[head], made.output[head]
    return Steps(
        loaded.card.slug, shape.kind, request.layer, head, shape.heads, place, shape.queries, shape.keys,
        _positions(loaded, call), vectors.scale, request.scaling, request.mask,
        query_before=_unrotated(loaded, call.query[0, head, place], place), query=frozen(vectors.query[head]),
        key=frozen(vectors.key[head]), scores=frozen(made.scores[head]), scaled=frozen(made.scaled[head]),
        bias=None if vectors.bias is None else frozen(vectors.bias[head]), mask=frozen(vectors.mask), weights=frozen(weights),
        plain=frozen(plain), value=frozen(value), norms=frozen(np.linalg.norm(weights[:, None] * value, axis=1)),
        shares=frozen(shares_of(weights, value, output)), output=frozen(output), joined=frozen(made.output.reshape(-1)),
        projected=_projected(loaded, call.module, made.output.reshape(-1)),
    )  # fmt: skip


def _vectors(call: Call, place: int) -> Vectors:
    """The tensors of one query as float32; what the mask forbids, the lowest number of the model's type, is -inf here."""
    keys = call.key.shape[2]
    mask = np.zeros(keys, np.float32)
    if call.mask is not None:
        mask = np.broadcast_to(_numbers(call.mask[0, 0]), (call.query.shape[2], keys))[place]
        mask = np.where(mask <= torch.finfo(call.mask.dtype).min / 2, np.float32(-np.inf), mask)
    bias = None if call.bias is None else _numbers(call.bias[0, :, place])
    return Vectors(_numbers(call.query[0, :, place]), _numbers(call.key[0]), _numbers(call.value[0]), mask, bias, float(call.scale))


def _numbers(tensor: torch.Tensor) -> Floats:
    return np.asarray(tensor.float().cpu().numpy())


def _positions(loaded: Loaded, call: Call) -> Positions:
    if call.bias is not None:
        return "relative bias"
    return "rotary" if hasattr(body_of(loaded), "rotary_emb") else "absolute"


def _unrotated(loaded: Loaded, query: torch.Tensor, place: int) -> Floats | None:
    """The query before rotary positions (Su et al. 2021), by turning it back: a rotation's transpose is its inverse.

    The sines may carry a common factor f (some long-context variants), and come in twice here: f² is divided out.
    """
    rotary = getattr(body_of(loaded), "rotary_emb", None)
    if rotary is None:
        return None
    with torch.inference_mode():
        cos, sin = (t[0, 0].float() for t in rotary(query[None, None].float(), torch.tensor([[place]], device=query.device)))
    one = query.float()
    half = torch.cat((-one[one.shape[0] // 2 :], one[: one.shape[0] // 2]))
    return frozen(_numbers((one * cos - half * sin) / (cos[0] ** 2 + sin[0] ** 2)))


def _projected(loaded: Loaded, module: torch.nn.Module, joined: Floats) -> Floats:
    """All heads' outputs through the layer's output projection, before the residual connection is added."""
    weight = next(module.parameters())
    with torch.inference_mode():
        made = _projection(loaded, module)(torch.tensor(joined[None], dtype=weight.dtype, device=weight.device))
    return frozen(_numbers(made[0]))


def _projection(loaded: Loaded, module: torch.nn.Module) -> torch.nn.Module:
    """The module's own, by the names transformers gives it; BERT keeps it beside the attention module."""
    found = next((getattr(module, name) for name in PROJECTIONS if hasattr(module, name)), None)
    if found is None:
        path = next(name for name, one in loaded.model.named_modules() if one is module)
        found = loaded.model.get_submodule(path.rpartition(".")[0]).output.dense
    assert isinstance(found, torch.nn.Module)
    return found
