"""Puts the service together from settings, and warms it up in the background through its own door."""

import logging
import threading
from collections.abc import Callable
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
from playground.tasks.translation.translation import TranslationRequest

log = logging.getLogger(__name__)


def open_service(settings: Settings) -> Service:
    """The local service behind an answer cache. Loads nothing and imports no torch yet."""
    hosted = Connection(settings.openai_base_url.strip(), settings.openai_model.strip(), settings.openai_key.strip())
    answers = Answers(settings.answer_cache_mb * MB)
    inner = HostedService(LocalService(settings, answers=answers if settings.answer_cache_mb else None), hosted)
    return CachedService(inner, answers) if settings.answer_cache_mb else inner


def warm_up(service: Service, settings: Settings) -> threading.Thread | None:
    """Loads the embedded models one after another, in a daemon thread, with a small real request each."""
    if not settings.warm:
        return None
    thread = threading.Thread(target=_warm, args=(service,), name="warm-up", daemon=True)
    thread.start()
    return thread


def _warm(service: Service) -> None:
    for request in small_requests():
        try:
            service.run(request)
        except PlaygroundError as error:
            log.warning("warm-up: %s", error)
        except Exception:
            log.exception("warm-up failed")


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
