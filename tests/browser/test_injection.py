"""Text from people, tokenizers and models is text: in every field of every panel nothing of it runs, and it is shown as typed."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, OpenScreen, Screen
from tests.rooms import ROOMS

pytestmark = pytest.mark.browser

HOSTILE = (
    "<img src=x onerror=window.__pwned=1> <script>window.__pwned=2</script>",
    "${window.__pwned=3} {{1234*5678}} {{constructor.constructor('window.__pwned=4')()}} `${window.__pwned=5}`",
    "\\u003cimg src=x onerror=window.__pwned=6\\u003e C:\\new\\` \\${1234*5678}",
    '<a href="javascript:window.__pwned=7">x</a> [x](javascript:window.__pwned=8) ![y](http://a.com/y.png)',
    "\u202eright\u202c s\u0301\u0302 \u0000\u0007 مر \u2066iso\u2069",
)
NOTE = {room: f"#{room}-note" for room in ROOMS}


def run(screen: Screen, room: str, text: str) -> None:
    """Fills every field of the room with `text`, presses its button, and waits for this run's end."""
    fields, result = ROOMS[room].fields, ROOMS[room].result
    screen.open_tab(room)
    if room == "generation":
        limit_writing(screen)
    for field in fields:
        screen.type(field, text)
    screen.run(f"{room}-run")
    if room in ("sentiment", "answering"):
        expect(screen.page.locator(result).first).to_be_visible(timeout=PATIENCE)
        expect(screen.page.locator(f"#{room}-{'rows' if room == 'sentiment' else 'spans'}")).to_contain_text("sleeps here")
    expect(screen.page.locator(result).first).to_be_visible(timeout=PATIENCE)
    expect(screen.page.locator(NOTE[room])).not_to_have_text(re.compile("…\\s*$"), timeout=PATIENCE)


def limit_writing(screen: Screen) -> None:
    if not screen.page.locator("#generation-most").is_visible():
        screen.page.locator("#generation-settings button").first.click()
        screen.set_number("generation-most", "6")


@pytest.mark.parametrize("room", ROOMS)
def test_text_is_never_markup(screen: Screen, room: str) -> None:
    parts = (HOSTILE[:2], HOSTILE[2:]) if room == "answering" else (HOSTILE,)  # a question has less room
    for part in parts:
        run(screen, room, " ".join(part) + " sleeps here")
        assert screen.pwned() is None
        for selector in ("img[src='x']", "a[href^='javascript']", "script:text('__pwned')"):
            assert screen.page.locator(f".gradio-container {selector}").count() == 0
        assert screen.page.get_by_text(re.compile(r"7[,.]?006[,.]?652")).count() == 0, "a template was worked out"


def test_markup_is_shown_as_typed(screen: Screen) -> None:
    run(screen, "tokens", "<img src=x onerror=window.__pwned=1>")
    expect(screen.page.locator("#tokens-chips .pg-chips")).to_have_text("<img␣src=x␣onerror=window.__pwned=1>")
    run(screen, "sentiment", "<b>${7*7} {{7*7}}</b> sleeps here")
    expect(screen.page.locator("#sentiment-rows .pg-said").first).to_have_text("<b>${7*7} {{7*7}}</b> sleeps here")


def test_heatmap_labels_are_text(screen: Screen) -> None:
    """Plotly reads labels and hovers as markup: each token must come through as itself."""
    run(screen, "attention", "<b>bold</b> <a href=x>link</a> &amp; sleeps here")
    screen.page.get_by_role("button", name="The same as a plotly figure").click()
    screen.page.locator("#attention-draw").click()
    labels = screen.page.locator("#attention-plot .yaxislayer-above text")
    expect(labels.filter(has_text="&")).not_to_have_count(0)
    shown = labels.all_text_contents()
    assert shown.count("<") == 4
    assert shown.count(">") == 4
    assert screen.page.locator("#attention-plot svg a[*|href='x']").count() == 0


def test_control_and_direction_characters_are_made_visible(screen: Screen) -> None:
    run(screen, "tokens", "a\u202eb\u0007c")
    expect(screen.page.locator("#tokens-chips .pg-chips")).to_contain_text("␇")
    shown = "".join(screen.page.locator("#tokens-chips .pg-chip").all_inner_texts())
    assert "\u202e" not in shown
    assert "\u0007" not in shown


def test_model_field_takes_no_markup(open_screen: OpenScreen) -> None:
    """The model can be typed: an unknown one comes back inside the error, as text. A page of its own: no run may be under way."""
    screen = open_screen()
    screen.open_tab("translation")
    screen.type("translation-text", "Hello")
    field = screen.field("translation-model")
    field.fill("<img src=x onerror=window.__pwned=1>")
    field.press("Enter")
    screen.press("translation-run")
    told = screen.toast()
    assert "<img src=x" in told
    assert "en-fr" in told
    assert screen.pwned() is None
