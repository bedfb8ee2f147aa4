"""Multi-head attention written out, short enough to read in a lesson. Knows torch, nothing of this app."""

import torch
from torch import Tensor, nn


class MultiHeadAttention(nn.Module):
    """Vaswani et al. 2017, section 3.2.2: every head looks in its own subspace, then the heads are joined and mixed."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads, self.size = heads, width // heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.output = nn.Linear(width, width)

    def split(self, x: Tensor) -> Tensor:
        """(batch, tokens, width) -> (batch, heads, tokens, size): each head gets its own slice of every vector."""
        batch, tokens, _ = x.shape
        return x.view(batch, tokens, self.heads, self.size).transpose(1, 2)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x (batch, tokens, width); mask True where a token must not look. Gives (output like x, weights of every head)."""
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = q @ k.transpose(-2, -1) / self.size**0.5
        if mask is not None:
            scores = scores.masked_fill(mask, float("-inf"))
        weights = torch.softmax(scores, dim=-1)
        joined = (weights @ v).transpose(1, 2).flatten(2)
        return self.output(joined), weights
