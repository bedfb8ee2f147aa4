"""The logit lens: a layer's output through the model's own last norm and vocabulary projection (nostalgebraist 2020). Knows no room."""

from typing import Any

import torch

from playground.engine.models import Loaded
from playground.engine.stack import stack_of
from playground.errors import ModelUnavailable


def last_norm(loaded: Loaded) -> Any:
    """Raises ModelUnavailable for a model without one."""
    norm = stack_of(loaded, "").final
    if norm is None:
        raise ModelUnavailable(f"{loaded.card.name} has no norm after its last block, so the lens cannot look into it.")
    return norm


def said_by(loaded: Loaded, normed: torch.Tensor) -> torch.Tensor:
    """(rows, vocabulary) float32 logits of vectors (rows, width) the last norm was applied to."""
    return torch.as_tensor(loaded.model.get_output_embeddings()(normed)).float()


def ranks_of(logits: torch.Tensor) -> torch.Tensor:
    """(rows,) the place, from 1, that each row gives the last row's first choice."""
    final = int(logits[-1].argmax())
    return 1 + (logits > logits[:, final : final + 1]).sum(-1)
