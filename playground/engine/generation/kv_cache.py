"""Writing with the key-value cache and without, timed token by token. Both ways read the same weights, in other portions."""

import time
from collections.abc import Iterator

import torch

from playground.engine.generation.generation import prompt_ids
from playground.engine.models import Loaded
from playground.engine.token_text import Pieces
from playground.engine.watch import Watch
from playground.errors import BadInput
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.kv_cache import Pace, PaceRequest, Parting
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
    logits: dict[bool, list[torch.Tensor]] = {True: [], False: []}
    pieces = Pieces(loaded.codec, loaded.card.scheme)

    def answer(finished: bool) -> Pace:
        parting = _parting(new, logits, pieces)
        return Pace(
            loaded.card.slug, loaded.source, pieces.whole(new[True])[0], len(prompt), tuple(took[True]), tuple(took[False]),
            cache_bytes(loaded), loaded.precision, parting is None, finished, pieces.whole(new[False])[0], parting,
        )  # fmt: skip

    for cached in (True, False):
        began = time.perf_counter()
        for token, row in _greedy(loaded, prompt, request.tokens, cached, watch):
            took[cached].append(time.perf_counter() - began)
            new[cached].append(token)
            logits[cached].append(row)
            watch.report(answer(False))
            began = time.perf_counter()
    return answer(True)


def _parting(new: dict[bool, list[int]], logits: dict[bool, list[torch.Tensor]], pieces: Pieces) -> Parting | None:
    """Up to there both ways read the same tokens, so their logits differ by rounding alone."""
    place = next((i for i, (a, b) in enumerate(zip(new[True], new[False], strict=False)) if a != b), None)
    if place is None:
        return None
    a, b = new[True][place], new[False][place]
    ours, theirs = logits[True][place], logits[False][place]
    return Parting(place + 1, pieces.label(a), pieces.label(b), float(ours[a] - ours[b]), float(theirs[b] - theirs[a]))


def _greedy(loaded: Loaded, prompt: list[int], most: int, cached: bool, watch: Watch) -> Iterator[tuple[int, torch.Tensor]]:
    """`most` likeliest tokens with their step's logits (vocabulary,), one by one; the end of the text does not end it, so that both ways
    write as many."""
    known = torch.tensor([prompt], device=loaded.device)
    read, past = known, None
    for _ in range(most):
        watch.check()
        with torch.inference_mode():
            out = loaded.writer(read, past_key_values=past, use_cache=cached, logits_to_keep=1)
            new = out.logits[:, -1].argmax(-1, keepdim=True)
            known = torch.cat([known, new], 1)
        read, past = (new, out.past_key_values) if cached else (known, None)
        yield int(new), out.logits[0, -1]


def cache_bytes(loaded: Loaded) -> int:
    """What the cache holds for one token: a key and a value of every key-value head in every layer."""
    face = loaded.face
    return int(2 * face.layers["decoder"] * face.key_heads * face.head_width * loaded.model.dtype.itemsize)
