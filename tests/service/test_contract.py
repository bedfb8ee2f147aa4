"""The port's contract (service/port.py), held by every service: fake, local on real models, and the cache before either."""

import importlib
import inspect
import itertools
import pkgutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from playground import tasks
from playground.engine.learn.hosted import Connection
from playground.errors import BadInput, Busy, ModelUnavailable, UnknownModel
from playground.service.cache import Answers, CachedService
from playground.service.hosted import HostedService
from playground.service.local import LocalService
from playground.service.port import Service
from playground.settings import Settings
from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.tasks.learn.hosted import HostedRequest
from playground.tasks.request import Batch, Progress, Request
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.status import Status, StatusRequest
from playground.tasks.tokens.tokens import TokensRequest
from tests.fake.service import FakeService
from tests.service.requests import SMALL, as_value

MB = 1_000_000
LONG = GenerationRequest("Once upon a time", "smollm2-135m", chat=False, temperature=0.0, max_new_tokens=1000, seed=0)


@pytest.fixture(params=["fake", "local", "cached-fake", "cached-local", "hosted-fake"])
def any_service(request: pytest.FixtureRequest) -> Service:
    """Alone, behind the cache, and behind the service that also asks a hosted model."""
    before, _, name = request.param.rpartition("-")
    inner: Service = FakeService() if name == "fake" else request.getfixturevalue("local")
    if before == "hosted":
        return HostedService(inner, Connection("", ""))
    return CachedService(inner, Answers(8 * MB)) if before == "cached" else inner


class Held:
    """A service in which every request is pending until `release` is set, and how many are worked on."""

    def __init__(self, kind: str, settings: Settings) -> None:
        self.release = threading.Event()
        self.fake = FakeService(delay=60)
        self.local = LocalService(settings, load=self._load)
        inner: Service = self.fake if kind.endswith("fake") else self.local
        self.service: Service = CachedService(inner, Answers(MB)) if kind.startswith("cached") else inner

    def _load(self, card: Any, report: Callable[[str, int, int], None]) -> Any:
        report("downloading", 1, 2)
        self.release.wait(60)
        raise ModelUnavailable("Held back by the test.")

    @property
    def working(self) -> int:
        return self.fake.working + sum(lane.working + lane.waiting for lane in self.local._lanes.values())


@pytest.fixture(params=["fake", "local", "cached-fake", "cached-local"])
def held(request: pytest.FixtureRequest, settings: Settings) -> Any:
    made = Held(request.param, settings)
    yield made
    made.release.set()


