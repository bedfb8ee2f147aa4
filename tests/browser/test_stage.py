"""Links, classes, scenes and keys in a real browser: what comes back is what was there, and followers cost no model run."""

import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from playground.routes import app_kwargs
from playground.service.cache import Answers, CachedService
from playground.service.local import LocalService
from playground.settings import Settings
from playground.ui import build_app, page_style
from tests.browser.conftest import PATIENCE, Screen, requests_of

pytestmark = pytest.mark.browser

NASTY = "<b>&amp;</b> ${7*7} 100 % + #1 שלום\nsecond line"
LINKS = {
    "tokens": ({"text": NASTY, "tokenizer": "minilm-l6", "special": "0"}, "#tokens-chips .pg-chip"),
    "sentiment": ({"text": NASTY, "run": "run"}, "#sentiment-rows li"),
    "answering": ({"question": "Who sleeps?", "context": "The cat sleeps. " + NASTY, "run": "run"}, "#answering-spans .pg-answer"),
    "translation": ({"text": "The house is big.", "beams": "2", "run": "run"}, "#translation-candidates .pg-best"),
    "generation": ({"prompt": "One, two,", "chat": "1", "temperature": "0", "most": "4", "open": "settings", "run": "run"},
                   "#generation-figures dd"),
}  # fmt: skip


def goto(screen: Screen, path: str) -> Page:
    screen.page.goto("about:blank")
    screen.page.goto(screen.url + path)
    screen.page.wait_for_function("window.playgroundStage?.stage?.begun")
    return screen.page


def strip(page: Page, name: str) -> None:
    """A button of the strip; outside the presenter they are in its two menus."""
    opener = page.locator(".pg-stage-bar .pg-menu-button", has_text="Share" if name in ("Copy link", "QR code") else re.compile("^$"))
    if opener.is_visible():
        opener.click()
    page.locator(".pg-stage-bar").get_by_role("button", name=name, exact=True).click()


def link(page: Page) -> str:
    strip(page, "Copy link")
    found = page.locator(".pg-stage-link").input_value()
    strip(page, "Copy link")
    return found


@pytest.mark.parametrize("room", LINKS)
def test_a_link_brings_back_a_panel_and_runs_it(screen: Screen, room: str) -> None:
    asked, shown = LINKS[room]
    page = goto(screen, "/?" + urlencode({"tab": room, **asked}))
    expect(page.locator(shown).first).to_be_visible(timeout=PATIENCE)
    if "run" in asked:
        page.wait_for_function("playgroundStage.stage.page.state().runs.length")
    made = {name: found[0] for name, found in parse_qs(urlsplit(link(page)).query).items()}
    drawn = {name: made.pop(name) for name in ("run", "seed", "at") if name in made and name not in asked}
    assert made == {"tab": room, **asked, "v": "1"} and set(drawn) <= {"run", "seed", "at"}
    text = next(name for name in asked if name in ("text", "question", "prompt"))
    expect(screen.field(f"{room}-{text}")).to_have_value(asked[text])
    assert screen.pwned() is None


def test_the_address_bar_keeps_what_is_shown(screen: Screen) -> None:
    page = goto(screen, "/?tab=tokens")
    screen.open_tab("translation")
    screen.type("translation-text", "Where are we?")
    screen.press("translation-run")
    expect(page.locator("#translation-candidates .pg-best")).to_be_visible(timeout=PATIENCE)
    page.wait_for_function("location.search.includes('run=run')")
    before = page.locator("#translation-candidates .pg-best").inner_text()
    page.reload()
    expect(page.locator("#translation-candidates .pg-best")).to_have_text(before, timeout=PATIENCE)
    expect(screen.field("translation-text")).to_have_value("Where are we?")


def test_a_text_too_long_for_a_link_stays_out_and_the_link_says_so(screen: Screen) -> None:
    page = goto(screen, "/?tab=answering")
    page.locator("#answering-run").wait_for()
    screen.type("answering-question", "Who?")
    screen.type("answering-context", "é" * 900)
    page.wait_for_timeout(200)
    strip(page, "Copy link")
    expect(page.locator(".pg-stage-open")).to_contain_text("stay out, and whoever opens the link is told: context")
    made = page.locator(".pg-stage-link").input_value()
    assert len(made) <= 2000 and "context=" not in made and "left=context" in made and "question=Who" in made
    other = goto(screen, "/?" + urlsplit(made).query)
    expect(other.locator(".pg-stage-said")).to_contain_text("too long to travel in the link (context)")
    expect(screen.field("answering-question")).to_have_value("Who?")


