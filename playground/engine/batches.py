"""Rows of different lengths as one padded tensor. What several runners need."""

from collections.abc import Iterator, Sequence

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


def groups(lengths: Sequence[int], tokens: int = TOKENS_AT_ONCE) -> Iterator[list[int]]:
    """Places in `lengths`, shortest first, so many together that at most `tokens` tokens are run at once, padding counted.

    One that is longer alone comes alone.
    """
    order = sorted(range(len(lengths)), key=lengths.__getitem__)
    held: list[int] = []
    for place in order:
        if held and lengths[place] * (len(held) + 1) > tokens:
            yield held
            held = []
        held.append(place)
    if held:
        yield held
