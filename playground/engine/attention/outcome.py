"""What a run leads to, with its changes: one forward with the model's own head, or its own translation."""

from dataclasses import replace

import torch

from playground.engine.attention.attention import Reading, read_inputs
from playground.engine.forward import body_of, changes_of
from playground.engine.models import Loaded
from playground.engine.token_text import Pieces
from playground.engine.watch import Watch
from playground.tasks.attention.outcome import Outcome, OutcomeRequest
from playground.tasks.changes import Changes


def foresee(loaded: Loaded, requests: list[OutcomeRequest], watch: Watch) -> list[Outcome]:
    """One answer a request, in order."""
    return [_foresee(loaded, request, watch) for request in requests]


def _foresee(loaded: Loaded, request: OutcomeRequest, watch: Watch) -> Outcome:
    watch.check()
    slug = loaded.card.slug
    if loaded.face.has_cross:
        reading = read_inputs(loaded, replace(request.of, target=""))
        return Outcome(slug, "translation", ((reading.target, _likelihood(loaded, reading)),))
    reading = read_inputs(loaded, request.of)
    if loaded.face.writes:
        with changes_of(loaded, reading.changes), torch.inference_mode():
            logits = loaded.model(**reading.inputs, use_cache=False, logits_to_keep=1).logits[0, -1].float()
        best = torch.softmax(logits, -1).topk(request.most)
        items = zip(best.indices.tolist(), best.values.tolist(), strict=True)
        pieces = Pieces(loaded.codec, loaded.card.scheme)
        found = tuple((pieces.label(token), p) for token, p in items)
        return Outcome(slug, "next token", found, loaded.reads_in, loaded.precision)
    if loaded.face.head == "labels":
        with changes_of(loaded, reading.changes), torch.inference_mode():
            shares = torch.softmax(loaded.model(**reading.inputs).logits[0].float(), -1).tolist()
        names = loaded.model.config.id2label
        return Outcome(slug, "label", tuple(sorted(((str(names[i]).lower(), p) for i, p in enumerate(shares)), key=lambda one: -one[1])))
    if loaded.face.head == "span":
        return Outcome(slug, "none", ())
    plain = _sentence(loaded, replace(reading, changes=Changes()))
    cosine = torch.nn.functional.cosine_similarity(_sentence(loaded, reading), plain, dim=0)
    return Outcome(slug, "vector", (("similarity to the unchanged text", float(cosine)),))


def _sentence(loaded: Loaded, reading: Reading) -> torch.Tensor:
    """The mean of the last layer's vectors: MiniLM's sentence embedding."""
    with changes_of(loaded, reading.changes), torch.inference_mode():
        return torch.as_tensor(body_of(loaded)(**reading.inputs).last_hidden_state[0].float().mean(0))


def _likelihood(loaded: Loaded, reading: Reading) -> float:
    """The mean probability (geometric) of the translation's tokens, given all before."""
    ids = reading.inputs["decoder_input_ids"]
    if ids.shape[1] < 2:
        return 1.0
    with changes_of(loaded, reading.changes), torch.inference_mode():
        logits = loaded.model(**reading.inputs, use_cache=False).logits[0, :-1].float()
    own = torch.log_softmax(logits, -1).gather(1, ids[0, 1:, None])
    return float(own.mean().exp())
