"""All logits of a step as bytes for `web/generation/sampling.js`, and the small value that tells it which step to ask for."""

import json
import struct
from dataclasses import asdict
from typing import Any

import numpy as np

from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.nexttoken import NextLogits
from playground.views.generation.trace import pack_words

ALIGNED = 8


def logits_bytes(made: NextLogits) -> bytes:
    """uint32 length, that many bytes of JSON padded with spaces, then little-endian float32 logits of the whole vocabulary."""
    about = {
        "model": made.model, "source": made.source, "seen": made.seen.tolist(), "words": pack_words(made.words),
        "uniform": made.uniform, "prompt": made.prompt_tokens, "written": made.written_tokens, "size": len(made.logits),
    }  # fmt: skip
    header = json.dumps(about, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    header += b" " * (-(4 + len(header)) % ALIGNED)
    return struct.pack("<I", len(header)) + header + np.ascontiguousarray(made.logits, "<f4").tobytes()


def step_value(asked: GenerationRequest, drawn: object, turn: int) -> dict[str, Any]:
    """`drawn` is the id the run took at this step, None where it has not come to it. `turn` tells equal steps apart."""
    before = asdict(asked) | {"written": list(asked.written)}
    return {"asked": before, "drawn": drawn if isinstance(drawn, int) and not isinstance(drawn, bool) else None, "turn": turn,
            "place": len(asked.written) + 1}  # fmt: skip
