"""A traced generation -> the messages that `web/generation/trace.js` reads while it grows, and what a program is told of it. Knows no
model.

Also reads the request that the page sends for them.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NotRequired, TypedDict

import numpy as np

from playground.tasks.generation.generation import Generation, GenerationRequest, read_seed
from playground.tasks.generation.tracing import ALTERNATIVES, Trace, perplexity_of
from playground.tasks.request import Progress
from playground.tasks.vocabulary import Words
from playground.tasks.wire import read
from playground.views.generation.asked import AskedRun, asked_run
from playground.views.generation.generation import GenerationView, generation_sentence, generation_view
from playground.views.status import Note, note, progress_note
from playground.views.text import visible
from playground.views.wire import message


def read_writing(asked: dict[str, Any]) -> GenerationRequest:
    """A request as the page sends it: the fields of GenerationRequest, its seed perhaps as somebody typed it. Raises BadInput."""
    given = asked | {"seed": read_seed(asked["seed"])} if isinstance(asked.get("seed"), str) else asked
    return replace(read(GenerationRequest, given, "The run"), alternatives=ALTERNATIVES).settled()


class GrowingText(TypedDict):
    """What a message says beside its arrays: the text so far and the `words` that are new; `asked`, with its seed, in the first one."""

    note: Note
    text: str
    words: str
    finished: bool
    stopped: str
    figures: GenerationView
    asked: NotRequired[AskedRun]


class TraceMessages:
    """Of one growing generation: each message holds the tokens that are new since the one before, in the arrays of `Trace`, and a
    GrowingText; while there is progress only, a note alone."""

    def __init__(self, asked: GenerationRequest) -> None:
        self._asked, self._tokens, self._words = asked, 0, 0

    def __call__(self, item: Progress | Generation) -> Iterator[bytes]:
        if isinstance(item, Progress):
            yield message({"note": progress_note(item)}, {})
            return
        trace = item.trace
        assert trace is not None, "asked for with alternatives"
        about: GrowingText = {
            "note": note(generation_sentence(item)), "text": item.text, "words": pack_words(trace.words, self._words),
            "finished": item.finished, "stopped": item.stopped, "figures": generation_view(item),
        }  # fmt: skip
        if not self._words:
            about["asked"] = asked_run(replace(self._asked, seed=item.seed))
        yield message(about, _arrays(trace, self._tokens))
        self._tokens, self._words = len(trace), len(trace.words.ids)


def _arrays(trace: Trace, start: int) -> dict[str, np.ndarray[Any, Any]]:
    names = ("ids", "ranks", "logits", "normalisers", "after", "uniforms", "others", "other_logits", "other_after")
    return {name: getattr(trace, name)[start:] for name in names}


def pack_words(words: Words, start: int = 0) -> str:
    """A line for each id from number `start` on: the id, 1 for a control token, the visible text, with tabs between."""
    rows = zip(words.ids[start:], words.labels[start:], words.special[start:], strict=True)
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
