"""All logits of the step after what is written, read in chunks so Stop works in it."""

import numpy as np

from playground.engine.decoding import uniforms
from playground.engine.generation import known_ids
from playground.engine.models import Loaded
from playground.engine.pieces import Pieces
from playground.engine.tracing import forced_logits
from playground.engine.watch import Watch
from playground.tasks.nexttoken import NextLogits, NextLogitsRequest

NAMED = 400


def foretell(loaded: Loaded, requests: list[NextLogitsRequest], watch: Watch) -> list[NextLogits]:
    """One answer a request, in order."""
    return [_foretell(loaded, request, watch) for request in requests]


def _foretell(loaded: Loaded, request: NextLogitsRequest, watch: Watch) -> NextLogits:
    prompt, written = known_ids(loaded, request.of)
    known = prompt + written
    *_, (_, rows) = forced_logits(loaded.writer, known, len(known) - 1, watch)
    logits = np.ascontiguousarray(rows[-1].cpu().numpy(), np.float32)
    seen = np.unique(np.array(known, np.int32))
    pieces = Pieces(loaded.codec, loaded.card.scheme)
    for number in [*np.argsort(-logits, kind="stable")[:NAMED].tolist(), *seen.tolist()]:
        pieces.label(number)
    for array in (logits, seen):
        array.setflags(write=False)
    uniform = next(uniforms(request.of.seed or 0, len(written)))
    return NextLogits(
        loaded.card.slug, loaded.source, logits, seen, pieces.words(), uniform, len(prompt), len(written)
    )
