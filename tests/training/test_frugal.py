"""The cheaper loss and dropout of a training step give what torch's own give."""

import pytest
import torch
from torch import nn

from playground.training.frugal import POOL, ROWS, pooled_dropout, smoothed_cross_entropy


@pytest.mark.parametrize("count", [1, ROWS - 1, ROWS, 2 * ROWS + 7])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_loss_and_gradients_are_those_of_torch(count: int, smoothing: float) -> None:
    torch.manual_seed(count)
    hidden, weight = torch.randn(count, 24), torch.randn(301, 24)
    target = torch.randint(0, 301, (count,))
    found = []
    for ours in (True, False):
        h, w = hidden.clone().requires_grad_(), weight.clone().requires_grad_()
        loss = (
            smoothed_cross_entropy(h, w, target, smoothing)
            if ours
            else nn.functional.cross_entropy(h @ w.T, target, label_smoothing=smoothing)
        )
        (3 * loss).backward()  # type: ignore[no-untyped-call]
        found.append((loss.detach(), h.grad, w.grad))
    for mine, theirs in zip(*found, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-5)


def test_dropout_keeps_the_stated_share_and_the_mean_and_its_gradient_is_its_mask() -> None:
    torch.manual_seed(0)
    x = torch.ones(400_000, requires_grad=True)
    with pooled_dropout(0.1, torch.ones(1)):
        once, again = nn.functional.dropout(x, 0.1, True), nn.functional.dropout(x, 0.1, True)
        assert nn.functional.dropout(x, 0.1, False) is x
        once.sum().backward()  # type: ignore[no-untyped-call]
    assert once.eq(0).float().mean().item() == pytest.approx(0.1, abs=0.003)
    assert once.mean().item() == pytest.approx(1, abs=0.004)
    assert not torch.equal(once, again)
    assert x.grad is not None and torch.equal(x.grad, once.detach())


def test_another_share_or_a_larger_mask_is_left_to_torch_and_torch_is_put_back() -> None:
    usual = nn.functional.dropout
    with pooled_dropout(0.1, torch.ones(1)):
        assert nn.functional.dropout(torch.ones(100_000), 0.5, True).eq(0).float().mean().item() == pytest.approx(0.5, abs=0.02)
        assert nn.functional.dropout(torch.ones(POOL), 0.1, True).shape == (POOL,)
    assert nn.functional.dropout is usual
    with pytest.raises(ValueError, match="x"), pooled_dropout(0.1, torch.ones(1)):
        raise ValueError("x")
    assert nn.functional.dropout is usual
