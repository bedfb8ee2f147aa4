"""What every test may share: the real service on the converted models, and the fake one.

The environment is made quiet before Gradio or huggingface_hub are imported: nothing is sent home, no real hub is asked.
"""

import itertools
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

for _name, _value in {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_XET": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "OMP_NUM_THREADS": "1",  # the models are small, and torch's waiting threads starve one another on busy cores
    "NO_PROXY": "127.0.0.1,localhost",
    "no_proxy": "127.0.0.1,localhost",
}.items():
    os.environ.setdefault(_name, _value)

from tests.exact import hold_all  # noqa: E402

hold_all()  # before any panel is imported: whatever a test makes a view give is held to what the view declares

if TYPE_CHECKING:
    from playground.engine.models import Loaded
    from playground.service.local import LocalService
    from playground.service.port import Service
    from playground.settings import Settings
    from tests.fake.service import FakeService


def pytest_unconfigure(config: pytest.Config) -> None:
    from tests.api.running_app import close_shared_app

    close_shared_app(config)


FILES, LONG = 25, 120.0


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """After a long run: the seconds of work in the dearest files, and how many of all are in tests that `make test` passes over."""
    spent, dear = Counter[str](), 0.0
    for report in itertools.chain.from_iterable(terminalreporter.stats.values()):
        if isinstance(report, pytest.TestReport):
            spent[report.nodeid.partition("::")[0]] += report.duration
            dear += report.duration * ("slow" in report.keywords)
    if (whole := sum(spent.values())) > LONG:
        terminalreporter.section(f"{whole:.0f} s of work, {dear:.0f} s of them in slow tests; by file")
        for name, seconds in spent.most_common(FILES):
            terminalreporter.line(f"{seconds:7.1f} s  {name}")


@pytest.fixture(scope="session")
def settings() -> "Settings":
    """No hub, nothing warmed, and float32 throughout, so that answers can be held against the libraries'. The cache is the host's
    own, so that SmolLM2 is converted once and not for each test run."""
    from playground.settings import Settings

    cache = os.environ.get("PLAYGROUND_CACHE", "")
    return Settings(warm=False, hub=False, device="cpu", fast=False, **({"cache": Path(cache)} if cache else {}))


@pytest.fixture(scope="session")
def local(settings: "Settings") -> "LocalService":
    """The real service without its answer cache; models are loaded when first asked for and then stay."""
    from playground.service.local import LocalService

    return LocalService(settings)


@pytest.fixture(scope="session")
def service(local: "LocalService", settings: "Settings") -> "Service":
    """The real service as `open_service` puts it together, on the models `local` holds."""
    from playground.service.cache import Answers, CachedService

    return CachedService(local, Answers(settings.answer_cache_mb * 1_000_000))


@pytest.fixture
def fake() -> "FakeService":
    from tests.fake.service import FakeService

    return FakeService()


class Models:
    """Loaded models for tests of the runners, straight from the local service's store, so each is loaded once a session."""

    def __init__(self, local: "LocalService") -> None:
        from playground.engine.watch import Watch

        self._store, self._watch = local._models, Watch()
        self._held: dict[str, Loaded] = {}

    def __getitem__(self, slug: str) -> "Loaded":
        from playground.catalog import find_model

        if slug not in self._held:
            with self._store.lease(find_model(slug), self._watch) as loaded:
                self._held[slug] = loaded
        return self._held[slug]


@pytest.fixture(scope="session")
def models(local: "LocalService") -> Iterator[Models]:
    """`models["en-fr"]`: the loaded model with its codec."""
    return Models(local)
