"""The local service: maps are read from kept runs, memory that runs short is found again, models work one by one."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import torch

from playground.catalog import MB
from playground.engine.alike import groups
from playground.engine.attention import attention
from playground.engine.generation import generation
from playground.engine.rooms import runners_of
from playground.engine.sentiment import sentiment
from playground.errors import BadInput, OutOfMemory
from playground.service.cache import Answers, CachedService
from playground.service.local import CHARACTERS_AT_ONCE, ROWS_AT_ONCE, LocalService
from playground.service.start import small_requests, warm_up
from playground.settings import Settings
from playground.tasks.attention.attention import AttentionMapRequest, AttentionRequest
from playground.tasks.attention.packing import AttentionPackRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.request import Batch, Progress
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.status import StatusRequest
from tests.conftest import Models
from tests.service.requests import SMALL, as_value

RUN = AttentionRequest("A map is read from the run it is part of.", "minilm-l6")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[AttentionRequest]]:
    """The attention requests that really ran a model."""
    seen: list[AttentionRequest] = []
    real = attention.attend

    def attend(loaded: Any, requests: list[AttentionRequest], watch: Any) -> Any:
        seen.extend(requests)
        return real(loaded, requests, watch)

    monkeypatch.setitem(runners_of("attention"), AttentionRequest, attend)
    return seen


@pytest.fixture
def own(settings: Settings, models: Models) -> LocalService:
    """A service of its own on the session's models: its lanes and kept runs are fresh."""
    return LocalService(settings, load=lambda card, report: models[card.slug])


