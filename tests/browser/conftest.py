"""A real browser on the running app. Whatever a test does, there may be no console error and no request to another host."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from playground.web.events import RUN_THEMSELVES
from tests.api.running_app import RunningApp, shared_app

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Frame, Locator, Page, Request, Route

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)  # fmt: skip
ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
LEFT = ("AbortError: signal is aborted", "Connection errored out")  # Gradio's own, when a page is left while an answer is on its way
REFUSED = "the server responded with a status of 400"  # a browser's own words where one of our routes says what is wrong with the input
LEAVING = 5.0  # seconds around a page's being left in which those are its own
SECONDS = 1_000
PATIENCE = 30 * SECONDS
# Runs of Gradio's queue that this page waits for. Its requests do not tell: where an answer comes before the response of the request
# that asked for it, Gradio's client opens its stream once more, for nothing, and leaves it open until the next run.
COUNTING = """(() => {
  let asking = 0
  const asked = new Set(), answered = new Set(), { fetch } = window, { parse } = JSON
  window.fetch = async (...request) => {
    const address = String(request[0]?.url ?? request[0])
    if (address.endsWith("/playground/generation")) {
      asking += 1
      try {
        const response = await fetch(...request)
        response.clone().arrayBuffer().catch(() => {}).finally(() => { asking -= 1 })
        return response
      } catch (error) { asking -= 1; throw error }
    }
    if (!address.includes("/queue/join")) return fetch(...request)
    asking += 1
    try {
      const response = await fetch(...request)
      if (response.ok) asked.add((await response.clone().json()).event_id)
      return response
    } finally { asking -= 1 }
  }
  JSON.parse = (...text) => {
    const message = parse(...text)
    if (message?.msg === "process_completed") answered.add(message.event_id)
    return message
  }
  window.__awaited = () => asking + [...asked].filter((run) => !answered.has(run)).length
})()"""
FREE = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(window.__awaited()), 60)))"

# A tab's picture is asked for when one comes to it.
ARRIVED = """(id) => {
  const stage = window.playgroundStage?.stage, room = stage?.rooms.find((one) => one.id === id);
  return !room || !room.starts.length || stage.classroom.follower || stage.arrival.came.has(id) || stage.arrival.shown(room);
}"""


def find_browser() -> str:
    """The path of an installed Chromium or Chrome, PLAYGROUND_BROWSER first. Without one the tests are skipped, on CI they fail."""
    named = os.environ.get("PLAYGROUND_BROWSER", "")
    found = next((path for name in (named, *NAMES) if name and (path := shutil.which(name))), "")
    if not found:
        told = "No Chromium was found, so no browser test was run: apt-get install chromium, or set PLAYGROUND_BROWSER"
        if os.environ.get("CI") == "true":
            pytest.fail(told)
        pytest.skip(told)
    return found


@dataclass
class Watched:
    """What no page may do."""

    seen: list[tuple[float, str]] = field(default_factory=list)
    left: list[float] = field(default_factory=list)  # when a page was left, by time.monotonic()
    outside: list[str] = field(default_factory=list)
    joined: int = 0  # runs asked for, ever

    @property
    def errors(self) -> list[str]:
        """Console errors so far, but for what Gradio says of a page that is being left."""
        seen = [(at, text) for at, text in self.seen if REFUSED not in text]
        return [text for at, text in seen if not (_said_in_leaving(text) and any(abs(at - left) < LEAVING for left in self.left))]


def _said_in_leaving(text: str) -> bool:
    return any(words in text for words in LEFT)


@dataclass
class Screen:
    """A page as a person uses it: tabs by their room, controls by their elem_id."""

    page: "Page"
    watched: Watched
    url: str = ""

    def open_tab(self, room: str) -> None:
        """By its tab; where the screen is too narrow for all tabs, their strip scrolls."""
        tab = self.page.locator(f"#{room}-tab-button")
        # A long text in the header's field, while one writes in it, lies over the tabs.
        self.page.evaluate("() => document.activeElement?.matches('.pg-one-text') && document.activeElement.blur()")
        tab.click()
        self.page.locator(f"#{room}-run").wait_for()
        self.page.wait_for_function(ARRIVED, arg=room)
        self.settle()

    def field(self, elem_id: str) -> "Locator":
        return self.page.locator(f"#{elem_id} textarea, #{elem_id} input").first

    def type(self, elem_id: str, text: str) -> None:
        """Into a field of the open tab; its text is the header's."""
        own = self.page.locator(f"#{elem_id}").and_(self.page.locator("[data-own]")).count()
        (self.page.locator(".pg-one-text") if own else self.field(elem_id)).fill(text)

    def set_number(self, elem_id: str, value: str) -> None:
        """Types into a slider's number field and leaves it, as people do. On a busy machine a field may show before it listens:
        once more, until the slider beside it has moved."""
        number, slider = (self.page.locator(f"#{elem_id} input[type={kind}]") for kind in ("number", "range"))
        for _ in range(20):
            number.fill(value)
            number.press("Tab")
            if float(slider.input_value()) == float(value):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"#{elem_id} does not take {value}")

    def press(self, elem_id: str) -> None:
        self.page.locator(f"#{elem_id}").click()

    def run(self, elem_id: str) -> None:
        """Presses a button that asks the server, and waits for that run, and whatever follows from it, to have ended: what an
        earlier test left on the page is not taken for its answer."""
        self.settle()
        joined = self.watched.joined
        self.press(elem_id)
        until = time.monotonic() + PATIENCE / SECONDS
        while self.watched.joined == joined:
            assert time.monotonic() < until, f"#{elem_id} asked for nothing"
            self.page.wait_for_timeout(20)
        self.settle()

    def settle(self) -> None:
        """Until the page has asked for nothing and waited for nothing for a moment in which it was free to."""
        until, quiet, joined = time.monotonic() + 2 * PATIENCE / SECONDS, 0, -1
        while quiet < 3:
            assert time.monotonic() < until, "the page does not come to rest"
            awaited = self.page.evaluate(FREE)
            quiet = 0 if awaited or self.watched.joined != joined else quiet + 1
            joined = self.watched.joined

    def click_example(self, room: str, label: str) -> None:
        """From the menu at the text; what is no tab of its own has a row of buttons."""
        row = self.page.locator(f"#{room}-examples")
        if row.is_visible():
            return row.get_by_role("button", name=label).click()
        self.page.get_by_role("button", name="Examples", exact=True).click()
        return self.page.get_by_role("group", name="Examples").get_by_role("button", name=label).click()

    def toast(self) -> str:
        """The text of the newest error, which is then closed."""
        toast = self.page.get_by_test_id("toast-body").last
        toast.wait_for(timeout=PATIENCE)
        text = toast.inner_text()
        self.page.get_by_test_id("toast-close").last.click()
        toast.wait_for(state="detached")
        return text

    def refusal(self, room: str) -> str:
        """What is said of bad input: a message of Gradio's, or the panel's own note where its picture asks by itself."""
        if f"{room}-run" not in RUN_THEMSELVES.values():
            return self.toast()
        self.settle()
        return self.page.locator(f'#{room}-note .pg-note[data-tone="bad"]').inner_text()

    def pwned(self) -> Any:
        return self.page.evaluate("() => window.__pwned === undefined ? null : String(window.__pwned)")


