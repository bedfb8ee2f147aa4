"""Puts the service together from settings, and warms it up in the background through its own door."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from playground.catalog import MB, MODELS
from playground.engine.learn.hosted import Connection
from playground.errors import PlaygroundError
from playground.service.cache import Answers, CachedService
from playground.service.hosted import HostedService
from playground.service.local import LocalService
from playground.service.port import Service
from playground.settings import Settings
from playground.tasks.answering.answering import AnsweringRequest
from playground.tasks.attention.attention import AttentionRequest
from playground.tasks.generation.generation import GenerationRequest
from playground.tasks.request import Request
from playground.tasks.sentiment.sentiment import SentimentRequest
from playground.tasks.status import StatusRequest
from playground.tasks.translation.translation import TranslationRequest

GIVING_WAY, PAUSE = 20, 2.0  # how often a run that is not asked for gives way before it is given up, and for how many seconds
log = logging.getLogger(__name__)


def open_service(settings: Settings) -> Service:
    """The local service behind an answer cache. Loads nothing and imports no torch yet."""
    hosted = Connection(settings.openai_base_url.strip(), settings.openai_model.strip(), settings.openai_key.strip())
    answers = Answers(settings.answer_cache_mb * MB)
    inner = HostedService(LocalService(settings, answers=answers if settings.answer_cache_mb else None), hosted)
    return CachedService(inner, answers) if settings.answer_cache_mb else inner


def warm_up(service: Service, settings: Settings, arrivals: Sequence[Callable[[], Any]] = ()) -> threading.Thread | None:
    """Loads the embedded models one after another, in a daemon thread, with a small real request each, and then runs `arrivals`: what
    the page asks for wherever somebody comes, so that the answer cache has it. They give way to people."""
    if not settings.warm:
        return None
    thread = threading.Thread(target=_warm, args=(service, arrivals if settings.answer_cache_mb else ()), name="warm-up", daemon=True)
    thread.start()
    return thread


def _warm(service: Service, arrivals: Sequence[Callable[[], Any]]) -> None:
    for request in small_requests():
        try:
            service.run(request)
        except PlaygroundError as error:
            log.warning("warm-up: %s", error)
        except Exception:
            log.exception("warm-up failed")
    for arrival in arrivals:
        for _ in range(GIVING_WAY):
            if _unasked(service, arrival):
                break
            time.sleep(PAUSE)


def _unasked(service: Service, arrival: Callable[[], Any]) -> bool:
    """Runs `arrival` to its end as long as nobody waits; closed before that, its work ends and gives its place free."""
    items, begun = None, time.monotonic()
    try:
        if _waiting(service):
            return False
        items = arrival()
        return all(time.monotonic() - begun < PAUSE or not _waiting(service) for _ in items)  # at first it waits itself
    except Exception as error:
        log.warning("warm-up: %s", error)
        return True
    finally:
        if items is not None:
            items.close()


def _waiting(service: Service) -> bool:
    return service.run(StatusRequest()).waiting > 0


def small_requests() -> list[Request[Any]]:
    """One request for each embedded model, of the first task it serves that has one here."""
    makers: dict[str, Callable[[str], Request[Any]]] = {
        "attention": lambda slug: AttentionRequest("Hello", slug),
        "generation": lambda slug: GenerationRequest("Hello", slug, chat=False, temperature=0.0, max_new_tokens=1, seed=0),
        "sentiment": lambda slug: SentimentRequest("Hello", slug),
        "answering": lambda slug: AnsweringRequest("Who?", "Nobody.", slug),
        "translation": lambda slug: TranslationRequest("Hello.", slug, 1),
    }
    return [makers[next(r for r in card.rooms if r in makers)](card.slug) for card in MODELS if card.embedded]
