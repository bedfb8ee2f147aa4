"""The service that runs models in this process: one lane a model, one store of loaded models, attention runs kept for a while.

torch is imported by the first job that needs it, never by importing this module.
"""

import threading
from collections.abc import Callable
from typing import Any, TypeVar, cast

from playground.catalog import MB, MODELS, ModelCard
from playground.engine.alike import groups
from playground.engine.rooms import LoadedCodec, load_codec, runner_of
from playground.engine.store import Store, out_of_memory
from playground.engine.watch import Watch, watching
from playground.errors import PlaygroundError
from playground.service.cache import Answers
from playground.service.door import card_of, check_request
from playground.service.lanes import Lane
from playground.service.memory import ByteCache, give_back_freed_memory
from playground.service.stream import Job, Stream
from playground.settings import Settings
from playground.tasks.attention.attention import AttentionPart, AttentionRequest
from playground.tasks.request import Batch, Progress, Request
from playground.tasks.status import ModelStatus, Status, StatusRequest

A = TypeVar("A")
ROWS_AT_ONCE, CHARACTERS_AT_ONCE = 64, 8_192  # of a batch: what is run between two reports, and between two looks for a Stop
CODECS_AT_ONCE = 2


class LocalService:
    """See port.Service. `load` replaces the loader in tests; it is given the card and a report(state, done, total). `answers` are looked
    through once more when a request's turn has come, and kept as soon as there is one; by default none are."""

    def __init__(self, settings: Settings, load: Callable[..., Any] | None = None, answers: Answers | None = None) -> None:
        self._settings, self._lock, self._answers = settings, threading.Lock(), answers
        self._lanes: dict[tuple[str, bool], Lane] = {}  # by model, and whether only its tokenizer is at work
        self._runs: ByteCache[Any] = ByteCache(settings.run_cache_mb * MB)
        self._device = ""
        self._models: Store[Any] = Store(load or self._load, settings.model_memory_mb * MB, _is_out_of_memory, self._free, self._let_go)
        self._codecs: Store[LoadedCodec] = Store(lambda card, report: load_codec(card, settings, report), 400 * MB)

    def stream(self, request: Request[A]) -> Stream[A]:
        request = request.settled()
        check_request(request)
        at_once = self._at_once(request)
        if at_once is not None:
            return Stream.of(at_once)
        lane, job = self._job(request)
        lane.submit(job)
        return Stream(job, lambda: lane.leave(job))

    def run(self, request: Request[A]) -> A:
        request = request.settled()
        check_request(request)
        at_once = self._at_once(request)
        if at_once is not None:
            return at_once
        lane, job = self._job(request)
        lane.submit(job)
        return job.wait()

    def _at_once(self, request: Request[A]) -> A | None:
        """What needs no model: the status, and a part of a run that is still kept."""
        if isinstance(request, StatusRequest):
            return cast("A", self._status())
        if isinstance(request, AttentionPart) and (run := self._runs.get(request.of)) is not None:
            return cast("A", request.read(run.answer, run.layers))
        return () if isinstance(request, Batch) and not request.requests else None  # type: ignore[return-value]

    def _job(self, request: Request[A]) -> tuple[Lane, Job[A]]:
        first = request.requests[0] if isinstance(request, Batch) else request
        card = card_of(first)
        lane = self._lane(card, first.tokenizer_only)
        job: Job[A] = Job(lambda watch: self._answered(card, request, watch), lambda: self._describe(card, lane, job, first))
        return lane, job

    def _lane(self, card: ModelCard, tokens: bool) -> Lane:
        key, name = (card.slug, tokens), f"the tokenizer of {card.name}" if tokens else card.name
        with self._lock:
            if key not in self._lanes:
                self._lanes[key] = Lane(name, CODECS_AT_ONCE if tokens else self._settings.at_once, self._settings.waiting)
            return self._lanes[key]

    def _describe(self, card: ModelCard, lane: Lane, job: Job[Any], first: Request[Any]) -> Progress:
        place = lane.place(job)
        if place:
            return Progress("waiting", f"Waiting for {card.name}", place=place)
        store: Store[Any] = self._codecs if first.tokenizer_only else self._models
        status = store.statuses().get(card.slug)
        if status is None or status.state in ("ready", "failed"):
            return Progress("running", f"{card.name} is at work")
        words = {"converting": "Converting (once, about a minute)", "downloading": "Downloading", "loading": "Loading"}
        return Progress(status.state, f"{words.get(status.state, 'Preparing')} {card.name}", status.done, status.total)

    def _answered(self, card: ModelCard, request: Request[A], watch: Watch) -> A:
        """What an equal request was answered while this one waited, else what the work gives."""
        return self._answers.once(request, lambda: self._work(card, request, watch)) if self._answers else self._work(card, request, watch)

    def _work(self, card: ModelCard, request: Request[A], watch: Watch) -> A:
        first = request.requests[0] if isinstance(request, Batch) else request
        if first.tokenizer_only:
            with self._codecs.lease(card, watch) as loaded:
                read = runner_of(type(first))
                return cast("A", self._run_all(request, lambda some: read(card, loaded.codec, some, watch), watch))
        kind = AttentionRequest if isinstance(first, AttentionPart) else type(first)
        with self._models.lease(card, watch) as model, watching(watch):
            runner = runner_of(kind)
            return cast("A", self._run_all(request, lambda some: self._roomy(card, lambda: runner(model, some, watch)), watch))

    def _run_all(self, request: Request[Any], run: Callable[[list[Any]], list[Any]], watch: Watch) -> Any:
        if isinstance(request, Batch):
            return self._in_parts(request, run, watch)
        return self._each([request], run)[0]

    def _each(self, requests: list[Any], run: Callable[[list[Any]], list[Any]]) -> list[Any]:
        """One answer a request; attention, whole or in part, is read from runs that are kept for a while."""
        if not isinstance(requests[0], AttentionRequest | AttentionPart):
            return run(requests)
        return [self._read_run(request, run) for request in requests]

    def _read_run(self, request: Any, run: Callable[[list[Any]], list[Any]]) -> Any:
        whole = request if isinstance(request, AttentionRequest) else request.of
        kept = self._runs.get(whole)
        if kept is None:
            kept = run([whole])[0]
            give_back_freed_memory()
        self._runs.put(whole, kept, kept.bytes)
        return kept.answer if isinstance(request, AttentionRequest) else request.read(kept.answer, kept.layers)

    def _in_parts(self, batch: Batch[Any], run: Callable[[list[Any]], list[Any]], watch: Watch) -> tuple[Any, ...]:
        """Similar lengths together, so that little is padded; answers in the order asked."""
        lengths = [len(getattr(request, "text", "")) for request in batch.requests]
        answers: list[Any] = [None] * len(lengths)
        done = 0
        for some in groups(lengths, CHARACTERS_AT_ONCE, ROWS_AT_ONCE):
            watch.report(Progress("running", "Working through the lines", done, len(lengths)))
            for i, answer in zip(some, self._each([batch.requests[i] for i in some], run), strict=True):
                answers[i] = answer
            done += len(some)
        return tuple(answers)

    def _roomy(self, card: ModelCard, run: Callable[[], list[Any]]) -> list[Any]:
        """Out of memory while running: everything idle is let go, and the work tried once more."""
        try:
            return run()
        except Exception as error:
            if not _is_out_of_memory(error):
                raise
        self._models.evict(keep=card.slug)
        try:
            return run()
        except Exception as error:
            if not _is_out_of_memory(error):
                raise
            raise out_of_memory(card, self._free()) from error

    def _load(self, card: ModelCard, report: Callable[[str, int, int], None]) -> Any:
        from playground.engine.models import load_model

        loaded = load_model(card, self._settings, report)
        self._device = loaded.device.type
        return loaded

    def _free(self) -> int | None:
        from playground.engine.device import choose_device, free_bytes

        return free_bytes(choose_device(self._settings.device))

    def _let_go(self) -> None:
        """What else can be had back when memory is short: the kept runs, and what torch holds for later."""
        from playground.engine.device import choose_device, empty_device_cache

        self._runs.clear()
        empty_device_cache(choose_device(self._settings.device))

    def _status(self) -> Status:
        known = self._models.statuses()
        if self._settings.warm:
            known = {c.slug: ModelStatus(c.slug, "waiting") for c in MODELS if c.embedded} | known
        with self._lock:
            waiting = sum(lane.waiting for lane in self._lanes.values())
        return Status(tuple(known[card.slug] for card in MODELS if card.slug in known), self._device, waiting)


def _is_out_of_memory(error: BaseException) -> bool:
    if isinstance(error, PlaygroundError):
        return False
    from playground.engine.device import is_out_of_memory

    return is_out_of_memory(error)
