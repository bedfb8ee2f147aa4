"""Counts the tokens of a long text, part by part, so that it says how far it is and can be stopped. Needs no model weights."""

import os
import time

from playground.catalog import ModelCard
from playground.engine.chunks import parted
from playground.engine.codec import Codec
from playground.engine.watch import Watch
from playground.tasks.request import Progress
from playground.tasks.tokens.budget import Budget, BudgetRequest


def weigh(card: ModelCard, codec: Codec, requests: list[BudgetRequest], watch: Watch) -> list[Budget]:
    """One answer a request, in order."""
    return [_weigh(card, codec, request.text, watch) for request in requests]


def _weigh(card: ModelCard, codec: Codec, text: str, watch: Watch) -> Budget:
    parts, began, tokens, done = parted(text), time.perf_counter(), 0, 0
    at_once = max(2, os.cpu_count() or 1)
    for first in range(0, len(parts), at_once):
        some = parts[first : first + at_once]
        watch.report(Progress("running", f"{card.name}’s tokenizer is counting", done, len(text)))
        tokens += sum(codec.counts(some))
        done += sum(map(len, some))
    seconds = time.perf_counter() - began
    special = len(codec.ids("", special=True))
    return Budget(card.slug, tokens, special, len(text), len(text.encode()), card.window, seconds)
