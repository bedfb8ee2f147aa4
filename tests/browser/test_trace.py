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
from playground.tasks.generation.tracing import Trace
from playground.tasks.request import Request
from playground.tasks.vocabulary import Words
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
# Every note is written down, with the time at which it stood there.
NOTED = """() => {
  const note = document.querySelector('#generation-note'), notes = (window.notes = []);
  const write = () => notes.push([performance.now(), note.textContent]);
  new MutationObserver(write).observe(note, {subtree: true, childList: true, characterData: true});
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
    page.evaluate(NOTED)
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


def wait_idle() -> None:
    """The service has nothing to do any more."""
    until = time.monotonic() + 2
    while WRITER.working:
        assert time.monotonic() < until
        time.sleep(0.02)


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
    assert not [note for _, note in slow.page.evaluate("() => window.notes") if "No result" in note]


def test_a_branch_removed_while_it_is_written_ends_and_stays_away(slow: Screen) -> None:
    use_tool(slow, "Regenerate")
    expect(tree_of(slow)).to_have_count(2)
    wait_written(slow)
    tree_of(slow).last.get_by_role("button", name="Remove").click()
    expect(slow.page.locator("#generation-note")).to_contain_text("Stopped.")
    wait_idle()
    assert tree_of(slow).count() == 1
    assert slow.field("generation-text").input_value().split() == chips(slow).all_inner_texts()


def test_a_branch_begins_while_another_is_written_and_can_be_stopped_and_gone_on_with(slow: Screen) -> None:
    for count in (2, 3):
        use_tool(slow, "Regenerate")
        expect(tree_of(slow)).to_have_count(count)
        wait_written(slow)
    slow.press("generation-stop")
    expect(slow.page.locator("#generation-note")).to_contain_text("Stopped.")
    before = chips(slow).count()
    wait_idle()
    assert chips(slow).count() == before and slow.field("generation-text").input_value().split() == chips(slow).all_inner_texts()
    use_tool(slow, "Continue")
    expect(slow.page.locator("#generation-note")).to_contain_text("Stopped after 60 tokens")
    texts = chips(slow).all_inner_texts()
    assert texts == [f"w{i}" for i in range(len(texts))] and len(texts) == before + 60


def test_stop_takes_less_than_a_third_of_a_second(slow: Screen) -> None:
    """In the page from the click to the note; the service's work ends by itself, since nobody reads what it writes."""
    took = slow.page.evaluate("""() => new Promise((done) => {
      const note = document.querySelector('#generation-note'), began = performance.now();
      const look = () => (note.textContent.includes('Stopped.') ? done(performance.now() - began) : setTimeout(look, 5));
      document.querySelector('#generation-stop').click();
      look();
    })""")
    assert took < 300
    wait_idle()


def test_another_run_from_the_button_ends_the_one_before(slow: Screen) -> None:
    slow.set_number("generation-most", "5")
    slow.press("generation-run")
    expect(slow.page.locator("#generation-note")).to_contain_text("Stopped after 5 tokens")
    assert WRITER.working == 0 and chips(slow).count() == 5
    expect(tree_of(slow)).to_have_count(2)


def test_what_is_wrong_stays_where_the_picture_would_be(slow: Screen) -> None:
    slow.type("generation-seed", "twelve")
    slow.press("generation-run")
    expect(slow.page.locator("#generation-note")).to_have_text(re.compile("seed must be a whole number"))
    assert slow.page.locator("#generation-note .pg-note").get_attribute("data-tone") == "bad"
    assert slow.page.get_by_test_id("toast-body").count() == 0 and tree_of(slow).count() == 1
    wait_idle()


def test_a_line_that_breaks_is_told_and_what_was_written_stays(slow: Screen) -> None:
    slow.page.context.set_offline(True)
    use_tool(slow, "Continue")
    expect(slow.page.locator("#generation-note")).to_contain_text("The server cannot be reached.")
    slow.page.context.set_offline(False)
    slow.watched.seen.clear()  # what a browser says by itself of a line that is down
    before = chips(slow).count()
    assert before >= 5
    use_tool(slow, "Continue")
    expect(chips(slow)).to_have_count(before + 60)


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
