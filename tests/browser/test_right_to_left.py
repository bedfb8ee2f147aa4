"""Hebrew and Arabic in captions and chips, measured where the browser draws each character: the order that people see."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from playground.tasks.text import isolated
from tests.browser.conftest import PATIENCE, OpenScreen, Screen

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.browser

HEBREW = "שלום 5 עולם 7 ספר"
# [character, its left edge] of every character of an element that is drawn, in the order of the string.
PLACES = """(node) => {
  const found = [], walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT), range = document.createRange();
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    for (let i = 0; i < text.length; i++) {
      range.setStart(text, i); range.setEnd(text, i + 1);
      const [box] = range.getClientRects();
      if (box && box.width) found.push([text.data[i], box.left, Math.round(box.top)]);
    }
  }
  return found; }"""
ALL_POINTS = """async () => {
  const { isolated } = await import('/playground/web/bidi.js'), found = [];
  for (let p = 0; p < 0x110000; p++) {
    const letter = String.fromCodePoint(p);
    if ((p < 0xd800 || p > 0xdfff) && isolated(letter) !== letter) found.push(p);
  }
  return found; }"""


@pytest.fixture(scope="module")
def page_screen(open_screen: OpenScreen) -> Iterator[Screen]:
    screen = open_screen()
    yield screen
    assert screen.watched.errors == []


def check_order(node: "Locator") -> int:
    """Every quoted right-to-left piece stands between its marks, and what follows it, numbers too, to the right. How many there are."""
    places = node.evaluate(PLACES)
    text = "".join(one[0] for one in places)
    found = 0
    for piece in re.finditer(r"“([^“”]*[\u0590-\u08ff][^“”]*)” ?(\(?[^“”\u0590-\u08ff]{0,6})", text):
        opening, close, after = places[piece.start()], places[piece.end(1)], places[piece.start(2) : piece.end(2)]
        inside = [one[1] for one in places[piece.start(1) : piece.end(1)]]
        if len({one[2] for one in [opening, close, *after]}) > 1:
            continue  # wrapped
        assert opening[1] < min(inside) and max(inside) < close[1], (text, places)
        lefts = [close[1], *(one[1] for one in after)]
        assert lefts == sorted(lefts), (piece.group(), lefts)
        found += 1
    return found


def lefts(chips: "Locator") -> list[float]:
    return [float(one) for one in chips.evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().left)")]


def test_the_page_and_the_server_isolate_the_same_characters(page_screen: Screen) -> None:
    ours = [p for p in range(0x110000) if not 0xD800 <= p <= 0xDFFF and isolated(chr(p)) != chr(p)]
    assert page_screen.page.evaluate(ALL_POINTS) == ours and len(ours) > 1000


def test_a_caption_with_a_hebrew_token_before_a_number_reads_in_order(page_screen: Screen) -> None:
    """The lab's sentence “ש” … (0.22): its parts were drawn as “(0.22) ”ש."""
    page_screen.open_tab("attention")
    page_screen.type("attention-text", HEBREW)
    page_screen.run("attention-run")
    said = page_screen.page.locator("#attention-lab .pg-lab-said").first
    expect(said).to_contain_text(re.compile("[\u0590-\u05ff]"), timeout=PATIENCE)
    assert check_order(said) >= 1
    page_screen.page.locator("#attention-lab .pg-lab-bar").first.get_by_text("Sentence", exact=True).click()
    words = page_screen.page.locator("#attention-lab .pg-lab-word")
    words.nth(3).hover()
    read = page_screen.page.locator("#attention-lab .pg-lab-out").first
    expect(read).to_contain_text("looks at")
    assert check_order(read) >= 1
    first_line = lefts(words)[:4]
    assert first_line == sorted(first_line, reverse=True)


def test_chips_of_a_right_to_left_text_run_from_right_to_left(page_screen: Screen) -> None:
    page_screen.open_tab("tokens")
    page_screen.page.locator("#tokens-tokenizer input").click()
    page_screen.page.locator("ul").get_by_role("option", name=re.compile("MiniLM L6")).first.click()
    chips = page_screen.page.locator("#tokens-chips .pg-chip")
    for text, first, back in (("שלום עולם", "ש", True), ("مرحبا 5", "م", True), ("hello world", "hello", False), ("12 שלום", "12", True)):
        page_screen.type("tokens-text", text)
        expect(chips.nth(1)).to_have_text(first, timeout=PATIENCE)
        expect(chips.first).to_have_text("[CLS]")
        found = lefts(chips)
        assert len(found) >= 4 and found == sorted(found, reverse=back), text


def test_stages_and_rows_of_other_tokenizers_run_the_same_way(page_screen: Screen) -> None:
    """Also where a tokenizer has bytes only: ⟨D7 A9⟩ is no Latin letter of the text."""
    page_screen.open_tab("tokens")
    page_screen.type("tokens-text", "שלום 7")
    page_screen.page.locator("#cutting > button").first.click()
    lines = page_screen.page.locator("#cutting-shown .pg-cut-stage .pg-cut-line")
    expect(lines.first).to_contain_text("שלום", timeout=PATIENCE)
    expect(lines.last).to_contain_text("[SEP]", timeout=PATIENCE)
    for i in range(lines.count()):
        found = lefts(lines.nth(i).locator(".pg-chip"))
        assert found == sorted(found, reverse=True), i
    page_screen.page.locator("#contrast > button").first.click()
    page_screen.press("contrast-run")
    rows = page_screen.page.locator("#contrast-shown .pg-contrast-chips")
    expect(rows).to_have_count(3, timeout=PATIENCE)
    for i in range(3):
        found = lefts(rows.nth(i).locator(".pg-chip"))
        assert len(found) > 1 and found == sorted(found, reverse=True), i


def test_pictures_that_are_taken_away_hold_no_isolates(page_screen: Screen) -> None:
    page_screen.open_tab("attention")
    for button in ("SVG", "CSV"):
        with page_screen.page.expect_download() as waiting:
            page_screen.page.locator("#attention-lab").get_by_role("button", name=button, exact=True).click()
        with open(waiting.value.path(), encoding="utf-8") as file:
            text = file.read()
        assert re.search("[\u0590-\u05ff]", text) and not re.search("[\u2066-\u2069]", text), button
