"""Journey, as a person uses it: drawn on arrival, moved without the server, written on, cut and undone, by mouse and by keys."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.conftest import PATIENCE, Screen, requests_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.models]
BOX, WHOLE = ".pg-journey", ".pg-journey[data-whole=true]"


@pytest.fixture
def page(screen: Screen) -> "Page":
    screen.page.goto("about:blank")
    screen.page.goto(f"{screen.url}/?tab=journey")
    screen.page.locator(WHOLE).wait_for(timeout=6 * PATIENCE)
    return screen.page


def drawn(page: "Page", act: Any) -> None:
    """Does `act` and waits for the picture of a new answer, whole."""
    before = page.locator(BOX).get_attribute("data-drawn")
    act()
    page.wait_for_function(f"() => document.querySelector('{BOX}').dataset.drawn !== '{before}'", timeout=4 * PATIENCE)
    page.locator(WHOLE).wait_for()


def share_of(page: "Page", place: int = 0) -> float:
    text = page.locator(".pg-j-next-share").nth(place).inner_text()
    return float(re.sub(r"[^\d.]", "", text))


def test_it_is_drawn_on_arrival_at_the_head_that_looks_at_france(page: "Page") -> None:
    assert page.locator(".pg-j-chip").all_inner_texts() == ["The", "capital", "of", "France", "is"]
    assert page.locator(".pg-j-next-word").first.inner_text() == "Paris" and share_of(page) > 70
    assert page.locator(".pg-j-lens-row").count() == 31
    assert page.locator(".pg-j-lens-row").first.get_attribute("aria-label") == page.evaluate(
        "() => document.querySelector('.pg-j-lens-row[data-first]').getAttribute('aria-label')"
    )
    slider = page.get_by_role("slider", name="Block")
    assert slider.get_attribute("aria-valuenow") == "23"
    assert page.get_by_role("radio", name="Head 4").get_attribute("aria-checked") == "true"
    bright = page.locator(".pg-j-share").all_text_contents()
    assert "90 %" in bright


def test_all_of_it_is_in_the_first_screen(page: "Page") -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    page.wait_for_timeout(300)
    found = page.evaluate("""() => [...document.querySelectorAll('.pg-j-token, .pg-j-lens-row, .pg-j-next-row, .pg-j-slider, .pg-j-draw')]
        .filter((one) => one.getBoundingClientRect().bottom > innerHeight || one.getBoundingClientRect().right > innerWidth).length""")
    assert found == 0 and page.evaluate("document.documentElement.scrollWidth") == 1280
    page.set_viewport_size({"width": 1280, "height": 900})


def test_no_move_of_block_head_pointer_or_temperature_asks_the_server(page: "Page") -> None:
    asked = requests_of(page)
    page.get_by_role("slider", name="Block").press("ArrowLeft")
    page.get_by_role("radio", name="Head 7").click()
    page.locator(".pg-j-flow").hover(position={"x": 300, "y": 120})
    before = share_of(page)
    page.get_by_label("temperature").fill("2")
    assert share_of(page) < before
    page.get_by_label("top-k").fill("2")
    page.wait_for_timeout(300)
    assert page.locator(".pg-j-next-share").nth(2).inner_text() == "cut"
    assert sum(share_of(page, i) for i in range(2)) == pytest.approx(100, abs=0.2)
    assert page.get_by_role("slider", name="Block").get_attribute("aria-valuenow") == "22"
    assert asked == []


def test_a_next_word_joins_the_text_and_the_run_goes_on(page: "Page") -> None:
    drawn(page, lambda: page.locator(".pg-j-next-row").first.click())
    assert page.locator(".pg-j-chip").all_inner_texts()[-2:] == ["is", "Paris"]
    assert page.locator(".pg-one-text").input_value() == "The capital of France is Paris"
    assert page.locator(".pg-j-token[aria-current]").get_attribute("data-row") == "5"


def test_a_block_is_cut_shown_beside_what_was_and_undone(page: "Page") -> None:
    slider = page.get_by_role("slider", name="Block")
    for _ in range(8):
        slider.press("ArrowLeft")
    drawn(page, lambda: page.get_by_role("button", name="Cut block 15").click())
    banner = page.locator(".pg-j-banner")
    assert re.search(r"block 15 cut.*“Paris” 77\.\d % → 63\.\d %", banner.inner_text(), re.S)
    assert page.locator(".pg-j-next-was").first.is_visible() and 60 < share_of(page) < 66
    asked = requests_of(page)
    banner.get_by_role("button", name="Undo").click()
    page.wait_for_function("() => document.querySelector('.pg-j-banner').hidden")
    assert share_of(page) > 75 and asked == []


def test_typing_draws_anew_after_a_pause_and_says_what_goes_wrong(page: "Page", screen: Screen) -> None:
    field = page.locator(".pg-one-text")
    drawn(page, lambda: field.fill("one two <b>three</b>"))
    assert "<b" in "".join(page.locator(".pg-j-chip").all_inner_texts())
    field.fill("   ")
    note = page.locator(".pg-j-note")
    note.wait_for()
    screen.watched.seen.clear()  # the browser writes the 400 down
    assert "only spaces" in note.inner_text() and page.locator(".pg-j-stage").get_attribute("data-old") == "true"


def test_keys_walk_tokens_and_open_a_drawer(page: "Page") -> None:
    page.locator(".pg-j-token[aria-current]").focus()
    page.keyboard.press("ArrowUp")
    assert page.locator(".pg-j-token[aria-current]").get_attribute("data-row") == "3"
    page.keyboard.press("Enter")
    drawer = page.locator(".pg-j-drawer")
    drawer.get_by_role("heading", name="Token 3: “France”").wait_for()
    page.keyboard.press("Escape")
    drawer.wait_for(state="hidden")
    page.get_by_role("slider", name="Block").press("Enter")
    drawer.get_by_role("heading", name="Block 23").wait_for()


def test_the_view_travels_in_the_address(page: "Page") -> None:
    page.get_by_role("slider", name="Block").press("ArrowRight")
    page.get_by_label("temperature").fill("0.5")
    page.wait_for_function("() => new URL(location.href).searchParams.get('journey')?.includes('0.5')")
    view = json.loads(page.evaluate("() => new URL(location.href).searchParams.get('journey')"))
    assert view["layer"] == 24 and view["knobs"]["temperature"] == 0.5
    page.reload()
    page.locator(WHOLE).wait_for(timeout=4 * PATIENCE)
    page.wait_for_function("() => document.querySelector('[role=slider][aria-label=Block]').getAttribute('aria-valuenow') === '24'")
    assert page.get_by_label("temperature").input_value() == "0.5"
