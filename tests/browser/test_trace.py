"""The written tokens in a real browser while they are being written, by a writer that is slow and over a line that is slower."""

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr
import numpy as np
import pytest
from playwright.sync_api import expect

from playground.engine.watch import Watch
from playground.panels.generation.generation import PANEL
from playground.routes import app_kwargs
from playground.tasks.generation.generation import Generation, GenerationRequest
from playground.tasks.generation.tracing import Trace, Words
from playground.tasks.request import Request
from tests.browser.conftest import PATIENCE, Screen, Watched
from tests.fake.service import FakeService

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

TRACE = "#generation-trace"


class SlowWriter(FakeService):
    """Writes w0 w1 w2 …, a token every 60 ms, and goes on where it is told that a text has begun."""

    def _work(self, request: Request[Any], watch: Watch) -> Any:
        if not isinstance(request, GenerationRequest):
            return super()._work(request, watch)
        self.working += 1
        try:
            for count in range(1, request.max_new_tokens + 1):
                time.sleep(0.06)
                watch.report(made := self._made(request, count))
            return made
        finally:
            self.working -= 1

    def _made(self, request: GenerationRequest, count: int) -> Generation:
        first, many, done = len(request.written), request.alternatives, count == request.max_new_tokens
        ids, real = np.arange(first, first + count, dtype=np.int32), np.zeros(count, np.float32)
        others, texts = np.arange(many, dtype=np.int32) + ids[:, None], [f"w{i}" for i in range(first + count + many)]
        words, zeros = Words(tuple(range(len(texts))), tuple(texts), (False,) * len(texts)), np.zeros(others.shape, np.float32)
        trace, text = Trace(ids, real, real + 1, real, np.zeros(count), ids, others, zeros, zeros, words), " ".join(texts[: first + count])
        return Generation(request.model, "fake", text, 3, count, request.max_new_tokens, 8192, request.seed or 0, 0.1 * count, 0.1, done,
                          "length" if done else "", trace)  # fmt: skip


WRITER = SlowWriter()
# As over a bad line: what ends a run takes its time, there and back. And every note is written down.
LATE = """() => {
  const [fetched, notes] = [window.fetch, (window.notes = [])], wait = () => new Promise((passed) => setTimeout(passed, 400));
  window.fetch = async (...asked) => {
    if (!String(asked[0]?.url || asked[0]).endsWith('/cancel')) return fetched(...asked);
    await wait();
    const answer = await fetched(...asked);
    await wait();
    return answer;
  };
  new MutationObserver(() => notes.push(document.querySelector('#generation-note').textContent))
    .observe(document.querySelector('#generation-note'), {subtree: true, childList: true, characterData: true});
}"""


@pytest.fixture(scope="module")
def writer_url() -> Iterator[str]:
    with gr.Blocks() as demo:
        PANEL.build(WRITER)
    demo.queue(default_concurrency_limit=64)
    kwargs = app_kwargs(WRITER)
    yield demo.launch(prevent_thread_lock=True, quiet=True, run_history=False, ssr_mode=False, app_kwargs=kwargs)[1].rstrip("/")
    demo.close()


@pytest.fixture
def slow(browser: "Browser", writer_url: str) -> Iterator[Screen]:
    """The panel alone, its text being written: at most 60 tokens, five of them there."""
    watched, page = Watched(), browser.new_page(viewport={"width": 1280, "height": 1400})
    page.set_default_timeout(PATIENCE)
    page.on("console", lambda message: watched.seen.append((0, message.text)) if message.type == "error" else None)
    page.on("pageerror", lambda found: watched.seen.append((0, str(found))))
    page.goto(writer_url)
    page.locator("#generation-note").wait_for(state="attached")
    page.evaluate(LATE)
    screen = Screen(page, watched, writer_url)
    page.locator("#generation-settings button").first.click()
    screen.set_number("generation-most", "60")
    screen.press("generation-run")
    wait_written(screen)
    yield screen
    page.close()
    assert watched.errors == []


def chips(screen: Screen) -> Any:
    return screen.page.locator(f"{TRACE} .pg-trace-one").first.locator(".pg-chip")


def wait_written(screen: Screen) -> None:
    expect(chips(screen).nth(4)).to_be_visible()


def use_tool(screen: Screen, name: str) -> None:
    screen.page.locator(f"{TRACE} .pg-trace-tools").get_by_role("button", name=name).click()


def tree_of(screen: Screen) -> Any:
    return screen.page.locator(f"{TRACE} .pg-trace-leaf")


