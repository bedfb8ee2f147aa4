"""Gradient × input: how much each token's embedding moves a logit (Shrikumar et al. 2016), or a token's last vector.

For a logit one backward pass. For a vector the exact directional derivative ‖(∂h/∂x)·x‖ token by token, in forward mode (after the
hidden token attribution of Brunner et al. 2020).
"""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import torch
from torch.autograd import forward_ad

from playground.engine.attention.attention import Reading, read_inputs
from playground.engine.decoding import end_tokens
from playground.engine.forward import body_of, changes_of
from playground.engine.hooks import hooked
from playground.engine.models import Loaded
from playground.engine.tap import open_tap
from playground.engine.token_text import Pieces
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.attention.influence import MOST_TOKENS, Influence, InfluenceRequest
from playground.tasks.request import Progress
from playground.tasks.text import in_quotes

AT_ONCE = 16
_ONE_LEVEL = threading.Lock()


def attribute(loaded: Loaded, requests: list[InfluenceRequest], watch: Watch) -> list[Influence]:
    """One answer a request, in order. Raises BadInput where the run has no such token or too many."""
    return [_attribute(loaded, request, watch) for request in requests]


def _attribute(loaded: Loaded, request: InfluenceRequest, watch: Watch) -> Influence:
    reading, had = read_inputs(loaded, request.of), loaded.face.kinds
    kind = request.kind or had[0]
    if kind not in had:
        raise BadInput(f"{loaded.card.slug} has no {kind} attention. It has: {', '.join(had)}.")
    queries, keys = reading.sides[kind]
    if request.query >= len(queries):
        raise BadInput(f"Token {request.query} is out of range: there are tokens 0 to {len(queries) - 1}.")
    with changes_of(loaded, reading.changes), open_tap(lambda weights: None):
        if kind == "self" and loaded.face.head != "labels":
            scores, of = _moved(loaded, reading, request.query, watch), "this token’s vector after the last layer"
        else:
            scores, of = _logit(loaded, reading, request.query, kind)
    scores.setflags(write=False)
    return Influence(loaded.card.slug, kind, request.query, queries, keys, scores, "logit" in of, of)


@contextmanager
def _dual_level(watch: Watch) -> Iterator[None]:
    """forward_ad.dual_level(), which a process has once: who comes second waits, and hears of a Stop meanwhile."""
    while not _ONE_LEVEL.acquire(timeout=0.1):
        watch.check()
    try:
        with forward_ad.dual_level():
            yield
    finally:
        _ONE_LEVEL.release()


@contextmanager
def _embeddings(loaded: Loaded, change: Any) -> Iterator[list[torch.Tensor]]:
    """What the embedding table gives, in call order (encoder, then decoder), each first through `change`."""
    given: list[torch.Tensor] = []

    def hook(module: torch.nn.Module, args: Any, kwargs: Any, output: torch.Tensor) -> torch.Tensor:
        given.append(change(output.detach().clone()))
        return given[-1]

    table = loaded.model.get_input_embeddings().weight.data_ptr()
    tables = [one for one in loaded.model.modules() if isinstance(one, torch.nn.Embedding) and one.weight.data_ptr() == table]
    with ExitStack() as hooks:
        for one in tables:  # an encoder and a decoder share weights, not modules
            hooks.enter_context(hooked(one, hook))
        yield given


def _logit(loaded: Loaded, reading: Reading, query: int, kind: str) -> tuple[Any, str]:
    """(keys,) of Σ over the embedding's numbers of gradient × input, and what the logit is."""
    label = loaded.face.head == "labels"
    with torch.inference_mode(False), torch.enable_grad(), _embeddings(loaded, lambda made: made.requires_grad_()) as given:
        inputs = {name: tensor.clone() for name, tensor in reading.inputs.items()}
        logits = loaded.model(**inputs, **loaded.face.uncached).logits.float()
        row = logits[0] if label else logits[0, query]
        chosen = int(row.argmax())
        x = given[-1] if kind == "masked" else given[0]
        (gradient,) = torch.autograd.grad(row[chosen], x)
        scores = (gradient * x)[0].sum(-1).detach().float().cpu().numpy()
    if label:
        return scores, f"the logit of “{str(loaded.model.config.id2label[chosen]).lower()}”, whichever token is chosen"
    word = "" if chosen in end_tokens(loaded.model) else Pieces(loaded.codec, loaded.card.scheme).label(chosen).strip()
    return scores, f"the logit of {in_quotes(word)}, which the model finds most likely after this token" if word else "the logit of the end"


def _moved(loaded: Loaded, reading: Reading, query: int, watch: Watch) -> Any:
    """(keys,) lengths of the last vector's derivative in the direction of each token's own embedding."""
    ids, mask = reading.inputs["input_ids"], reading.inputs["attention_mask"]
    size = ids.shape[1]
    if size > MOST_TOKENS:
        raise BadInput(f"The text is {size} tokens long; this is worked out for up to {MOST_TOKENS}. Shorten it.")
    encoder = body_of(loaded) if not loaded.face.has_cross else loaded.model.get_encoder()
    types = {"token_type_ids": reading.inputs["token_type_ids"]} if "token_type_ids" in reading.inputs else {}
    found = []
    for first in range(0, size, AT_ONCE):
        watch.report(Progress("working", "Working out the gradients", first, size))
        places = list(range(first, min(first + AT_ONCE, size)))

        def dual(made: torch.Tensor, places: list[int] = places) -> torch.Tensor:
            tangent = torch.zeros_like(made)
            tangent[range(len(places)), places] = made[range(len(places)), places]
            return forward_ad.make_dual(made, tangent)  # type: ignore[no-any-return, no-untyped-call]

        with torch.inference_mode(False), torch.no_grad(), _dual_level(watch), _embeddings(loaded, dual):
            many = {name: t.clone().expand(len(places), -1) for name, t in {"input_ids": ids, "attention_mask": mask, **types}.items()}
            hidden = encoder(**many).last_hidden_state
            moved = forward_ad.unpack_dual(hidden).tangent  # type: ignore[no-untyped-call]
            found.append(moved[:, query].float().norm(dim=-1).cpu().numpy())
    return np.concatenate(found).astype(np.float32)
