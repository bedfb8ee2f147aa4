"""Sentiment: forwards over rows of similar length, probabilities from the logits, and why a text cannot be read."""

import numpy as np
import torch
from numpy.typing import NDArray

from playground.engine.alike import groups
from playground.engine.batches import TOKENS_AT_ONCE, pad_id, padded
from playground.engine.models import Loaded
from playground.engine.unread import unknown_ids, unread_of
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.sentiment.sentiment import UNREADABLE, Sentiment, SentimentRequest, softmax
from playground.tasks.sentiment.signs import NOT_KNOWN, named, nothing_to_read
from playground.tasks.unread import Unread

NOT_ENGLISH = "To the model it does not read like English, all that it learned from."


def classify(loaded: Loaded, requests: list[SentimentRequest], watch: Watch) -> list[Sentiment]:
    """One answer a request, in order. Raises BadInput with the numbers where a text is over the model's window and may not be cut."""
    read = [_read(loaded, request) for request in requests]
    logits = logits_of(loaded, [ids for ids, _ in read], watch)
    labels = labels_of(loaded)
    return [
        Sentiment(
            loaded.card.slug, loaded.source, r.text, labels, tuple(row.tolist()), tuple(p.tolist()), len(ids), left,
            why_unread(loaded, r.text, ids, labels, row), _unread(loaded, as_read(loaded, r.text), ids),
        )
        for r, row, p, (ids, left) in zip(requests, logits, softmax(logits), read, strict=True)
    ]  # fmt: skip


def _read(loaded: Loaded, request: SentimentRequest) -> tuple[list[int], int]:
    """The text's token ids, and how many were left out: those past the window, before the last special token."""
    ids = loaded.codec.ids(as_read(loaded, request.text))
    over = len(ids) - loaded.window
    if over <= 0:
        return ids, 0
    if not request.cut:
        raise BadInput(f"The text is {len(ids):,} tokens long; {loaded.card.name} reads {loaded.window:,}. Shorten it or send it in parts.")
    return [*ids[: loaded.window - 1], ids[-1]], over


def _unread(loaded: Loaded, text: str, ids: list[int]) -> Unread:
    """Most texts hold nothing unknown, and are not cut a second time to say so."""
    if any(number in ids for number in unknown_ids(loaded.codec)):
        return unread_of(loaded.codec, text, loaded.codec.encode(text))
    return Unread(0, len(ids))


def as_read(loaded: Loaded, text: str) -> str:
    """`text` with its emoji named, for a model that was trained so: one that can say “unreadable”."""
    return named(text) if UNREADABLE in labels_of(loaded) else text


def why_unread(loaded: Loaded, text: str, ids: list[int], labels: tuple[str, ...], logits: NDArray[np.float64]) -> str:
    """Why the text gets no label; "" where it gets one. By rule where no word is there to read, else by the model's own label."""
    if UNREADABLE not in labels:
        return ""
    unknown = loaded.codec.id_of("[UNK]")
    by_rule = nothing_to_read(named(text)) or (NOT_KNOWN if all(number == unknown for number in ids[1:-1]) else "")
    return by_rule or (NOT_ENGLISH if labels[int(logits.argmax())] == UNREADABLE else "")


def labels_of(loaded: Loaded) -> tuple[str, ...]:
    """The model's labels in the order of its logits, in lower case."""
    names = loaded.model.config.id2label
    return tuple(str(names[i]).lower() for i in range(len(names)))


def logits_of(loaded: Loaded, rows: list[list[int]], watch: Watch) -> NDArray[np.float64]:
    """(rows, labels): rows of similar length are run together, padding masked. Hears a Stop between layers and between groups."""
    found: list[NDArray[np.float64]] = [np.empty(0)] * len(rows)
    for places in groups([len(row) for row in rows], TOKENS_AT_ONCE):
        watch.check()
        ids, mask = padded([rows[place] for place in places], pad_id(loaded.model), loaded.device)
        with torch.inference_mode():
            made = loaded.model(input_ids=ids, attention_mask=mask).logits.double().cpu().numpy()
        for place, row in zip(places, made, strict=True):
            found[place] = row
    return np.stack(found)
