"""The logit lens: each layer's output through the model's own last norm and vocabulary projection (nostalgebraist 2020)."""

import numpy as np
import torch

from playground.engine.generation.generation import prompt_ids
from playground.engine.lens import last_norm, ranks_of, said_by
from playground.engine.models import Loaded
from playground.engine.token_text import Pieces
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.lens import Lens, LensRequest
from playground.tasks.generation.limits import LIMITS


def look(loaded: Loaded, requests: list[LensRequest], watch: Watch) -> list[Lens]:
    """One answer a request, in order."""
    return [_look(loaded, request, watch) for request in requests]


def _look(loaded: Loaded, request: LensRequest, watch: Watch) -> Lens:
    watch.check()
    ids = prompt_ids(loaded, GenerationRequest(request.prompt, request.model, request.chat))
    if len(ids) > LIMITS.lens_tokens:
        raise BadInput(f"The prompt is {len(ids):,} tokens long; the lens reads {LIMITS.lens_tokens}. Shorten it.")
    if not -len(ids) <= request.position < len(ids):
        raise BadInput(f"Position {request.position} is out of range: there are tokens 0 to {len(ids) - 1}.")
    position = request.position % len(ids)
    with torch.inference_mode():
        logits = layer_logits(loaded, ids, position)
        ranks = ranks_of(logits)
        best = torch.softmax(logits, -1).topk(request.most)
    pieces = Pieces(loaded.codec, loaded.card.scheme)
    texts = tuple(tuple(map(pieces.label, row)) for row in best.indices.tolist())
    labels, special = tuple(map(pieces.label, ids)), tuple(token in pieces.special for token in ids)
    arrays = best.values.cpu().numpy().astype(np.float32), ranks.cpu().numpy().astype(np.int32)
    for array in arrays:
        array.setflags(write=False)
    return Lens(loaded.card.slug, loaded.source, labels, special, position, texts, *arrays, loaded.precision)


def layer_logits(loaded: Loaded, ids: list[int], position: int) -> torch.Tensor:
    """(layers + 1, vocabulary) float32, by the model that writes, so that the last row is what it writes next. The library gives the
    last layer's output with the norm already applied."""
    out = loaded.writer(torch.tensor([ids], device=loaded.device), use_cache=False, output_hidden_states=True, logits_to_keep=1)
    hidden = torch.stack([state[0, position] for state in out.hidden_states])
    return said_by(loaded, torch.cat([last_norm(loaded)(hidden[:-1]), hidden[-1:]]))
