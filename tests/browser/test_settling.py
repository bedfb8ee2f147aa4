"""That these tests wait for what they asked for, and for nothing else."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import SECONDS, Screen

pytestmark = pytest.mark.browser

if TYPE_CHECKING:
    from playwright.sync_api import Route

LATE = 1 * SECONDS


def test_a_run_is_waited_for_and_a_stream_that_stays_open_is_not(screen: Screen) -> None:
    """The response to every second request comes after the run's own answer, as on a busy machine: what follows on the page is there
    when run() returns, and the stream that Gradio's client then opens for nothing does not hold it."""
    answered: list[str] = []

    def late(route: "Route") -> None:
        response = route.fetch()
        answered.append(route.request.url)
        if len(answered) % 2 == 0:
            screen.page.wait_for_timeout(LATE)
        route.fulfill(response=response)

    screen.page.route("**/queue/join*", late)
    for text in ("one", "two words", "three words more"):
        screen.type("tokens-text", text)
        screen.run("tokens-run")
        shown = "".join(screen.page.locator("#tokens-chips .pg-chip").all_inner_texts())
        assert shown.replace("␣", " ").strip().startswith(text), shown
    screen.page.unroute("**/queue/join*")
    expect(screen.page.locator("#tokens-chips .pg-chips")).to_have_text("three␣words␣more")
    assert len(answered) > 3