def wait_until(true: Callable[[], bool], seconds: float = 10.0) -> float:
    """Seconds until `true()`."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it never came true"
        time.sleep(0.01)
    return time.monotonic() - began


APART = {
    Batch: "the tests below make batches of all the others",
    StatusRequest: "test_the_status_is_answered_at_once",
    HostedRequest: "tests/service/test_hosted.py: no model of ours answers it",
}


def kinds(of: type[Request[Any]]) -> set[type[Request[Any]]]:
    """Every request that can be sent, of the modules in playground/tasks."""
    return {kind for one in of.__subclasses__() for kind in {one, *kinds(one)} if not inspect.isabstract(kind)}


def test_every_request_has_a_small_one_here_or_a_reason_why_not() -> None:
    for module in pkgutil.walk_packages(tasks.__path__, "playground.tasks."):
        importlib.import_module(module.name)
    ours = {kind for kind in kinds(Request) if kind.__module__.startswith("playground.tasks.")}
    assert ours == {type(one) for one in SMALL.values()} | set(APART)
    assert not set(APART) & {type(one) for one in SMALL.values()}


@pytest.mark.parametrize("room", SMALL)
def test_a_stream_ends_with_the_answer_run_gives(any_service: Service, room: str) -> None:
    items = list(any_service.stream(SMALL[room]))
    answer = any_service.run(SMALL[room])
    assert as_value(items[-1]) == as_value(answer)
    assert all(isinstance(item, Progress | type(answer)) for item in items)
    assert not isinstance(answer, Progress)


def test_partial_answers_are_cumulative(any_service: Service) -> None:
    asked = GenerationRequest("The sky is", "smollm2-135m", chat=False, max_new_tokens=30, seed=3)
    items = [item for item in any_service.stream(asked) if isinstance(item, Generation)]
    assert len(items) > 1 or items[0].source == "fake"
    assert [item.finished for item in items] == [False] * (len(items) - 1) + [True]
    for before, after in itertools.pairwise(items):
        assert after.text.startswith(before.text)
        assert after.new_tokens >= before.new_tokens


@pytest.mark.parametrize("verb", ["stream", "run"])
def test_bad_requests_raise_before_the_first_item(any_service: Service, verb: str) -> None:
    ask = getattr(any_service, verb)
    with pytest.raises(BadInput, match="empty"):
        ask(SentimentRequest("", "minilm-sentiment"))
    with pytest.raises(UnknownModel, match=r"nosuch.*minilm-sentiment.*distilbert-sst2"):
        ask(SentimentRequest("good", "nosuch"))
    with pytest.raises(UnknownModel, match=r"cannot be used for sentiment.*minilm-sentiment"):
        ask(SentimentRequest("good", "en-fr"))
    with pytest.raises(BadInput, match="empty"):
        ask(Batch((SentimentRequest("good", "minilm-sentiment"), SentimentRequest("", "minilm-sentiment"))))
    with pytest.raises(BadInput, match="one model"):
        ask(Batch((SentimentRequest("good", "minilm-sentiment"), SentimentRequest("good", "distilbert-sst2"))))
    with pytest.raises(BadInput, match="one kind"):
        ask(Batch((SentimentRequest("good", "minilm-sentiment"), TokensRequest("good", "minilm-l6"))))


def test_an_empty_seed_is_drawn_and_shown(any_service: Service) -> None:
    asked = replace(SMALL["generation"], seed=None, max_new_tokens=1)  # type: ignore[call-arg]
    seeds = {any_service.run(asked).seed for _ in range(3)}
    assert len(seeds) == 3


def test_equal_requests_have_equal_answers(any_service: Service) -> None:
    for asked in SMALL.values():
        assert as_value(any_service.run(asked)) == as_value(any_service.run(asked))


def test_a_batch_answers_in_order(any_service: Service) -> None:
    texts = ["I love it", "It was an awful day, and the food was cold and late and dear.", "good"]
    asked = tuple(SentimentRequest(text, "minilm-sentiment") for text in texts)
    answers = any_service.run(Batch(asked))
    assert [answer.text for answer in answers] == texts
    assert any_service.run(Batch(())) == () == list(any_service.stream(Batch(())))[-1]


def test_a_batch_of_any_room_answers_as_one_by_one(any_service: Service) -> None:
    for asked in SMALL.values():
        (alone,) = any_service.run(Batch((asked,)))
        assert as_value(alone) == as_value(any_service.run(asked))


def test_the_status_is_answered_at_once(any_service: Service) -> None:
    assert isinstance(any_service.run(StatusRequest()), Status)
    assert [type(item) for item in any_service.stream(StatusRequest())] == [Status]


def test_many_threads_at_once(any_service: Service) -> None:
    alone = {room: as_value(any_service.run(asked)) for room, asked in SMALL.items()}
    with ThreadPoolExecutor(14) as pool:
        rooms = list(SMALL) * 2
        answers = list(pool.map(lambda room: list(any_service.stream(SMALL[room]))[-1], rooms))
    for room, answer in zip(rooms, answers, strict=True):
        assert as_value(answer) == alone[room], room


def test_closing_early_stops_the_work_and_the_next_is_served(any_service: Service) -> None:
    stream = any_service.stream(LONG)
    next(item for item in stream if isinstance(item, Generation))
    stream.close()
    assert list(stream) == []
    assert any_service.run(replace(LONG, max_new_tokens=2)).finished


def test_closing_from_another_thread_frees_the_place(local: LocalService) -> None:
    stream, seen = local.stream(LONG), threading.Event()

    def read() -> None:
        for item in stream:
            if isinstance(item, Generation):
                seen.set()

    reader = threading.Thread(target=read)
    reader.start()
    assert seen.wait(60)
    stream.close()
    assert wait_until(lambda: local._lanes["smollm2-135m", False].working == 0) < 1.0
    reader.join(1.0)
    assert not reader.is_alive()


def test_closing_while_a_long_prompt_is_read_frees_the_place(local: LocalService) -> None:
    stream = local.stream(replace(LONG, prompt="word " * 4000))
    for _ in range(3):
        next(stream)
    stream.close()
    assert wait_until(lambda: local._lanes["smollm2-135m", False].working == 0) < 1.0


def test_something_comes_while_work_is_pending(held: Held) -> None:
    with held.service.stream(SMALL["sentiment"]) as stream:
        for _ in range(4):
            began = time.monotonic()
            item = next(stream)
            assert isinstance(item, Progress) and item.text
            assert time.monotonic() - began < 0.6


def test_closing_while_pending_frees_the_place(held: Held) -> None:
    stream = held.service.stream(SMALL["sentiment"])
    next(stream)
    closer = threading.Thread(target=stream.close)
    closer.start()
    assert wait_until(lambda: held.working == 0) < 1.0
    assert list(stream) == []
    closer.join()


def test_leaving_a_stream_unread_frees_the_place(held: Held) -> None:
    for item in held.service.stream(SMALL["sentiment"]):
        assert isinstance(item, Progress)
        break
    del item
    assert wait_until(lambda: held.working == 0) < 1.0


def test_an_unknown_failure_reaches_the_reader(settings: Settings) -> None:
    def fail(card: Any, report: Any) -> Any:
        raise ZeroDivisionError("secret detail")

    service = LocalService(settings, load=fail)
    with pytest.raises(ModelUnavailable, match="ZeroDivisionError") as caught:
        list(service.stream(SMALL["sentiment"]))
    assert "secret" not in str(caught.value)
    assert service.run(StatusRequest()).models[0].state == "failed"


@pytest.mark.parametrize("kind", ["local", "cached-local"])
def test_place_in_the_queue_and_busy(kind: str, settings: Settings) -> None:
    held = Held(kind, replace(settings, waiting=2))
    streams = [held.service.stream(replace(SMALL["sentiment"], text=f"text {i}")) for i in range(3)]  # type: ignore[call-arg]
    places = []
    for stream in streams:
        next(stream)
        places.append(next(stream).place)  # type: ignore[union-attr]
    assert places == [0, 1, 2]
    with pytest.raises(Busy, match=r"2 requests already wait for MiniLM"):
        held.service.stream(SMALL["sentiment"])
    streams[1].close()
    assert wait_until(lambda: next(streams[2]).place == 1) < 1.0  # type: ignore[union-attr]
    fourth = held.service.stream(SMALL["sentiment"])
    assert next(fourth).place == 2  # type: ignore[union-attr]
    held.release.set()
    with pytest.raises(ModelUnavailable):
        list(fourth)


def test_nobody_may_wait_but_one_is_served(settings: Settings) -> None:
    held = Held("local", replace(settings, waiting=0))
    stream = held.service.stream(SMALL["sentiment"])
    next(stream)
    with pytest.raises(Busy):
        held.service.stream(replace(SMALL["sentiment"], text="another"))  # type: ignore[call-arg]
    held.release.set()
