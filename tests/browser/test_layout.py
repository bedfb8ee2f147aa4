"""The page on a phone, in the dark, by keyboard; and what it says and keeps when something is wrong."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, OpenScreen, Screen
from tests.rooms import ROOMS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def phone(open_screen: OpenScreen) -> Screen:
    return open_screen(width=390, height=844)


@pytest.mark.parametrize("room", ROOMS)
def test_a_phone_shows_every_panel_without_scrolling_sideways(phone: Screen, room: str) -> None:
    phone.open_tab(room)
    button = phone.page.locator(f"#{room}-run")
    if room == "generation":
        phone.page.locator("#generation-settings button").first.click()
        phone.set_number("generation-most", "6")
    button.click()
    expect(phone.page.locator(ROOMS[room].result).first).to_be_visible(timeout=PATIENCE)
    assert phone.page.evaluate(OVERFLOW) <= 0
    box = button.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert phone.watched.errors == []
    assert phone.watched.outside == []


COLOURS = """() => {
  const of = (s, name) => getComputedStyle(document.querySelector(s))[name];
  return [of('gradio-app', 'backgroundColor'), of('#tokens-chips .pg-chip', 'color'), of('#tokens-lead', 'color')];
}"""


def luminance(colour: str) -> float:
    numbers = [float(part) for part in colour[colour.index("(") + 1 : colour.index(")")].replace(",", " ").split()[:3]]
    return sum(share * number for share, number in zip((0.2126, 0.7152, 0.0722), numbers, strict=True)) / 255


def test_light_and_dark_differ_and_can_be_read(open_screen: OpenScreen) -> None:
    light = open_screen(theme="light").page.evaluate(COLOURS)
    dark = open_screen(theme="dark").page.evaluate(COLOURS)
    assert luminance(light[0]) > 0.8
    assert luminance(dark[0]) < 0.2
    assert luminance(light[2]) < 0.5 < luminance(dark[2])


@pytest.mark.parametrize("room", ROOMS)
def test_empty_input_gets_a_sentence_and_nothing_is_lost(screen: Screen, room: str) -> None:
    screen.open_tab(room)
    for kept in ROOMS[room].fields[1:]:
        screen.type(kept, "These words stay where they are.")
    screen.type(ROOMS[room].fields[0], "")
    screen.press(f"{room}-run")
    told = screen.refusal(room)
    assert "empty" in told.lower()
    assert len(told.split()) >= 4
    for kept in ROOMS[room].fields[1:]:
        assert screen.field(kept).input_value() == "These words stay where they are."


@pytest.mark.parametrize("room", ROOMS)
def test_too_long_a_text_is_refused_with_the_numbers_and_kept(screen: Screen, room: str) -> None:
    screen.open_tab(room)
    text = "x " * (501_000 if room == "tokens" else 26_000)
    screen.type(ROOMS[room].fields[0], text)
    screen.press(f"{room}-run")
    told = screen.refusal(room)
    assert "limit" in told
    assert len(screen.field(ROOMS[room].fields[0]).input_value()) >= len(text) - 1
    screen.type(ROOMS[room].fields[0], "Where is it?")


def test_a_hub_model_without_a_hub_says_what_works(screen: Screen) -> None:
    screen.open_tab("sentiment")
    screen.type("sentiment-text", "A fine day.")
    screen.field("sentiment-model").click()
    screen.page.locator("ul").get_by_role("option").filter(has_text="hub").first.click()
    screen.press("sentiment-run")
    told = screen.toast()
    assert "minilm-sentiment" in told
    assert screen.field("sentiment-text").input_value() == "A fine day."


@pytest.mark.parametrize("room", ROOMS)
def test_each_panel_says_what_to_look_for_and_its_limit(screen: Screen, room: str) -> None:
    screen.open_tab(room)
    assert len(screen.page.locator(f"#{room}-lead").inner_text().split()) > 6
    screen.page.locator(".pg-one-text").focus()
    assert "up to" in screen.page.locator(".pg-one-hint").inner_text().lower()


def test_the_whole_of_a_panel_by_keyboard(screen: Screen) -> None:
    """From the text field by Tab to the button, and Enter runs it."""
    screen.open_tab("sentiment")
    screen.field("sentiment-model").click()
    screen.page.locator("ul").get_by_role("option").filter(has_not_text="hub").first.click()
    screen.type("sentiment-text", "Keyboards are lovely.")
    screen.page.locator(".pg-one-text").focus()
    for _ in range(30):
        screen.page.keyboard.press("Tab")
        if screen.page.evaluate("() => document.activeElement.id") == "sentiment-run":
            break
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("#sentiment-rows .pg-said").first).to_have_text("Keyboards are lovely.")