def test_a_room_that_asks_the_same_at_once_costs_one_run(settings: Settings, models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty people press one example: those whose turn comes later find its answer. Another text still runs."""
    answers = Answers(MB)
    service = CachedService(LocalService(settings, lambda card, report: models[card.slug], answers), answers)
    asked = [
        SentimentRequest("Thirty people press one example.", "minilm-sentiment"),
        SentimentRequest("One has a text.", "minilm-sentiment"),
    ]
    seen: list[str] = []
    real = sentiment.classify

    def slowly(loaded: Any, some: list[SentimentRequest], watch: Any) -> Any:
        time.sleep(0.2)
        seen.extend(one.text for one in some)
        return real(loaded, some, watch)

    monkeypatch.setitem(runners_of("sentiment"), SentimentRequest, slowly)
    with ThreadPoolExecutor(30) as pool:
        made = list(pool.map(lambda i: list(service.stream(asked[i == 17]))[-1], range(30)))
    assert sorted(seen) == sorted(one.text for one in asked)
    assert len({id(one) for one in made}) == 2


def test_maps_and_packs_do_not_run_the_model_again(own: LocalService, runs: list[AttentionRequest]) -> None:
    own.run(RUN)
    for layer in range(6):
        own.run(AttentionMapRequest(RUN, layer, layer))
    own.run(AttentionPackRequest(RUN))
    *_, last = own.stream(AttentionMapRequest(RUN, 5, "mean", "self"))
    assert last.weights.shape == (len(last.queries), len(last.keys))  # type: ignore[union-attr]
    assert runs == [RUN]


def test_a_map_alone_runs_the_whole_it_is_part_of(own: LocalService, runs: list[AttentionRequest]) -> None:
    one = own.run(AttentionMapRequest(RUN, 2, 3))
    own.run(AttentionMapRequest(RUN, 3, 4))
    own.run(RUN)
    assert runs == [RUN]
    assert not one.weights.flags.writeable


def test_a_run_let_go_is_computed_again_and_equal(settings: Settings, models: Models, runs: list[AttentionRequest]) -> None:
    small = LocalService(replace(settings, run_cache_mb=0), load=lambda card, report: models[card.slug])
    first, again = small.run(AttentionMapRequest(RUN, 1, 2)), small.run(AttentionMapRequest(RUN, 1, 2))
    assert runs == [RUN, RUN]
    assert as_value(first) == as_value(again)


def test_a_map_that_is_not_there_lists_what_is(own: LocalService) -> None:
    for kept in (False, True):
        with pytest.raises(BadInput, match=r"Layer 6 is out of range.*layers 0 to 5"):
            own.run(AttentionMapRequest(RUN, 6))
        with pytest.raises(BadInput, match=r"Head 12 is out of range.*heads 0 to 11, or “mean”"):
            own.run(AttentionMapRequest(RUN, 0, 12))
        with pytest.raises(BadInput, match=r"no “cross” attention. It has: self"):
            own.run(AttentionMapRequest(RUN, 0, 0, "cross"))
        with pytest.raises(BadInput, match=r"Layer -1 is out of range"):
            own.run(AttentionMapRequest(RUN, -1))
        if not kept:
            own.run(RUN)


def test_twenty_people_one_load(settings: Settings, models: Models) -> None:
    loads: list[str] = []

    def load(card: Any, report: Any) -> Any:
        loads.append(card.slug)
        return models[card.slug]

    service = LocalService(settings, load=load)
    asked = [SentimentRequest(f"This is good, number {i}.", "minilm-sentiment") for i in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(service.run, asked))
    assert loads == ["minilm-sentiment"]
    assert [answer.text for answer in answers] == [request.text for request in asked]


def test_a_long_batch_is_worked_through_in_order(own: LocalService) -> None:
    asked = tuple(SentimentRequest(("so " * (i * 7 % 30)) + f"good {i}", "minilm-sentiment") for i in range(70))
    items = list(own.stream(Batch(asked)))
    assert [answer.text for answer in items[-1]] == [request.text for request in asked]  # type: ignore[union-attr]
    alone = own.run(asked[13])
    assert items[-1][13].logits == pytest.approx(alone.logits, abs=1e-4)  # type: ignore[index]


def test_parts_of_a_batch_hold_every_request_once_and_few_characters() -> None:
    luck = random.Random(1)
    for _ in range(50):
        lengths = [luck.choice([0, 1, 40, 300, 5_000]) for _ in range(luck.randint(1, 300))]
        parts = list(groups(lengths, CHARACTERS_AT_ONCE, ROWS_AT_ONCE))
        assert sorted(place for part in parts for place in part) == list(range(len(lengths)))
        assert all(len(part) <= ROWS_AT_ONCE for part in parts)
        assert all(len(part) == 1 or max(lengths[i] for i in part) * len(part) <= CHARACTERS_AT_ONCE for part in parts)
        longest = [max(lengths[i] for i in part) for part in parts]
        assert longest == sorted(longest)


def test_a_long_batch_says_how_far_it_is_and_stops_at_once(own: LocalService) -> None:
    own.run(SMALL["sentiment"])
    asked = tuple(SentimentRequest(f"A rather long and winding sentence, number {i}. " * 8, "minilm-sentiment") for i in range(600))
    stream = own.stream(Batch(asked))
    seen = [item for item, _ in zip(stream, range(4), strict=False) if isinstance(item, Progress)]
    assert {item.total for item in seen if item.total} == {600}
    began = time.monotonic()
    stream.close()
    while own._lanes["minilm-sentiment", False].working:
        assert time.monotonic() - began < 1.0, "the aim is 0.3 s; a busy machine gets more"
        time.sleep(0.005)


def test_a_text_past_the_window_is_cut_only_where_that_is_asked_for(own: LocalService) -> None:
    long = SentimentRequest("good " * 600, "minilm-sentiment")
    with pytest.raises(BadInput, match="602 tokens long"):
        own.run(long)
    cut = own.run(replace(long, cut=True))
    assert (cut.tokens, cut.left_out) == (512, 90)
    assert cut.logits == pytest.approx(own.run(SentimentRequest("good " * 510, "minilm-sentiment")).logits, abs=1e-5)


def test_out_of_memory_while_running_is_tried_once_more(own: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
    own.run(RUN)
    own.run(SMALL["sentiment"])
    failures, real = [torch.OutOfMemoryError("CUDA out of memory")], sentiment.classify

    def classify(*told: Any) -> Any:
        if failures:
            raise failures.pop()
        return real(*told)

    monkeypatch.setitem(runners_of("sentiment"), SentimentRequest, classify)
    assert own.run(SMALL["sentiment"]).label == "positive"  # type: ignore[attr-defined]
    assert [status.model for status in own.run(StatusRequest()).models] == ["minilm-sentiment"]
    assert own._runs.get(RUN) is None


def test_out_of_memory_twice_names_size_and_what_is_free(own: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
    def classify(*told: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setitem(runners_of("sentiment"), SentimentRequest, classify)
    with pytest.raises(OutOfMemory, match=r"MiniLM.*needs about 91 MB.*free"):
        own.run(SMALL["sentiment"])


def test_one_request_at_a_time_per_model(own: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many ask; other models are not kept waiting by it."""
    at_work, most, real = [0], [0], generation.generate

    def generate(*told: Any) -> Any:
        at_work[0] += 1
        most[0] = max(most[0], at_work[0])
        try:
            return real(*told)
        finally:
            at_work[0] -= 1

    monkeypatch.setitem(runners_of("generation"), GenerationRequest, generate)
    asked = [GenerationRequest("Hi", "smollm2-135m", chat=False, max_new_tokens=2, seed=i) for i in range(6)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(own.run, asked))
    assert most == [1]


def test_a_busy_model_does_not_hold_up_another(own: LocalService) -> None:
    own.run(SMALL["sentiment"])
    long = own.stream(GenerationRequest("Once", "smollm2-135m", chat=False, temperature=0.0, max_new_tokens=1000, seed=0))
    next(long)
    assert own.run(SentimentRequest("Still good?", "minilm-sentiment")).text == "Still good?"
    assert next(long) is not None
    long.close()


def test_seeded_requests_in_many_threads_repeat_what_they_give_alone(own: LocalService) -> None:
    asked = [GenerationRequest("My favourite", "smollm2-135m", chat=False, max_new_tokens=6, seed=i) for i in range(4)]
    alone = [own.run(request).text for request in asked]
    stop = threading.Event()

    def disturb() -> None:
        while not stop.wait(0.001):
            torch.manual_seed(1)

    disturbing = threading.Thread(target=disturb)
    disturbing.start()
    with ThreadPoolExecutor(4) as pool:
        together = [answer.text for answer in pool.map(own.run, asked)]
    stop.set()
    disturbing.join()
    assert together == alone
    assert len(set(alone)) > 1


def test_warming_up_loads_every_embedded_model(settings: Settings, models: Models) -> None:
    loads: list[str] = []

    def load(card: Any, report: Any) -> Any:
        loads.append(card.slug)
        return models[card.slug]

    warm = replace(settings, warm=True)
    service = LocalService(warm, load=load)
    assert {status.state for status in service.run(StatusRequest()).models} == {"waiting"}
    thread = warm_up(service, warm)
    assert thread is not None
    thread.join(120)
    assert loads == ["smollm2-135m", "minilm-l6", "minilm-sentiment", "minilm-qa", "en-fr"]
    assert {status.state for status in service.run(StatusRequest()).models} == {"ready"}
    assert len(small_requests()) == 5
    assert warm_up(service, settings) is None


def test_making_the_service_imports_no_torch() -> None:
    code = (
        "import sys; from playground.service.start import open_service; from playground.settings import Settings;"
        "open_service(Settings()); assert not {'torch', 'transformers', 'huggingface_hub'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
