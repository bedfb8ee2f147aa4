"""The prompt read once by the model: every token's log-probability given all before it."""

import numpy as np
import torch

from playground.engine.generation.generation import prompt_ids
from playground.engine.models import Loaded
from playground.engine.token_text import Pieces
from playground.engine.tracing import forced_logits
from playground.engine.watch import Watch
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.prompt import PromptReading, PromptReadingRequest, check_readable
from playground.tasks.request import Progress

MARK = "qzxq-the-prompt-qzxq"


def read_prompt(loaded: Loaded, requests: list[PromptReadingRequest], watch: Watch) -> list[PromptReading]:
    """One answer a request, in order."""
    return [_read_prompt(loaded, request.of, watch) for request in requests]


def _read_prompt(loaded: Loaded, of: GenerationRequest, watch: Watch) -> PromptReading:
    ids = prompt_ids(loaded, of)
    check_readable(len(ids))
    rendered = (loaded.codec.chat(of.prompt) if of.chat else None) or of.prompt
    chances, best, best_p = np.full(len(ids), np.nan, np.float32), np.full(len(ids), -1), np.full(len(ids), np.nan, np.float32)
    for place, rows in forced_logits(loaded.model, ids, 0, watch):
        watch.report(Progress("reading", "Reading the prompt", place, len(ids)))
        rows = rows[: len(ids) - 1 - place]  # nothing follows the last token
        after = slice(place + 1, place + 1 + len(rows))
        scores = torch.log_softmax(rows, -1)
        chances[after] = scores.gather(1, torch.tensor(ids[after], device=rows.device)[:, None])[:, 0].cpu().numpy()
        found = scores.max(-1)
        best[after], best_p[after] = found.indices.cpu().numpy(), found.values.exp().cpu().numpy()
    for array in (chances, best_p):
        array.setflags(write=False)
    pieces = Pieces(loaded.codec, loaded.card.scheme)
    numbers = np.array(ids, np.int32)
    numbers.setflags(write=False)
    return PromptReading(
        loaded.card.slug, loaded.source, of.chat and rendered != of.prompt, rendered, numbers,
        tuple(pieces.label(number) for number in ids), tuple(number in pieces.special for number in ids),
        _own(loaded, of, rendered), chances, tuple(pieces.label(int(n)) if n >= 0 else "" for n in best), best_p, loaded.reads_in,
        loaded.precision,
    )  # fmt: skip


def _own(loaded: Loaded, of: GenerationRequest, rendered: str) -> tuple[bool, ...]:
    """Which tokens hold the person's words: those whose span touches where the template put the prompt. Templates may trim it."""
    made = loaded.codec.encode(rendered, special=rendered == of.prompt)
    typed = of.prompt if of.prompt in rendered else of.prompt.strip()
    begin = rendered.rfind(typed, 0, len(rendered) - _tail(loaded, of))
    end = begin + len(typed)
    return tuple(bool(begin >= 0 and a < end and b > begin) for a, b in zip(made.starts.tolist(), made.ends.tolist(), strict=True))


def _tail(loaded: Loaded, of: GenerationRequest) -> int:
    """How many characters the template puts after the prompt: words that somebody may have typed too, such as "assistant"."""
    shown = loaded.codec.chat(MARK) if of.chat else None
    return len(shown) - shown.rindex(MARK) - len(MARK) if shown and MARK in shown else 0
