"""Equal requests are answered once; what left something to chance, or is never the same twice, is not confused."""

from dataclasses import replace

import pytest

from playground.errors import ModelUnavailable
from playground.service.cache import FEW, Answers, CachedService
from playground.service.hosted import HostedService
from playground.service.local import LocalService
from playground.service.start import open_service
from playground.settings import Settings
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.request import Batch, Progress
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.status import StatusRequest
from tests.fake.service import FakeService
from tests.service.requests import SMALL


def cached(budget: int = 100_000) -> tuple[CachedService, FakeService]:
    fake = FakeService()
    return CachedService(fake, Answers(budget)), fake


@pytest.mark.parametrize("room", [room for room, request in SMALL.items() if request.cacheable])
def test_equal_requests_reach_the_inner_service_once(room: str) -> None:
    service, fake = cached()
    first = service.run(SMALL[room])
    assert service.run(replace(SMALL[room])) is first  # type: ignore[type-var]
    assert list(service.stream(SMALL[room])) == [first]
    assert fake.calls == 1


def test_a_streamed_answer_is_kept_too() -> None:
    service, fake = cached()
    *_, answer = service.stream(SMALL["sentiment"])
    assert service.run(SMALL["sentiment"]) is answer
    assert fake.calls == 1


def test_a_stream_left_early_keeps_nothing() -> None:
    fake = FakeService(delay=0.3)
    service = CachedService(fake, Answers(100_000))
    stream = service.stream(SMALL["sentiment"])
    assert isinstance(next(stream), Progress)
    stream.close()
    fake.delay = 0.0
    service.run(SMALL["sentiment"])
    assert fake.calls == 1


def test_different_requests_differ() -> None:
    service, fake = cached()
    service.run(SMALL["sentiment"])
    service.run(SentimentRequest("I love this product", "minilm-sentiment"))
    service.run(SentimentRequest("I love this product!", "distilbert-sst2"))
    assert fake.calls == 3


def test_an_empty_seed_is_a_new_request_each_time_and_can_be_repeated() -> None:
    service, fake = cached()
    asked = GenerationRequest("Hello", "smollm2-135m")
    first, second = service.run(asked), service.run(asked)
    assert first.seed != second.seed
    assert fake.calls == 2
    assert service.run(replace(asked, seed=first.seed)) is first


def test_the_status_is_never_cached() -> None:
    service, fake = cached()
    for _ in range(2):
        service.run(StatusRequest())
    assert fake.calls == 2


def test_a_small_batch_is_answered_from_its_lines() -> None:
    """So that a class that repeats what was shown costs no run; a large one would push everything else out."""
    service, fake = cached()
    lines = [SentimentRequest(f"line {i}", "minilm-sentiment") for i in range(FEW + 1)]
    *_, first = service.stream(Batch(tuple(lines[:3])))
    assert service.run(Batch(tuple(lines[:3]))) == first == list(service.stream(Batch(tuple(lines[:3]))))[-1]
    assert service.run(lines[1]) is first[1] and fake.calls == 1
    assert service.run(Batch(tuple(reversed(lines[:3])))) == first[::-1] and fake.calls == 1
    for _ in range(2):
        service.run(Batch(tuple(lines)))
    assert fake.calls == 3


def test_the_oldest_answers_go_when_the_bytes_are_used_up() -> None:
    service, fake = cached(budget=20_000)
    asked = [SentimentRequest(f"{i} " + "a" * 2000, "minilm-sentiment") for i in range(10)]
    for request in asked:
        service.run(request)
    service.run(asked[-1])
    assert fake.calls == 10
    service.run(asked[0])
    assert fake.calls == 11


def test_failures_are_not_cached(settings: Settings) -> None:
    calls: list[str] = []

    def load(card: object, report: object) -> object:
        calls.append("load")
        raise ModelUnavailable("Not now.")

    service = CachedService(LocalService(settings, load=load), Answers(100_000))
    for _ in range(2):
        with pytest.raises(ModelUnavailable):
            service.run(SMALL["sentiment"])
    assert len(calls) == 2


def test_no_bytes_means_no_cache(settings: Settings) -> None:
    assert isinstance(open_service(replace(settings, answer_cache_mb=0)), HostedService)
    assert isinstance(open_service(settings), CachedService)
