"""Writes down each step of a generation: logits, probabilities and alternatives, into arrays made once. What two rooms may need."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.token_text import Pieces
from playground.engine.watch import Watch
from playground.tasks.generation.tracing import Trace

CHUNK = 128


class Tracer:
    """Room for `most` tokens with `alternatives` each: 12 bytes an alternative and 32 a token. `see` is what decoding.write calls."""

    def __init__(self, pieces: Pieces, most: int, alternatives: int) -> None:
        self._pieces, self._count, self._width = pieces, 0, alternatives
        self._ids, self._ranks = np.zeros(most, np.int32), np.zeros(most, np.int32)
        self._own = np.zeros((3, most), np.float32)
        self._uniforms = np.full(most, np.nan, np.float64)
        self._others = np.zeros((most, alternatives), np.int32)
        self._beside = np.zeros((2, most, alternatives), np.float32)

    def see(self, logits: torch.Tensor, chances: torch.Tensor, token: int, uniform: float) -> None:
        at, mine = self._count, logits[token]
        best = torch.topk(logits, min(self._width, len(logits)))
        own = torch.stack([mine, torch.logsumexp(logits, -1), chances[token], (logits > mine).sum()])
        self._own[:, at], self._ranks[at] = own[:3].cpu().numpy(), int(own[3]) + 1
        self._others[at] = best.indices.cpu().numpy()
        self._beside[:, at] = torch.stack([best.values, chances[best.indices]]).cpu().numpy()
        self._ids[at], self._uniforms[at] = token, uniform
        self._pieces.label(token)
        for number in self._others[at].tolist():
            self._pieces.label(number)
        self._count += 1

    def trace(self, whole: bool = False) -> Trace:
        """What was seen so far. `whole`: copies that hold no spare room alive."""
        n = self._count
        parts: list[NDArray[Any]] = [self._ids[:n], *self._own[:, :n], self._uniforms[:n], self._ranks[:n], self._others[:n],
                                     *self._beside[:, :n]]  # fmt: skip
        kept: list[Any] = [part.copy() if whole else part.view() for part in parts]
        for part in kept:
            part.setflags(write=False)
        return Trace(*kept, *[self._pieces.words()])


def forced_logits(model: Any, ids: list[int], first: int, watch: Watch) -> Iterator[tuple[int, torch.Tensor]]:
    """(place, logits float32 (k, vocabulary)) for the places from `first` on, in chunks: what the model expects after each id."""
    known, past = torch.tensor([ids], device=model.device), None
    for begin in range(0, len(ids), CHUNK):
        watch.check()
        end = min(begin + CHUNK, len(ids))
        keep = end - max(begin, first)
        with torch.inference_mode():
            out = model(known[:, begin:end], past_key_values=past, use_cache=True, logits_to_keep=max(1, keep))
        past = out.past_key_values
        if keep > 0:
            yield end - keep, out.logits[0].float()
