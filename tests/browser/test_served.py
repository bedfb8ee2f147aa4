"""The page's scripts where the page is not at the top: under a path of a proxy's, and in a frame, as on a Space."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from playground.routes import app_kwargs
from playground.ui import build_app, page_head, page_style
from playground.web.files import version
from tests.browser.conftest import PATIENCE
from tests.fake.service import FakeService

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def below() -> Iterator[str]:
    """The address of a page that thinks it is reached under /sub."""
    service = FakeService()
    demo = build_app(service)
    _, url, _ = demo.launch(
        prevent_thread_lock=True, quiet=True, run_history=False, root_path="/sub", css=page_style(), head=page_head(), ssr_mode=False,
        app_kwargs=app_kwargs(service),
    )  # fmt: skip
    made = urlsplit(url)
    yield f"{made.scheme}://{made.netloc}"
    demo.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    made = context.new_page()
    made.set_default_timeout(PATIENCE)
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    yield made
    context.close()
    assert errors == []


def strip_path(url: str) -> Any:
    """As a proxy does that passes /sub on."""

    def route(one: Route) -> None:
        one.continue_(url=one.request.url.replace(f"{url}/sub", url, 1))

    return route


def opens_offline(page: Page, inside: Page | FrameLocator, folder: Path) -> None:
    """The attention lab's saved file, from a page that is not at the top: it has all of the page's code, wherever that came from."""
    inside.locator("#attention-tab-button").click()
    inside.locator("#attention-run").click()
    lab = inside.locator("#attention-lab")
    expect(lab.locator(".pg-lab-said").first).not_to_be_empty(timeout=PATIENCE)
    with page.expect_download() as waiting:
        lab.get_by_role("button", name="HTML file", exact=True).click()
    path = folder / "attention.html"
    path.write_bytes(Path(waiting.value.path()).read_bytes())
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(offline=True)
    saved, errors = context.new_page(), list[str]()
    saved.on("pageerror", lambda error: errors.append(str(error)))
    saved.goto(path.as_uri())
    expect(saved.locator(".pg-lab-said")).not_to_be_empty()
    assert saved.locator(".pg-lab-said").inner_text() == lab.locator(".pg-lab-said").first.inner_text()
    context.close()
    assert errors == []


def scripts_of(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if "/playground/web/" in one.url and one.url.endswith(".js") else None)
    return asked


def test_under_a_path(page: Page, below: str, tmp_path: Path) -> None:
    page.route(f"{below}/sub/**", strip_path(below))
    asked = scripts_of(page)
    page.goto(f"{below}/sub/")
    expect(page.locator("#journey-shown .pg-j-token").first).to_be_visible(timeout=4 * PATIENCE)
    page.wait_for_function("window.playgroundStage?.stage?.begun")
    page.locator("#sentiment-tab-button").click()
    page.locator("#sentiment-run").click()
    expect(page.locator("#sentiment-rows li").first).to_be_visible(timeout=PATIENCE)
    assert asked and all(one.startswith(f"{below}/sub/playground/web/{version()}/") for one in asked), asked
    assert len(asked) == len(set(asked)), "what was asked for at once is asked for again"
    opens_offline(page, page, tmp_path)


def test_in_a_frame(page: Page, app: Any, tmp_path: Path) -> None:
    outer = '<!doctype html><iframe src="/" style="width: 100%; height: 800px"></iframe>'
    page.route(f"{app.url}/frame.html", lambda one: one.fulfill(body=outer, content_type="text/html"))
    page.goto(f"{app.url}/frame.html")
    inner = page.frame_locator("iframe")
    expect(inner.locator("#journey-shown .pg-j-token").first).to_be_visible(timeout=4 * PATIENCE)
    inner.get_by_role("button", name="Share").click()
    expect(inner.get_by_role("button", name="Copy link")).to_be_visible()
    opens_offline(page, inner, tmp_path)
