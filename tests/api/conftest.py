"""The running app, and the two ways programs talk to it: gradio's client and raw HTTP."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.api.running_app import RunningApp, shared_app

if TYPE_CHECKING:
    from gradio_client import Client


@pytest.fixture(scope="session")
def app(request: pytest.FixtureRequest) -> RunningApp:
    return shared_app(request.config)


@pytest.fixture(scope="session")
def client(app: RunningApp) -> "Iterator[Client]":
    from gradio_client import Client

    made = Client(app.url, verbose=False, analytics_enabled=False)
    yield made
    made.close()


@pytest.fixture(scope="session")
def http() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=60) as made:
        yield made
