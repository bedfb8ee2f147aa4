"""Ten people at once over HTTP, each asking every panel with texts of their own: all answered, as if each were alone, one load a model.

The answers "alone" come from another process, one after the other; the crowd meets an app in which nothing is loaded yet.
"""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from playground.catalog import DEFAULTS, MB, ModelCard
from playground.settings import Settings
from tests.api.calls import call
from tests.api.running_app import RunningApp, free_port

pytestmark = [pytest.mark.models, pytest.mark.slow]

WORDS = ("cat", "dog", "teacher", "river", "train", "garden", "doctor", "window", "singer", "horse")
PEOPLE = range(len(WORDS))
TOLERANCE = 1e-5


def requests_of(person: int) -> dict[str, dict[str, Any]]:
    """What one person asks of each endpoint. Half of them sample with a seed, half are greedy; some texts are shared."""
    word, shared = WORDS[person], WORDS[person % 3]
    return {
        "tokenize": {"text": f"Person {person} sees a {word} 🤗, unbelievably."},
        "attention": {"text": f"The {word} stopped because it was tired.", "layer": person % 6, "head": person % 12},
        "generate": {
            "prompt": f"The {word} walked into the room and", "chat": False, "temperature": 0.9 if person % 2 else 0.0,
            "max_new_tokens": 8, "seed": person,
        },
        "sentiment": {"text": f"I {'love' if person % 2 else 'hate'} this {shared}."},
        "answer": {"question": f"Where is the {word}?", "context": f"The {word} is in house number {person + 10}. The sky is blue."},
        "translate": {"text": f"The {word} is big."},
    }  # fmt: skip


@dataclass(frozen=True)
class Crowded:
    """An app in this process, and how often each model and each tokenizer was loaded."""

    url: str
    loads: Counter[str]


@pytest.fixture(scope="module")
def alone(app: RunningApp, http: httpx.Client) -> dict[tuple[int, str], Any]:
    """Every request of every person, one at a time."""
    return {(person, api): call(http, app.url, api, **named).answer for person in PEOPLE for api, named in requests_of(person).items()}


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowded]:
    """Nothing warm: the first ten presses of a panel meet its model unloaded."""
    from playground.serving import prepare

    prepare(os.environ)
    from playground.engine.models import load_model
    from playground.service import local
    from playground.service.cache import Answers, CachedService
    from playground.serving import serve
    from playground.ui import build_app

    settings = replace(Settings.from_environ(os.environ), host="127.0.0.1", port=free_port(), hub=False, warm=False)
    loads: Counter[str] = Counter()
    lock = threading.Lock()

    def counted(kind: str, load: Callable[[ModelCard], Any], card: ModelCard) -> Any:
        with lock:
            loads[f"{kind} {card.slug}"] += 1
        time.sleep(0.2)  # long enough for all ten to arrive while it loads
        return load(card)

    real_codec = local.load_codec
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local, "load_codec", lambda card, given, report: counted("tokenizer", lambda c: real_codec(c, given, report), card))
        service = CachedService(
            local.LocalService(settings, lambda card, report: counted("model", lambda c: load_model(c, settings, report), card)),
            Answers(settings.answer_cache_mb * MB),
        )
        demo = build_app(service)
        patch.chdir(Path(__file__).parents[2])
        url = serve(demo, service, settings)
        yield Crowded(url, loads)
        demo.close()


@pytest.fixture(scope="module")
def together(crowded: Crowded, alone: dict[tuple[int, str], Any]) -> dict[tuple[int, str], Any]:
    """Ten threads, each with its own connection, begin at one signal; each presses the panels in an order of its own."""
    signal = threading.Barrier(len(PEOPLE))

    def person(number: int) -> dict[tuple[int, str], Any]:
        asked = list(requests_of(number).items())
        turned = asked[number % 6 :] + asked[: number % 6] if number >= 5 else asked
        with httpx.Client(timeout=120) as http:
            signal.wait(30)
            return {(number, api): call(http, crowded.url, api, **named) for api, named in turned}

    with ThreadPoolExecutor(len(PEOPLE)) as pool:
        return {key: outcome for found in pool.map(person, PEOPLE) for key, outcome in found.items()}


def check_equal(found: Any, expected: Any, where: str) -> None:
    """The same structure and texts, numbers to TOLERANCE."""
    if isinstance(expected, float):
        assert found == pytest.approx(expected, abs=TOLERANCE), where
    elif isinstance(expected, dict):
        assert set(found) == set(expected), where
        for key in expected:
            check_equal(found[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(found) == len(expected), where
        for place, (one, other) in enumerate(zip(found, expected, strict=True)):
            check_equal(one, other, f"{where}[{place}]")
    else:
        assert found == expected, where


def test_all_are_answered(together: dict[tuple[int, str], Any]) -> None:
    assert len(together) == 60
    assert {key: outcome.error for key, outcome in together.items() if outcome.error or not outcome.items} == {}


@pytest.mark.parametrize("api", requests_of(0))
def test_each_answer_is_the_answer_alone(together: dict[tuple[int, str], Any], alone: dict[tuple[int, str], Any], api: str) -> None:
    for person in PEOPLE:
        check_equal(together[person, api].answer, alone[person, api], f"person {person}, {api}")


def test_answers_differ_between_people(alone: dict[tuple[int, str], Any]) -> None:
    """Else the comparison above would prove nothing."""
    for api in ("tokenize", "generate", "translate", "answer"):
        assert len({str(alone[person, api]) for person in PEOPLE}) > 7, api


def test_each_model_was_loaded_once(together: dict[tuple[int, str], Any], crowded: Crowded) -> None:
    assert together
    models = {f"model {DEFAULTS[room]}" for room in ("attention", "generation", "sentiment", "answering", "translation")}
    assert models <= set(crowded.loads)
    assert set(crowded.loads.values()) == {1}, crowded.loads


def test_another_layer_or_head_needs_no_new_run(crowded: Crowded, http: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from playground.service import local

    runs: Counter[str] = Counter()
    real = local.runner_of

    def counted(kind: Any) -> Any:
        runs[kind.__name__] += 1
        return real(kind)

    monkeypatch.setattr(local, "runner_of", counted)
    maps = [
        call(http, crowded.url, "attention", text="One text, many maps.", layer=layer, head=head).answer["weights"]
        for layer in range(6)
        for head in ("mean", 0, 11)
    ]
    assert len({str(one) for one in maps}) == 18
    assert sum(runs.values()) == 1, runs
