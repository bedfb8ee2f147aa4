"""Muon in batched products takes torch's step, and keeps the same state."""

import pytest
import torch
from torch import nn

from playground.training.muon import StackedMuon, orthogonal

SHAPES = [(8, 8), (8, 8), (24, 8), (8, 24), (24, 8)]


@pytest.mark.parametrize("steps", [1, 4])
def test_steps_and_state_are_those_of_torch(steps: int) -> None:
    torch.manual_seed(0)
    start, slopes = [torch.randn(shape) for shape in SHAPES], [[torch.randn(shape) for shape in SHAPES] for _ in range(steps)]
    found = []
    for kind in (StackedMuon, torch.optim.Muon):
        weights = [nn.Parameter(value.clone()) for value in start]
        muon = kind(weights, 0.02, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
        for some in slopes:
            for weight, slope in zip(weights, some, strict=True):
                weight.grad = slope.clone()
            muon.step()
        found.append((weights, [muon.state[weight]["momentum_buffer"] for weight in weights]))
    (mine, kept), (theirs, their_kept) = found
    for one, other, begun in zip(mine, theirs, start, strict=True):
        assert (one - other).norm() < 0.02 * (other - begun).norm()  # the products are in bfloat16
    torch.testing.assert_close(kept, their_kept)


def test_what_is_made_is_near_to_orthogonal_and_a_matrix_without_slope_stays() -> None:
    made = orthogonal(torch.randn(3, 16, 40, generator=torch.Generator().manual_seed(0)), (3.4445, -4.775, 2.0315), 5, 1e-7).float()
    sizes = torch.linalg.svdvals(made)
    assert made.shape == (3, 16, 40) and sizes.min() > 0.4 and sizes.max() < 1.4
    still = nn.Parameter(torch.ones(4, 4))
    StackedMuon([still], 0.1).step()
    assert torch.equal(still, torch.ones(4, 4))