@pytest.mark.parametrize(
    "query",
    [
        "tab=nowhere&text=a",
        "tab=sentiment&text=good&model=../../etc&unknown=%7B%22a%22%3A1%7D&run=nothing,sentiment-stop&open=x",
        "tab=translation&beams=900&text=Hello",
        "tab=translation&beams=NaN&open=%00&left=%3Cimg%20src%3Dx%20onerror%3D%22window.__pwned%3D1%22%3E",
        "tab=sentiment&%3Cimg%20src%3Dx%20onerror%3Dwindow.__pwned%3D1%3E=%7B",
        "class=%3Cscript%3Ewindow.__pwned%3D1%3C%2Fscript%3E",
        "tab=tokens&text=" + "x" * 6000,
    ],
)
def test_hostile_links_are_passed_over(screen: Screen, query: str) -> None:
    page = goto(screen, "/?" + query)
    expect(page.locator(".pg-stage-bar button").first).to_be_visible()
    if query.startswith("class"):
        expect(page.locator(".pg-stage-said")).to_contain_text("over, or its link was cut short")
        screen.watched.seen.clear()  # the browser writes the 404 down
    if "beams" in query:
        expect(page.locator(".pg-stage-said")).to_contain_text("beams")
        expect(page.locator("#translation-beams input[type=number]")).to_have_value("4")
    page.wait_for_timeout(300)
    assert screen.pwned() is None and page.locator("#stage img, #stage script").count() == 0


def test_links_and_codes_use_the_address_others_reach(screen: Screen) -> None:
    page = goto(screen, "/?tab=tokens")
    strip(page, "QR code")
    expect(page.locator(".pg-stage-open")).to_contain_text("Only this computer")
    assert page.locator(".pg-stage-qr").count() == 0
    reach = """async ([href, told]) => (await import("/playground/web/stage/link.js")).reachable(new URL(href), told)"""
    for href, told, wanted in (
        ("http://127.0.0.1:7860/", "http://192.168.1.5:7860", "http://192.168.1.5:7860/"),
        ("http://localhost:7860/app/", "https://x-y.hf.space", "https://x-y.hf.space/app/"),
        ("http://[::1]:7860/", "", ""),
        ("http://10.1.1.1:7860/?tab=a", "http://192.168.1.5:7860", "http://10.1.1.1:7860/"),
        ("https://x-y.hf.space/?__theme=dark", "", "https://x-y.hf.space/"),
    ):
        assert page.evaluate(reach, [href, told]) == wanted


def test_the_code_in_the_page_has_the_servers_modules(screen: Screen) -> None:
    page = goto(screen, "/?tab=tokens")
    page.evaluate("() => { playgroundStage.stage.address = 'http://192.168.1.5:7860/'; }")
    strip(page, "QR code")
    picture = page.get_by_role("img", name="QR code of the link")
    expect(picture).to_be_visible()
    shown = page.evaluate("() => playgroundStage.stage.link().href")
    assert shown.startswith("http://192.168.1.5:7860/?tab=tokens")
    drawn = page.evaluate("() => document.querySelector('.pg-stage-qr path').getAttribute('d')")
    cells = {(int(x) - 4, int(y) - 4) for x, y in re.findall(r"M(\d+) (\d+)h1", drawn)}
    rows = page.request.post(f"{screen.url}/playground/qr", data=shown).json()["rows"]
    assert cells == {(x, y) for y, row in enumerate(rows) for x, bit in enumerate(row) if bit == "1"}


