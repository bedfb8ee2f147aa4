"""A traced generation -> what `web/generation/trace.js` shows, in a form that only ever grows at its end, so that Gradio sends what is new.

Also reads back the request that the page sends when a branch is to grow. Knows no model.
"""

import base64
from dataclasses import replace
from typing import Any, TypedDict

import numpy as np

from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.tasks.generation.limits import LIMITS
from playground.tasks.generation.tracing import ALTERNATIVES, Trace, Words, perplexity_of
from playground.views.generation.asked import AskedRun, asked_run
from playground.views.text import visible

HEAD = 6
RECORD = HEAD + 3 * ALTERNATIVES  # 32-bit numbers a token; a multiple of three bytes, so base64 of a longer trace begins alike
NOBODY = -1


class TraceView(TypedDict):
    """`packed` is base64 of RECORD little-endian 32-bit numbers a token (see `pack_trace`); `words` a line a token id."""

    run: str
    asked: AskedRun
    packed: str
    words: str
    text: str
    branches: int
    most: int
    finished: bool
    stopped: str


def trace_view(made: Generation, asked: GenerationRequest, run: str) -> TraceView:
    """`asked` must be settled, or the page could not ask for the same again."""
    trace = made.trace
    return {
        "run": run,
        "asked": asked_run(replace(asked, seed=made.seed)),
        "packed": "" if trace is None else pack_trace(trace),
        "words": "" if trace is None else pack_words(trace.words),
        "text": made.text,
        "branches": LIMITS.branches,
        "most": LIMITS.written_tokens,
        "finished": made.finished,
        "stopped": made.stopped,
    }


def pack_trace(trace: Trace) -> str:
    """Of each token: id, rank (int32), logit, normaliser, probability it was drawn with, the number that drew it (float32, nan if
    none); then 50 times id (int32, -1 where there is none), logit, probability after the pipeline (float32)."""
    table = np.zeros((len(trace), RECORD), "<f4")
    whole = table.view("<i4")
    whole[:, 0], whole[:, 1] = trace.ids, trace.ranks
    table[:, 2:HEAD] = np.stack([trace.logits, trace.normalisers, trace.after, trace.uniforms], axis=1)
    whole[:, HEAD::3] = NOBODY
    width = trace.others.shape[1]
    whole[:, HEAD : HEAD + 3 * width : 3] = trace.others
    table[:, HEAD + 1 : HEAD + 3 * width : 3] = trace.other_logits
    table[:, HEAD + 2 : HEAD + 3 * width : 3] = trace.other_after
    return base64.b64encode(table.tobytes()).decode("ascii")


def pack_words(words: Words) -> str:
    """A line for each id: the id, 1 for a control token, the visible text, with tabs between."""
    rows = zip(words.ids, words.labels, words.special, strict=True)
    return "".join(f"{number}\t{int(special)}\t{visible(label)}\n" for number, label, special in rows)


class Alternative(TypedDict):
    """`probability` at temperature 1, `sampled` after the sampling pipeline."""

    id: int
    text: str
    logit: float
    probability: float
    sampled: float


class WrittenToken(Alternative):
    rank: int
    alternatives: list[Alternative]


class TracedText(TypedDict):
    """What a program is told of a traced generation. `held_back`: bytes, as "F0 9F", of a character that the tokens end inside of;
    `text` ends before it."""

    text: str
    held_back: str
    seed: int
    stopped: str
    log_probability: float
    perplexity: float
    tokens: list[WrittenToken]


def traced_text(made: Generation) -> TracedText:
    """Natural logarithms; texts of tokens are plain, not made visible."""
    trace = made.trace
    assert trace is not None, "asked for with alternatives"
    texts = dict(zip(trace.words.ids, trace.words.labels, strict=True))

    def one(number: Any, logit: Any, after: Any, place: int) -> Alternative:
        p = float(np.exp(logit - trace.normalisers[place]))
        return {"id": int(number), "text": texts[int(number)], "logit": float(logit), "probability": p, "sampled": float(after)}

    tokens: list[WrittenToken] = [
        {**one(trace.ids[i], trace.logits[i], trace.after[i], i), "rank": int(trace.ranks[i]),
         "alternatives": [one(*row, i) for row in zip(trace.others[i], trace.other_logits[i], trace.other_after[i], strict=True)]}
        for i in range(len(trace))
    ]  # fmt: skip
    total = trace.log_probabilities
    return {"text": made.text, "held_back": made.held, "seed": made.seed, "stopped": made.stopped,
            "log_probability": float(total.sum(dtype=np.float64)),
            "perplexity": perplexity_of(total) if len(trace) else 1.0, "tokens": tokens}  # fmt: skip