@pytest.fixture(scope="session")
def app(request: pytest.FixtureRequest) -> RunningApp:
    find_browser()
    return shared_app(request.config)


@pytest.fixture(scope="module")
def browser(app: RunningApp) -> "Iterator[Browser]":
    """Closed with the module, since Playwright keeps an event loop running in this thread meanwhile."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=find_browser(), args=ARGS)
        yield made
        made.close()


# What a page asks whatever is done on it. A run is asked for by queue/join; queue/data only listens, and may listen once too often.
BY_ITSELF = ("/playground/status", "/heartbeat", "/queue/data")


def requests_of(page: "Page") -> list[str]:
    """The addresses the page asks for from now on, and goes on being filled; what it asks by itself is passed over."""
    asked: list[str] = []
    page.on("request", lambda one: None if any(part in one.url for part in BY_ITSELF) else asked.append(one.url))
    return asked


OpenScreen = Callable[..., Screen]


@pytest.fixture(scope="module")
def open_screen(app: RunningApp, browser: "Browser") -> Iterator[OpenScreen]:
    """open_screen(width=…, theme=…) opens the app's page in a context of its own."""
    contexts: list[BrowserContext] = []

    def open_one(width: int = 1280, height: int = 900, theme: str = "light") -> Screen:
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        context.add_init_script(COUNTING)
        watched = Watched()
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        _watch(context, page, app, watched)
        page.goto(f"{app.url}/?tab=tokens&__theme={theme}")
        page.locator("#tokens-chips .pg-chip").first.wait_for()
        return Screen(page, watched, app.url)

    yield open_one
    for context in contexts:
        context.close()


def _watch(context: "BrowserContext", page: "Page", app: RunningApp, watched: Watched) -> None:
    def route(one: "Route") -> None:
        watched.outside.append(one.request.url)
        one.abort()

    def error(text: str) -> None:
        watched.seen.append((time.monotonic(), text))

    context.route(lambda url: urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).netloc != urlsplit(app.url).netloc, route)

    def begun(one: "Request") -> None:
        watched.joined += "/gradio_api/queue/join" in one.url or one.url.endswith("/playground/generation")

    page.on("request", begun)

    def navigated(frame: "Frame") -> None:
        if frame == page.main_frame:
            watched.left.append(time.monotonic())

    page.on("framenavigated", navigated)
    page.on("console", lambda message: error(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda found: error(str(found)))


@pytest.fixture(scope="module")
def shared_screen(open_screen: OpenScreen) -> Screen:
    return open_screen()


@pytest.fixture
def afresh(screen: Screen) -> Screen:
    """The module's page as somebody finds it who comes now: nothing chosen, written or open."""
    screen.page.goto("about:blank")
    screen.page.goto(f"{screen.url}/?tab=tokens")
    screen.page.locator("#tokens-chips .pg-chip").first.wait_for()
    return screen


@pytest.fixture
def screen(shared_screen: Screen) -> Iterator[Screen]:
    """The module's page; after each test it is checked for console errors and requests to other hosts."""
    yield shared_screen
    watched = shared_screen.watched
    errors, outside = watched.errors, list(watched.outside)
    watched.seen.clear()
    watched.outside.clear()
    assert errors == []
    assert outside == []
