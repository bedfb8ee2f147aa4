"""The translation tab in a real browser: alignment without a request, alternatives, forced beginnings, a text of many sentences, Stop."""

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.benchmarks.texts import SENTENCES
from tests.browser.conftest import PATIENCE, OpenScreen, Screen, requests_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

if TYPE_CHECKING:
    from playwright.sync_api import Locator

CAT = "The black cat sleeps on the table."
CELLS = """(all) => all.map((one) => [
  one.closest('tr').rowIndex, one.cellIndex, parseFloat(one.style.getPropertyValue('--pg-share')), one.title])"""
LIST = "# The house\n\n- The cat sleeps.\n- How are you?\n\n42 <b>${7*7}</b>\n"


def translate(screen: Screen, text: str, wait: bool = True) -> None:
    screen.open_tab("translation")
    screen.type("translation-text", text)
    (screen.run if wait else screen.press)("translation-run")


def part(screen: Screen, name: str, inside: str = "") -> "Locator":
    return screen.page.locator(f"#translation-{name} {inside}".strip())


def words(screen: Screen, row: int) -> "Locator":
    return part(screen, "alignment", ".pg-alignment-side:has(.pg-chip)").nth(row).locator(".pg-chip")


@pytest.fixture
def cat(screen: Screen) -> Screen:
    """A sentence translated and explained."""
    translate(screen, CAT)
    expect(part(screen, "candidates", ".pg-best")).to_contain_text("chat", timeout=PATIENCE)
    expect(words(screen, 0).first).to_have_text("The")
    expect(words(screen, 0)).to_have_count(9)
    expect(words(screen, 1).filter(has_text="noir")).to_have_count(1, timeout=PATIENCE)
    return screen


def test_pointing_and_changing_layer_and_head_ask_for_nothing(cat: Screen) -> None:
    asked = requests_of(cat.page)
    said = part(cat, "alignment", ".pg-alignment-said")
    words(cat, 1).filter(has_text="noir").hover()
    expect(said).to_contain_text(re.compile(r"“noir” was written looking at: black \d+ %"))
    words(cat, 0).filter(has_text="cat").hover()
    expect(said).to_contain_text(re.compile(r"“cat” was looked at by: chat \d+ %"))
    first = said.inner_text()
    part(cat, "alignment", "select").nth(0).select_option("0")
    part(cat, "alignment", "select").nth(1).select_option("2")
    words(cat, 0).filter(has_text="cat").hover()
    expect(said).not_to_have_text(first)
    part(cat, "alignment", "select").nth(0).select_option("1")
    part(cat, "alignment", "select").nth(1).select_option("mean")
    words(cat, 0).filter(has_text="cat").hover()
    expect(said).to_have_text(first)
    part(cat, "alignment", ".pg-chip-row").nth(2).locator(".pg-chip").nth(1).hover()
    expect(part(cat, "alignment", "caption")).to_contain_text("token 2 of")
    assert asked == []


def test_words_by_keyboard(cat: Screen) -> None:
    words(cat, 1).first.focus()
    said = part(cat, "alignment", ".pg-alignment-said")
    expect(said).to_contain_text("“Le” was written")
    cat.page.keyboard.press("ArrowRight")
    expect(said).to_contain_text("“chat” was written")
    cat.page.keyboard.press("Enter")
    cat.page.keyboard.press("Tab")
    expect(said).to_contain_text("“chat” was written")  # a pinned word stays


def test_a_clicked_token_stays_and_all_alternatives_follow_another(cat: Screen) -> None:
    chips, caption = part(cat, "alignment", ".pg-chip-row").nth(2).locator(".pg-chip"), part(cat, "alignment", "caption")
    chips.nth(1).click()
    chips.nth(3).hover()
    expect(caption).to_contain_text("token 4 of")
    caption.hover()
    expect(caption).to_contain_text("token 2 of")
    part(cat, "alignment").get_by_role("button", name="Show all 50").click()
    expect(part(cat, "alignment", "tbody tr").locator("visible=true")).to_have_count(50)
    chips.nth(0).click()
    expect(caption).to_contain_text("token 1 of")
    expect(part(cat, "alignment", "table")).to_have_count(1 + part(cat, "alignment", ".pg-alignment-grid").count())


@pytest.mark.parametrize("text", [CAT, "Hello, how are you?", "Where is the red car?"])
def test_whether_the_order_changes_is_read_off_this_picture(screen: Screen, text: str) -> None:
    """Worked out again from the grid's own cells, layer by layer: the sentence names a turn where there is one, and none elsewhere."""
    translate(screen, text)
    told = part(screen, "alignment", ".pg-alignment-order")
    expect(told).to_be_visible(timeout=PATIENCE)
    for layer in ("0", "1"):
        part(screen, "alignment", "select").nth(0).select_option(layer)
        cells = part(screen, "alignment", ".pg-alignment-grid tbody td").evaluate_all(CELLS)
        rows: dict[int, list[tuple[float, int, str, str]]] = {}
        for row, column, share, title in cells:
            french, _, english = title.rpartition(":")[0].partition(" ← ")
            if re.search(r"\w", english) and re.search(r"\w", french) and "⟨end⟩" not in (english, french):
                rows.setdefault(row, []).append((share, column, french, english))
        most = [max(row, key=lambda one: one[0]) for row in rows.values()]
        turns = [(a, b) for a, b in pairwise(most) if b[1] < a[1]]
        said = told.inner_text()
        if turns:
            assert f"“{turns[0][0][2]}” looks most at “{turns[0][0][3]}”, and “{turns[0][1][2]}” after it at “{turns[0][1][3]}”" in said
        else:
            assert "the order stays" in said


