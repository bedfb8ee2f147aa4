"""Rows of different lengths as one padded tensor. What several runners need."""

import torch

TOKENS_AT_ONCE = 1024  # measured: on a CPU more gains nothing, and a Stop is heard later


def padded(rows: list[list[int]], pad: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """(ids, mask), both int64 (rows, longest): `pad` after each row's end, mask 1 on real tokens."""
    longest = max(map(len, rows))
    ids = torch.tensor([row + [pad] * (longest - len(row)) for row in rows], device=device)
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows], device=device)
    return ids, mask


def pad_id(model: object) -> int:
    """The model's padding token, or 0: with the mask it is never looked at."""
    found = getattr(getattr(model, "config", None), "pad_token_id", None)
    return found if isinstance(found, int) else 0
