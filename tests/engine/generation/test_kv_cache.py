"""The race with and without the cache: same tokens, all of them timed, and the size of the cache counted on the cache itself."""

from typing import Any

import pytest

from playground.engine.generation.generation import generate
from playground.engine.generation.kv_cache import cache_bytes, race
from playground.engine.watch import Watch
from playground.errors import BadInput, Cancelled
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.generation.kv_cache import Pace, PaceRequest, per_second, slowdown

REQUEST = PaceRequest("Once upon a time", "smollm2-135m", chat=False, tokens=6)


def test_both_ways_write_what_greedy_writes(models: Any) -> None:
    loaded, told = models["smollm2-135m"], []
    made = race(loaded, [REQUEST], Watch(told.append))[0]
    plain = GenerationRequest(REQUEST.prompt, REQUEST.model, False, 0.0, repetition_penalty=1.0, max_new_tokens=6, seed=0)
    assert made.finished and made.same and made.text == generate(loaded, [plain], Watch())[0].text
    assert len(made.cached) == len(made.uncached) == 6 and min(made.cached + made.uncached) > 0
    assert [len(one.cached) + len(one.uncached) for one in told] == list(range(1, 13)) and not any(one.finished for one in told)


def test_the_cache_is_as_large_as_is_said(models: Any) -> None:
    import torch

    loaded = models["smollm2-135m"]
    with torch.inference_mode():
        kept = loaded.model(torch.tensor([[1, 2, 3, 4]]), use_cache=True).past_key_values
    assert cache_bytes(loaded) * 4 == sum(layer.keys.nbytes + layer.values.nbytes for layer in kept.layers)


def test_a_long_prompt_is_refused_and_a_reader_who_leaves_ends_it(models: Any) -> None:
    with pytest.raises(BadInput, match=r"the race is for at most 506"):
        race(models["smollm2-135m"], [PaceRequest("word " * 600, "smollm2-135m", chat=False, tokens=6)], Watch())

    def leave(item: Pace) -> None:
        if len(item.cached) == 2:
            watch.cancel()

    watch = Watch(leave)
    with pytest.raises(Cancelled):
        race(models["smollm2-135m"], [REQUEST], watch)


def test_speed_and_slowdown() -> None:
    assert per_second((9.0, 0.5, 0.5)) == pytest.approx(2.0) and per_second((9.0,)) == 0.0
    assert slowdown((9.0, *(0.1 * i for i in range(1, 13)))) == pytest.approx(1.1 / 0.2) and slowdown((1.0, 2.0)) == 1.0


@pytest.mark.parametrize("tokens", [1, 65, True, 2.5, "8"])
def test_bounds(tokens: Any) -> None:
    with pytest.raises(BadInput, match="Tokens"):
        PaceRequest("a", "smollm2-135m", tokens=tokens).check()
