"""All logits of the step after what is written. In float32 the whole is read in chunks; in a coarser precision token by token,
as the run wrote it, since there the logits of both ways differ enough to move what a seed draws.
"""

from typing import Any

import numpy as np
import torch

from playground.engine.decoding import PREFILL, uniforms
from playground.engine.generation.generation import known_ids
from playground.engine.models import Loaded
from playground.engine.token_text import Pieces
from playground.engine.tracing import forced_logits
from playground.engine.watch import Watch
from playground.tasks.generation.nexttoken import NextLogits, NextLogitsRequest
from playground.tasks.request import Progress

NAMED = 400
REPLAYED = 256


def foretell(loaded: Loaded, requests: list[NextLogitsRequest], watch: Watch) -> list[NextLogits]:
    """One answer a request, in order."""
    return [_foretell(loaded, request, watch) for request in requests]


def _foretell(loaded: Loaded, request: NextLogitsRequest, watch: Watch) -> NextLogits:
    prompt, written = known_ids(loaded, request.of)
    known = prompt + written
    logits = np.ascontiguousarray(_last_logits(loaded, prompt, written, watch).cpu().numpy(), np.float32)
    seen = np.unique(np.array(known, np.int32))
    pieces = Pieces(loaded.codec, loaded.card.scheme)
    for number in [*np.argsort(-logits, kind="stable")[:NAMED].tolist(), *seen.tolist()]:
        pieces.label(number)
    for array in (logits, seen):
        array.setflags(write=False)
    uniform = next(uniforms(request.of.seed or 0, len(written)))
    return NextLogits(loaded.card.slug, loaded.source, logits, seen, pieces.words(), uniform, len(prompt), len(written))


def _last_logits(loaded: Loaded, prompt: list[int], written: list[int], watch: Watch) -> torch.Tensor:
    """(vocabulary,) float32. Of more than REPLAYED written tokens the first are read in chunks all the same."""
    exact = loaded.light is None and loaded.model.dtype == torch.float32
    if exact:
        *_, (_, rows) = forced_logits(loaded.model, prompt + written, len(prompt) + len(written) - 1, watch)
        return rows[-1]
    before, steps = prompt + written[:-REPLAYED], written[-REPLAYED:]
    pieces = [before[begin : begin + PREFILL] for begin in range(0, len(before), PREFILL)] + [[token] for token in steps]
    past: Any = None
    logits = torch.empty(0)
    for done, piece in enumerate(pieces):
        watch.check()
        if done % 8 == 0:
            watch.report(Progress("reading", "Reading what is written", done, len(pieces)))
        with torch.inference_mode():
            read = torch.tensor([piece], device=loaded.device)
            out = loaded.writer(read, past_key_values=past, use_cache=True, logits_to_keep=1)
        past, logits = out.past_key_values, out.logits[0, -1].float()
    return logits
