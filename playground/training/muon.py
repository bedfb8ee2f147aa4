"""Muon for a GPU: torch's update, all matrices of one shape in one batched product instead of one product each."""

from typing import Any

import torch


def orthogonal(updates: torch.Tensor, factors: tuple[float, float, float], steps: int, eps: float) -> torch.Tensor:
    """[matrices, rows, columns], each made near to orthogonal by Newton-Schulz iterations in bfloat16, as torch.optim.Muon does."""
    a, b, c = factors
    tall = updates.shape[1] > updates.shape[2]
    x = (updates.mT if tall else updates).bfloat16()
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.mT
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.mT if tall else x


class StackedMuon(torch.optim.Muon):
    """torch.optim.Muon (Jordan et al. 2024) with `match_rms_adamw` and Nesterov momentum: the same update and the same state.

    torch starts some 20 kernels for every matrix: 12 ms a step for a hundred matrices, whatever their size.
    """

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            rate, momentum = group["lr"], group["momentum"]
            shapes: dict[torch.Size, list[torch.Tensor]] = {}
            for matrix in group["params"]:
                if matrix.grad is not None:
                    shapes.setdefault(matrix.shape, []).append(matrix)
            for shape, some in shapes.items():
                grads: Any = [matrix.grad for matrix in some]
                for matrix in some:
                    if "momentum_buffer" not in self.state[matrix]:
                        self.state[matrix]["momentum_buffer"] = torch.zeros_like(matrix)
                kept = [self.state[matrix]["momentum_buffer"] for matrix in some]
                torch._foreach_lerp_(kept, grads, 1 - momentum)
                ahead = torch.stack(torch._foreach_lerp(grads, kept, momentum))
                made = orthogonal(ahead, group["ns_coefficients"], group["ns_steps"], group["eps"]).float()
                torch._foreach_mul_(some, 1 - rate * group["weight_decay"])
                torch._foreach_add_(some, list(made.unbind()), alpha=-0.2 * rate * float(max(shape)) ** 0.5)
