"""Writing with the key-value cache and without, timed token by token. Both ways read the same weights and must write the same."""

import time
from collections.abc import Iterator

import torch

from playground.engine.generation.generation import prompt_ids
from playground.engine.models import Loaded
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.kv_cache import Pace, PaceRequest
from playground.tasks.generation.limits import LIMITS


def race(loaded: Loaded, requests: list[PaceRequest], watch: Watch) -> list[Pace]:
    """One answer a request, in order; cumulative partial answers on the way."""
    return [_race(loaded, request, watch) for request in requests]


def _race(loaded: Loaded, request: PaceRequest, watch: Watch) -> Pace:
    prompt = prompt_ids(loaded, GenerationRequest(request.prompt, request.model, request.chat))
    most = min(loaded.window, LIMITS.lens_tokens) - request.tokens
    if len(prompt) > most:
        raise BadInput(
            f"The prompt is {len(prompt):,} tokens long; the race is for at most {most:,}, since without the cache all of them are read "
            "again for each new token. Shorten it."
        )
    took: dict[bool, list[float]] = {True: [], False: []}
    new: dict[bool, list[int]] = {True: [], False: []}

    def answer(finished: bool) -> Pace:
        same = new[True][: len(new[False])] == new[False]
        return Pace(
            loaded.card.slug, loaded.source, loaded.codec.decode(new[True]), len(prompt), tuple(took[True]), tuple(took[False]),
            cache_bytes(loaded), loaded.precision, same, finished,
        )  # fmt: skip

    for cached in (True, False):
        began = time.perf_counter()
        for token in _greedy(loaded, prompt, request.tokens, cached, watch):
            took[cached].append(time.perf_counter() - began)
            new[cached].append(token)
            watch.report(answer(False))
            began = time.perf_counter()
    return answer(True)


def _greedy(loaded: Loaded, prompt: list[int], most: int, cached: bool, watch: Watch) -> Iterator[int]:
    """`most` likeliest tokens, one by one; the end of the text does not end it, so that both ways write as many."""
    known = torch.tensor([prompt], device=loaded.device)
    read, past = known, None
    for _ in range(most):
        watch.check()
        with torch.inference_mode():
            out = loaded.writer(read, past_key_values=past, use_cache=cached, logits_to_keep=1)
            new = out.logits[:, -1].argmax(-1, keepdim=True)
            known = torch.cat([known, new], 1)
        read, past = (new, out.past_key_values) if cached else (known, None)
        yield int(new)


def cache_bytes(loaded: Loaded) -> int:
    """What the cache holds for one token: a key and a value of every key-value head in every layer."""
    face = loaded.face
    return int(2 * face.layers["decoder"] * face.key_heads * face.head_width * loaded.model.dtype.itemsize)
