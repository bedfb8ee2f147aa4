"""What a browser waits for: from the first paint to a page that can be used, beside the smallest Gradio page, and our bytes until then."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.benchmarks.harness import ROOT, Measured, measured, paired
from tests.benchmarks.visitors import running
from tests.browser.conftest import ARGS, find_browser

PAIRS, USABLE_KB = 7, 250.0
OURS, HELLO = ".pg-journey[data-whole=true]", ".prose p"  # the first picture, drawn; and the words of the other page
SEEN = """(() => {
  const look = () => document.querySelector(SELECTOR) ? (window.__usable = performance.now()) : requestAnimationFrame(look)
  look()
})()"""


def from_paint_to_usable() -> Measured:
    """Seconds. Each visitor comes with an empty cache; both servers run, and were visited once before."""
    pages = (ROOT / "app.py", OURS), (Path(__file__).with_name("hello.py"), HELLO)
    with _browser() as browser, running(pages[0][0]) as ours, running(pages[1][0]) as hello:
        for port, selector in ((ours, OURS), (hello, HELLO)):
            _visit(browser, port, selector)
        return paired(lambda: _visit(browser, ours, OURS)[0], lambda: _visit(browser, hello, HELLO)[0], PAIRS, "s")


def usable_kb() -> Measured:
    """kB of the page and of all our scripts and styles until it can be used, as sent, beside the aim of 250."""
    with _browser() as browser, running(ROOT / "app.py") as port:
        return measured([(_visit(browser, port, OURS)[1], USABLE_KB)], "kB")


@contextlib.contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        made = play.chromium.launch(executable_path=find_browser(), args=ARGS)
        yield made
        made.close()


def _visit(browser: Browser, port: int, selector: str) -> tuple[float, float]:
    """(seconds from the first paint until `selector` is there, kB of what is ours)."""
    context, sent = browser.new_context(viewport={"width": 1280, "height": 720}), []
    page = context.new_page()
    page.on("requestfinished", lambda one: sent.append(one) if _is_ours(one, port) else None)
    page.add_init_script(SEEN.replace("SELECTOR", json.dumps(selector)))
    page.goto(f"http://127.0.0.1:{port}/")
    page.wait_for_function("() => window.__usable && performance.getEntriesByName('first-paint').length", timeout=120_000)
    took = page.evaluate("() => window.__usable - performance.getEntriesByName('first-paint')[0].startTime")
    kilobytes = sum(one.sizes()["responseBodySize"] for one in sent) / 1000
    context.close()
    return took / 1000, kilobytes


def _is_ours(request: Any, port: int) -> bool:
    path = request.url.removeprefix(f"http://127.0.0.1:{port}")
    return path == "/" or path.startswith("/playground/web/")