def test_the_keyboards_place_is_kept(cat: Screen) -> None:
    second = part(cat, "candidates", "ol").last.locator(".pg-link-button").nth(1)
    text = second.inner_text()
    second.focus()
    cat.page.keyboard.press("Enter")
    expect(part(cat, "candidates", ".pg-best")).to_have_text(text, timeout=PATIENCE)
    expect(part(cat, "candidates", "ol").last.locator(".pg-link-button").nth(1)).to_be_focused()


def test_an_alternative_is_forced_and_let_go(cat: Screen) -> None:
    before = part(cat, "candidates", ".pg-best").inner_text()
    part(cat, "alignment", ".pg-chip-row").nth(2).locator(".pg-chip").first.hover()
    other = part(cat, "alignment", "tbody .pg-link-button").first
    written = other.inner_text().replace("␣", "").strip()
    other.click()
    expect(part(cat, "candidates")).to_contain_text("1 token is forced", timeout=PATIENCE)
    expect(part(cat, "candidates", ".pg-best")).to_have_text(re.compile(f"^{re.escape(written)}"))
    expect(part(cat, "alignment", ".pg-chip[data-forced]")).to_have_count(1)
    part(cat, "candidates").get_by_role("button", name="Let the model begin freely").click()
    expect(part(cat, "candidates", ".pg-best")).to_have_text(before, timeout=PATIENCE)
    expect(part(cat, "alignment", ".pg-chip[data-forced]")).to_have_count(0)


def test_what_if_it_had_begun_with(cat: Screen) -> None:
    cat.type("translation-begin", "Est-ce que")
    cat.press("translation-force")
    expect(part(cat, "candidates", ".pg-best")).to_have_text(re.compile("^Est-ce que"), timeout=PATIENCE)
    expect(part(cat, "candidates", ".pg-candidate[aria-current]")).to_contain_text("Est-ce que")


def test_another_candidate_is_explained(cat: Screen) -> None:
    second = part(cat, "candidates", "ol").last.locator(".pg-link-button").nth(1)
    expect(second.locator("mark").first).to_be_visible()
    text = second.inner_text()
    second.click()
    expect(part(cat, "candidates", ".pg-best")).to_have_text(text, timeout=PATIENCE)
    expect(part(cat, "candidates", "ol").last.locator("li").nth(1)).to_have_attribute("aria-current", "true")


def test_a_text_of_several_sentences(screen: Screen) -> None:
    translate(screen, LIST)
    text = part(screen, "document", ".pg-document-text")
    expect(text.get_by_role("button")).to_have_count(4, timeout=PATIENCE)
    expect(part(screen, "candidates", "h3")).to_have_text("Sentence 1 of 4")
    lines = text.inner_text().split("\n")
    assert [lines[0][:2], lines[1], lines[2][:2], lines[3][:2], lines[4]] == ["# ", "", "- ", "- ", ""]
    text.get_by_role("button").nth(2).focus()
    screen.page.keyboard.press("Enter")
    expect(part(screen, "candidates", "h3")).to_have_text("Sentence 3 of 4", timeout=PATIENCE)
    expect(part(screen, "alignment", ".pg-alignment-side").first).to_contain_text("How")
    expect(text.locator("[aria-current]")).to_have_count(1)
    assert screen.pwned() is None


def test_stop_keeps_what_is_done(screen: Screen) -> None:
    translate(screen, "\n".join(SENTENCES * 10), wait=False)
    text = part(screen, "document", ".pg-document-text")
    expect(part(screen, "document")).to_contain_text(re.compile(r"[1-9]\d* of 320 sentences"), timeout=PATIENCE)
    expect(text.get_by_role("button")).to_have_count(0)  # a choice would wait for the end, and the end would take its place
    screen.press("translation-stop")
    expect(part(screen, "note")).to_contain_text("Stopped")
    expect(text.get_by_role("button").first).to_be_visible()
    done = text.get_by_role("button").count()
    assert 0 < done < 320
    expect(text.locator("[data-pending]")).to_have_count(320 - done)
    translate(screen, "How are you?")
    expect(part(screen, "candidates", ".pg-best")).to_contain_text("?", timeout=10_000)
    expect(part(screen, "document", ".pg-document-text")).to_be_hidden()


def test_a_phone_shows_all_of_it_without_scrolling_sideways(open_screen: OpenScreen) -> None:
    phone = open_screen(width=390, height=844)
    translate(phone, LIST)
    expect(part(phone, "alignment", "caption")).to_be_visible(timeout=PATIENCE)
    part(phone, "alignment", "summary").click()
    assert phone.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert phone.watched.errors == []


def test_the_link_opens_the_attention_lab_on_the_same_pair(cat: Screen, open_screen: OpenScreen) -> None:
    address = part(cat, "alignment", "a").get_attribute("href")
    assert address
    other = open_screen()
    other.page.goto(address)
    expect(other.page.locator("#attention-lab .pg-lab-said").first).to_contain_text("Layer 1", timeout=PATIENCE)
    expect(other.field("attention-text")).to_have_value(CAT)
    assert other.watched.errors == []