def test_scenes_are_edited_saved_opened_and_stepped_through(screen: Screen) -> None:
    page = goto(screen, "/?" + urlencode({"tab": "sentiment", "text": "A good day."}))
    expect(screen.field("sentiment-text")).to_have_value("A good day.")
    strip(page, "Scenes")
    panel = page.locator(".pg-stage-open")
    panel.get_by_role("button", name="Add what is shown").click()
    screen.open_tab("translation")
    panel.get_by_role("button", name="Add what is shown").click()
    panel.get_by_label("Note of scene 1").fill("Ask: <b>how sure</b>?")
    panel.get_by_role("button", name="Down: scene 1").click()
    panel.get_by_role("button", name="Up: scene 2").click()
    with page.expect_download() as waiting:
        panel.get_by_role("button", name="Save to a file").click()
    saved = json.loads(waiting.value.path().read_text("utf-8"))
    assert [one["state"]["tab"] for one in saved["scenes"]] == ["sentiment", "translation"]
    assert saved["scenes"][0]["note"] == "Ask: <b>how sure</b>?"
    panel.get_by_role("button", name="Remove: scene 2").click()
    panel.get_by_role("button", name="Remove: scene 1").click()
    expect(panel.locator("li")).to_have_count(0)
    chooser = panel.locator("input[type=file]")
    for bad, said in ((b"{", "not JSON"), (b'{"scenes": 3}', "no file of scenes"), (b"[]", "no file of scenes")):
        chooser.set_input_files({"name": "a.json", "mimeType": "application/json", "buffer": bad})
        expect(page.locator(".pg-stage-said")).to_contain_text(said)
    saved["scenes"].append({"state": {"tab": "gone"}, "note": ""})
    chooser.set_input_files({"name": "a.json", "mimeType": "application/json", "buffer": json.dumps(saved).encode()})
    expect(page.locator(".pg-stage-said")).to_contain_text("2 scenes are open. 1 could not be")
    panel.get_by_role("button", name="Present from the first").click()
    expect(page.locator("#page-title")).to_be_hidden()
    assert "Ask:" not in page.locator("body").inner_text(), "what is to be said is not for the room"
    with page.expect_popup() as opening:
        strip(page, "Notes")
    notes = opening.value.locator("body")
    expect(notes).to_contain_text("1 of 2: Sentiment: A good day.")
    expect(notes).to_contain_text("Ask: <b>how sure</b>?")
    expect(notes).to_contain_text("Next: Translation")
    opening.value.keyboard.press("ArrowRight")
    expect(page.locator("#translation-picture")).to_be_visible()
    expect(notes).to_contain_text("2 of 2")
    opening.value.close()
    page.bring_to_front()
    page.keyboard.press("PageUp")
    expect(page.locator("#sentiment-picture")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#page-title")).to_be_visible()


def test_a_file_of_scenes_asks_before_it_replaces(screen: Screen) -> None:
    page = goto(screen, "/?tab=tokens")
    scene = {"state": {"tab": "translation", "values": {"translation-text": "From the file."}}, "note": ""}
    file = json.dumps({"kind": "transformers-playground-scenes", "version": 1, "scenes": [scene]}).encode()
    strip(page, "Scenes")
    panel = page.locator(".pg-stage-open")
    while panel.locator("li").count():
        panel.get_by_role("button", name="Remove: scene 1").click()
    panel.get_by_role("button", name="Add what is shown").click()
    for answer, tab in (("Keep mine", "tokens"), ("Replace them", "translation")):
        panel.locator("input[type=file]").set_input_files({"name": "a.json", "mimeType": "application/json", "buffer": file})
        expect(panel.get_by_role("alertdialog")).to_contain_text("The file’s 1 take the place of your 1")
        expect(panel.locator("li strong")).to_have_text(re.compile("^Tokens: "))
        panel.get_by_role("button", name=answer).click()
        expect(panel.get_by_role("alertdialog")).to_have_count(0)
        kept = json.loads(page.evaluate("() => localStorage.getItem('playground-scenes')"))["scenes"]
        assert [one["state"]["tab"] for one in kept] == [tab]
    expect(panel.locator("li strong")).to_have_text("Translation: From the file.")
    panel.get_by_role("button", name="Remove: scene 1").click()


def test_every_key_of_the_list_does_what_it_says(screen: Screen) -> None:
    page = goto(screen, "/?tab=tokens")
    page.locator("#tokens-chips .pg-chip").first.wait_for()
    press = page.keyboard.press
    press("?")
    expect(page.locator(".pg-stage-keys dt")).to_have_count(20)
    press("Escape")
    expect(page.locator(".pg-stage-open")).to_be_hidden()
    press("]")
    expect(page.locator("#attention-run")).to_be_visible()
    press("[")
    expect(page.locator("#tokens-run")).to_be_visible()
    dark = page.locator("body.dark")
    was = dark.count()
    press("d")
    expect(dark).to_have_count(1 - was)
    press("d")
    press("p")
    zoom = "() => Number(document.body.style.getPropertyValue('--pg-zoom'))"
    first = page.evaluate(zoom)
    press("+")
    assert page.evaluate(zoom) > first > 1
    buttons = [page.locator(f"#stage [data-action={name}]") for name in ("link", "qr", "full", "inputs")]
    assert [one.is_visible() for one in buttons] == [False, False, True, True]
    expect(page.locator("#tokens-run")).to_be_hidden()
    expect(page.locator("#tokens-chips .pg-chip").first).to_be_visible()
    press("]")
    expect(page.locator("#attention-picture")).to_be_attached()
    expect(page.locator("#attention-run")).to_be_hidden()
    press("i")
    expect(page.locator("#attention-run")).to_be_visible()
    press("[")
    expect(page.locator("#tokens-run")).to_be_visible()
    press("i")
    expect(page.locator("#tokens-run")).to_be_hidden()
    press("p")
    assert not any(one.is_visible() for one in buttons)
    for key, name in (("s", "Scenes"), ("c", "Class"), ("q", "QR code of the link"), ("l", "Link to what is shown")):
        press(key)
        expect(page.locator(".pg-stage-open")).to_have_attribute("aria-label", name)
        press("Escape")
    press("t")
    assert page.evaluate("() => document.activeElement.closest('#page-title') !== null")
    page.keyboard.type("dp?")
    expect(screen.field("tokens-text")).to_have_value(re.compile(r"dp\?"))
    expect(page.locator(".pg-stage-open")).to_be_hidden()


# --- a class, on a service that counts what its models do


class Counting(LocalService):
    """Writes down every piece of work that a model or tokenizer was given."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.works: list[str] = []

    def _work(self, card: Any, request: Any, watch: Any) -> Any:
        self.works.append(type(request).__name__)
        return super()._work(card, request, watch)


@pytest.fixture(scope="module")
def counted(settings: Settings) -> Iterator[tuple[str, Counting]]:
    local = Counting(settings)
    service = CachedService(local, Answers(64_000_000))
    demo = build_app(service)
    _, url, _ = demo.launch(prevent_thread_lock=True, quiet=True, run_history=False, css=page_style(), app_kwargs=app_kwargs(service))
    yield url.rstrip("/"), local
    demo.close()


@pytest.fixture
def people(browser: Browser, counted: tuple[str, Counting]) -> Iterator[Callable[..., Page]]:
    """people(path) opens the page in a browser of its own."""
    contexts, errors = [], []

    def one(path: str = "/", url: str = counted[0]) -> Page:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(url + path)
        page.wait_for_function("window.playgroundStage?.stage")
        return page

    yield one
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def lesson(people: Callable[..., Page]) -> tuple[Page, list[Page], str]:
    """A class of its own for each test: (the instructor's page, two who follow, the class's link)."""
    leader = people("/")
    strip(leader, "Class")
    leader.get_by_role("button", name="Open a class").click()
    path = "/?" + urlsplit(leader.locator(".pg-stage-link").input_value()).query
    leader.locator(".pg-stage-open").get_by_role("button", name="Close").click()
    followers = [people(path), people(path)]
    for page in followers:
        expect(page.locator(".pg-stage-banner")).to_contain_text("You follow the class")
    expect(leader.locator(".pg-stage-banner")).to_contain_text("2 follow")
    return leader, followers, path


PINS = "() => playgroundStage.stage.page.views.get('lab').view.view.pins"


def said(page: Page) -> Any:
    return page.locator("#attention-lab .pg-lab-said").first


@pytest.mark.slow
def test_followers_see_each_move_and_no_model_runs_for_them(
    lesson: tuple[Page, list[Page], str], counted: tuple[str, Counting], people: Callable[..., Page]
) -> None:
    leader, followers, path = lesson
    local = counted[1]
    local.works.clear()
    leader.locator("#sentiment-tab-button").click()
    leader.locator(".pg-one-text").fill(NASTY)
    for page in followers:
        expect(page.locator("#sentiment-text textarea")).to_have_value(NASTY)
    leader.locator("#sentiment-run").click()
    expect(leader.locator("#sentiment-rows li").first).to_be_visible()
    for page in followers:
        expect(page.locator("#sentiment-rows li").first).to_be_visible()
        assert page.evaluate("() => window.__pwned") is None
    leader.locator("#attention-tab-button").click()
    leader.locator("#attention-run").click()
    expect(said(leader)).not_to_be_empty()
    leader.wait_for_timeout(500)
    works = list(local.works)
    assert 1 <= works.count("Batch") <= 2  # the leader's picture on arrival, and the words typed: none of three pages' more
    for page in followers:
        expect(said(page)).to_have_text(said(leader).inner_text())
    selects = leader.locator("#attention-lab .pg-lab-pane select")
    asked = requests_of(followers[0])
    selects.nth(1).select_option("3")
    selects.nth(2).select_option("7")
    matrix = leader.locator(".pg-lab-pane .pg-lab-over")
    matrix.focus()
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        matrix.press(key)
    pins = leader.evaluate(PINS)
    assert pins == [2]
    for page in followers:
        expect(said(page)).to_contain_text("Layer 3, head 7")
        page.wait_for_function(f"JSON.stringify(({PINS})()) === '{json.dumps(pins)}'")
    assert asked == []
    assert local.works == works
    third = people(path)
    expect(said(third)).to_contain_text("Layer 3, head 7")
    assert local.works == works
    third.close()


@pytest.mark.slow
def test_a_drawn_text_is_the_same_for_all(lesson: tuple[Page, list[Page], str], counted: tuple[str, Counting]) -> None:
    leader, followers, _ = lesson
    counted[1].works.clear()
    leader.locator("#generation-tab-button").click()
    leader.locator("#generation-settings button").first.click()
    number = leader.locator("#generation-most input[type=number]")
    number.fill("6")
    number.press("Tab")
    leader.locator("#generation-run").click()
    seed = leader.locator("#generation-figures dt", has_text="seed").locator("xpath=../dd")
    expect(leader.locator("#generation-note")).to_contain_text("again", timeout=2 * PATIENCE)
    for page in followers:
        expect(page.locator("#generation-figures dt", has_text="seed").locator("xpath=../dd")).to_have_text(seed.inner_text())
        expect(page.locator("#generation-seed input, #generation-seed textarea").first).to_have_value(seed.inner_text())
    assert 1 <= counted[1].works.count("GenerationRequest") <= 2  # the leader's on arrival, and the one that was asked for


@pytest.mark.slow
def test_who_steps_off_stays_where_they_are_and_can_come_back(lesson: tuple[Page, list[Page], str]) -> None:
    leader, (follower, other), _ = lesson
    leader.locator("#translation-tab-button").click()
    for page in (follower, other):
        expect(page.locator("#translation-run")).to_be_visible()
    follower.locator(".pg-one-text").click()
    expect(follower.locator(".pg-stage-banner")).to_contain_text("You stepped off")
    follower.locator(".pg-one-text").fill("My own words.")
    leader.locator("#sentiment-tab-button").click()
    expect(other.locator("#sentiment-run")).to_be_visible()
    expect(follower.locator("#translation-text textarea")).to_have_value("My own words.")
    follower.get_by_role("button", name="Come back to the class").click()
    expect(follower.locator("#sentiment-run")).to_be_visible()


class Wire:
    """A connection between a page and the server that can be cut."""

    def __init__(self, port: int) -> None:
        self.to, self.door = port, socket.create_server(("127.0.0.1", 0))
        self.ends: list[socket.socket] = []
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.door.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                self.ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    def _pass(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65_536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def cut(self) -> None:
        for one in self.ends:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self.ends.clear()


# Every text that the banner shows from now on: a browser may be back so soon that nobody who looks twice a second sees the loss.
BANNERS = """() => {
  window.banners = [];
  const banner = document.querySelector(".pg-stage-banner");
  const watch = { childList: true, subtree: true, characterData: true };
  new MutationObserver(() => window.banners.push(banner.innerText)).observe(banner, watch);
}"""


@pytest.mark.slow
def test_a_dropped_connection_comes_back(lesson: tuple[Page, list[Page], str], people: Callable[..., Page], counted: Any) -> None:
    leader, _, path = lesson
    wire = Wire(urlsplit(counted[0]).port or 0)
    follower = people(path, f"http://127.0.0.1:{wire.door.getsockname()[1]}")
    expect(follower.locator(".pg-stage-banner")).to_contain_text("You follow the class")
    follower.evaluate(BANNERS)
    wire.cut()
    follower.wait_for_function("window.banners.some((text) => text.includes('is lost'))")
    leader.locator("#sentiment-tab-button").click()
    leader.locator(".pg-one-text").fill("Sent while they were away.")
    expect(follower.locator("#sentiment-text textarea")).to_have_value("Sent while they were away.")
    expect(follower.locator(".pg-stage-banner")).to_contain_text("You follow the class")
    assert follower.evaluate("() => window.banners.length") > 1, "the page was not loaded anew"
    follower.close()


@pytest.mark.slow
def test_a_reload_keeps_the_lead_and_the_end_is_told(lesson: tuple[Page, list[Page], str]) -> None:
    leader, followers, path = lesson
    turn = leader.evaluate("() => playgroundStage.stage.page.turn")
    leader.reload()
    leader.wait_for_function("window.playgroundStage?.stage")
    assert leader.evaluate("() => playgroundStage.stage.page.turn") > turn, "or a run after it would pass for one that followers have seen"
    expect(leader.locator(".pg-stage-banner")).to_contain_text("You lead a class")
    strip(leader, "Class (open)")
    leader.get_by_role("button", name="End the class").click()
    for page in followers:
        expect(page.locator(".pg-stage-said")).to_contain_text("The class is over")
        expect(page.locator(".pg-stage-banner")).to_be_hidden()
    followers[0].goto(followers[0].url.split("?")[0] + path[1:])
    expect(followers[0].locator(".pg-stage-said")).to_contain_text("over, or its link was cut short")
