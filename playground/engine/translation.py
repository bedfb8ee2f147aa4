"""Translation: beam search over an encoder-decoder, candidates with their mean log-probability."""

import torch

from playground.engine.decoding import search
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.translation import Candidate, Translation, TranslationRequest


def translate(loaded: Loaded, requests: list[TranslationRequest], watch: Watch) -> list[Translation]:
    """One answer a request, in order. Raises BadInput with the numbers where a text is over the model's window."""
    return [_translate(loaded, request, watch) for request in requests]


def source_ids(loaded: Loaded, text: str) -> list[int]:
    """The encoder's input for `text`, task prefix included."""
    ids = loaded.codec.ids(loaded.card.prefix + text)
    if len(ids) > loaded.window:
        raise BadInput(f"The text is {len(ids):,} tokens long; {loaded.card.name} reads {loaded.window:,}. Send it in parts.")
    return ids


def _translate(loaded: Loaded, request: TranslationRequest, watch: Watch) -> Translation:
    watch.check()
    ids = source_ids(loaded, request.text)
    read = torch.tensor([ids], device=loaded.device)
    inputs = {"input_ids": read, "attention_mask": torch.ones_like(read)}
    found = search(loaded.model, inputs, request.beams, min(loaded.window - 1, 2 * len(ids) + 20))
    candidates = tuple(Candidate(loaded.codec.decode(new), score) for new, score in found)
    return Translation(loaded.card.slug, loaded.source, request.text, candidates, len(ids), len(found[0][0]))