def focused(screen: Screen) -> Any:
    return screen.page.evaluate("() => [document.activeElement.textContent, Boolean(document.activeElement.closest('.pg-trace-leaf'))]")


def test_going_on_while_it_is_written_takes_no_token_twice(slow: Screen) -> None:
    use_tool(slow, "Continue")
    slow.page.wait_for_timeout(1500)
    texts = chips(slow).all_inner_texts()
    assert texts == [f"w{i}" for i in range(len(texts))]
    expect(slow.page.locator("#generation-note")).to_contain_text("Stopped after 60 tokens")
    texts = chips(slow).all_inner_texts()
    assert len(texts) > 60 and texts == [f"w{i}" for i in range(len(texts))]
    assert slow.field("generation-text").input_value().split() == texts
    assert not [note for note in slow.page.evaluate("() => window.notes") if "No result" in note]


def test_a_branch_removed_while_it_is_written_ends_and_stays_away(slow: Screen) -> None:
    use_tool(slow, "Regenerate")
    expect(tree_of(slow)).to_have_count(2)
    wait_written(slow)
    tree_of(slow).last.get_by_role("button", name="Remove").click()
    slow.page.wait_for_timeout(1500)
    assert tree_of(slow).count() == 1
    expect(slow.page.locator("#generation-note")).to_contain_text("Stopped.")
    assert WRITER.working == 0
    assert slow.field("generation-text").input_value().split() == chips(slow).all_inner_texts()


def test_a_branch_begins_although_the_one_before_is_slow_to_end(slow: Screen) -> None:
    for count in (2, 3):
        use_tool(slow, "Regenerate")
        expect(tree_of(slow)).to_have_count(count)
        wait_written(slow)
    slow.page.wait_for_timeout(1000)
    assert not [note for note in slow.page.evaluate("() => window.notes") if "No result" in note]
    slow.press("generation-stop")
    expect(slow.page.locator("#generation-note")).to_contain_text("Stopped.")
    slow.page.wait_for_timeout(1000)
    assert WRITER.working == 0
    use_tool(slow, "Continue")
    expect(slow.page.locator("#generation-note")).to_contain_text("Stopped after 60 tokens")
    texts = chips(slow).all_inner_texts()
    assert texts == [f"w{i}" for i in range(len(texts))]


def test_a_seed_is_not_told_before_it_is_known(slow: Screen) -> None:
    use_tool(slow, "Regenerate")
    seed = slow.page.locator(f"{TRACE} .pg-trace-one dd").nth(3)
    assert seed.inner_text() == "…"
    expect(seed).to_have_text(re.compile(r"\d+"))


def test_a_hand_is_not_hindered_while_it_is_written(slow: Screen) -> None:
    name = slow.page.get_by_label("Name of the branch in view")
    name.press("End")
    name.press_sequentially(" told", delay=100)
    assert name.input_value() == "Branch 1 told"
    name.press("Enter")
    expect(tree_of(slow).locator(".pg-link-button")).to_have_text("Branch 1 told")
    alternatives = slow.page.locator(f"{TRACE} .pg-trace-scroll")
    alternatives.evaluate("(node) => { node.scrollTop = 120; }")
    before = chips(slow).count()
    expect(chips(slow).nth(before + 3)).to_be_visible()
    assert alternatives.evaluate("(node) => node.scrollTop") == 120
    alternatives.get_by_role("button", name="Continue with w20").hover()
    slow.page.mouse.down()
    expect(chips(slow).nth(before + 9)).to_be_visible()
    slow.page.mouse.up()
    expect(tree_of(slow)).to_have_count(2)


def test_the_keyboard_keeps_its_place_while_it_is_written(slow: Screen) -> None:
    use_tool(slow, "Regenerate")
    wait_written(slow)
    assert focused(slow)[0] == "Regenerate"
    for button in ("Compare", "Beside"):
        tree_of(slow).first.get_by_role("button", name=button).press("Enter")
        slow.page.wait_for_timeout(300)
        assert focused(slow)[1] and focused(slow)[0] in ("Compare", "Beside")
    tree_of(slow).first.locator(".pg-link-button").press("Enter")
    slow.page.wait_for_timeout(300)
    assert focused(slow) == ["Branch 1", True]
    tree_of(slow).last.get_by_role("button", name="Remove").press("Enter")
    expect(tree_of(slow)).to_have_count(1)
    slow.page.wait_for_timeout(300)
    assert focused(slow) == ["Branch 1", True]
