"""Random heads on a trained body: the body reads each text once, every head is one small product on its pooled vectors."""

import numpy as np
import torch

from playground.engine.batches import pad_id, padded
from playground.engine.forward import body_of
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.learn.fresh_head import FreshHead, FreshHeadRequest

AT_ONCE = 16


def classify_fresh(loaded: Loaded, requests: list[FreshHeadRequest], watch: Watch) -> list[FreshHead]:
    """One answer a request, in order. Raises BadInput for a model without a pooled vector, and for texts over its window."""
    return [_classify(loaded, request, watch) for request in requests]


def _classify(loaded: Loaded, request: FreshHeadRequest, watch: Watch) -> FreshHead:
    pooled = _pooled(loaded, request.texts, watch)
    spread = float(getattr(loaded.model.config, "initializer_range", 0.02))
    logits = np.stack([(pooled @ fresh_weights(pooled.shape[1], seed, spread).T).numpy() for seed in request.seeds])
    logits.setflags(write=False)
    return FreshHead(loaded.card.slug, loaded.source, request.texts, request.seeds, logits)


def fresh_weights(width: int, seed: int, spread: float) -> torch.Tensor:
    """(2, width) as the library begins a head: normal with standard deviation `spread`; its bias is 0."""
    return torch.empty(2, width).normal_(0.0, spread, generator=torch.Generator().manual_seed(seed))


def _pooled(loaded: Loaded, texts: tuple[str, ...], watch: Watch) -> torch.Tensor:
    """(texts, width) float32 on the CPU: what the body hands to a classification head."""
    body = body_of(loaded)
    if getattr(body, "pooler", None) is None:
        raise BadInput(f"{loaded.card.name} has no pooled vector for a head to stand on. Choose minilm-l6 or bert-base-uncased.")
    rows = [loaded.codec.ids(text) for text in texts]
    if long := next((len(row) for row in rows if len(row) > loaded.window), 0):
        raise BadInput(f"A text is {long:,} tokens long; {loaded.card.name} reads {loaded.window:,}. Shorten it.")
    parts = []
    for begin in range(0, len(rows), AT_ONCE):
        watch.check()
        ids, mask = padded(rows[begin : begin + AT_ONCE], pad_id(loaded.model), loaded.device)
        with torch.inference_mode():
            parts.append(body(input_ids=ids, attention_mask=mask).pooler_output.float().cpu())
    return torch.cat(parts)
