"""The tokens lab in a real browser: steps without requests, tokenizers side by side, the wrong one, and a million characters."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from playwright.sync_api import expect

from tests.api.calls import call
from tests.api.running_app import RunningApp
from tests.browser.conftest import PATIENCE, OpenScreen, Screen, requests_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

if TYPE_CHECKING:
    from playwright.sync_api import Locator

OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
EVIL = "<img src=x onerror=window.__pwned=1> ${window.__pwned=2} {{7*7}}"
# The longest time the page did not answer while `work` went on, in milliseconds.
WATCH_GAPS = """() => { window.__gap = 0; let last = performance.now();
  const tick = () => { const now = performance.now(); window.__gap = Math.max(window.__gap, now - last); last = now;
    setTimeout(tick, 10); };
  tick(); }"""


def toggle(screen: Screen, part: str) -> None:
    screen.page.locator(f"#{part} > button").first.click()


@pytest.fixture
def cutting(screen: Screen) -> Iterator[Screen]:
    screen.open_tab("tokens")
    toggle(screen, "cutting")
    expect(screen.page.locator("#cutting-shown .pg-cut-stage").first).to_be_visible(timeout=PATIENCE)
    yield screen
    toggle(screen, "cutting")


@pytest.fixture
def part(screen: Screen, request: pytest.FixtureRequest) -> Iterator[Screen]:
    screen.open_tab("tokens")
    toggle(screen, request.param)
    yield screen
    toggle(screen, request.param)


def example(screen: Screen, label: str, scheme: str) -> None:
    screen.page.locator("#cutting-examples").get_by_role("button", name=label).click()
    expect(screen.page.locator("#cutting-shown .pg-cut-walk h3")).to_contain_text(scheme, timeout=PATIENCE)
    wait_until_quiet(screen)


def wait_until_quiet(screen: Screen) -> None:
    """An example fills several fields, and each of them asks: until a second passes without a new request."""
    asked = requests_of(screen.page)
    seen, since = 0, time.monotonic()
    while time.monotonic() - since < 1:
        screen.page.wait_for_timeout(100)
        if len(asked) > seen:
            seen, since = len(asked), time.monotonic()


def picture(screen: Screen) -> "Locator":
    return screen.page.locator("#cutting-shown .pg-cut-picture > .pg-cut-line").first


def remove_file(screen: Screen) -> None:
    file = screen.page.locator("#budget-file")
    away = file.get_by_label("Remove this file").or_(file.get_by_label("Clear"))
    if away.count():
        away.first.click()


def texts(chips: "Locator") -> list[str]:
    return [text.strip() for text in chips.locator(".pg-chip").all_inner_texts()]


def steps_of(app: RunningApp, text: str, tokenizer: str) -> Any:
    with httpx.Client(timeout=60) as http:
        return call(http, app.url, "token_steps", text=text, tokenizer=tokenizer).answer


def test_bpe_is_undone_to_bytes_and_done_again_without_a_request(cutting: Screen, app: RunningApp) -> None:
    example(cutting, "BPE merges", "byte-level BPE")
    page = cutting.page
    expect(page.locator("#cutting-shown .pg-cut-slider")).to_have_attribute("max", "8")
    asked = requests_of(page)
    assert texts(picture(cutting)) == list("unbelievably")
    page.get_by_label("Last step").click()
    assert texts(picture(cutting)) == steps_of(app, "unbelievably", "smollm2-135m")["pieces"]
    page.get_by_label("Undo one step").click()
    assert len(texts(picture(cutting))) == 5
    page.locator("#cutting-shown .pg-cut-slider").press("Home")
    assert texts(picture(cutting)) == list("unbelievably")
    page.locator("#cutting-shown .pg-cut-slider").press("ArrowRight")
    expect(page.locator("#cutting-shown .pg-cut-told")).to_contain_text("lowest merge rank")
    page.locator("#cutting-shown .pg-bars button").nth(2).click()
    expect(page.locator("#cutting-shown .pg-cut-controls")).to_contain_text("step 3 of 8")
    assert asked == []


def test_wordpiece_tries_the_longest_first(cutting: Screen, app: RunningApp) -> None:
    example(cutting, "WordPiece, longest match", "WordPiece")
    told = cutting.page.locator("#cutting-shown .pg-cut-told")
    expect(told).to_contain_text("“unbelievably” is not in the vocabulary")
    cutting.page.get_by_label("Last step").click()
    expect(told).to_contain_text("taken")
    found = steps_of(app, "unbelievably", "minilm-l6")["words"][0]["pieces"]
    assert texts(cutting.page.locator("#cutting-shown .pg-cut-picture > .pg-cut-line").nth(1)) == found


def test_a_word_that_is_lost_is_shown_lost(cutting: Screen) -> None:
    example(cutting, "WordPiece, longest match", "WordPiece")
    cutting.type("tokens-text", "a🤗")
    expect(cutting.page.locator("#cutting-note")).to_contain_text("[UNK]", timeout=PATIENCE)
    cutting.page.get_by_label("Last step").click()
    expect(cutting.page.locator("#cutting-shown .pg-cut-told")).to_contain_text("the whole word becomes [UNK]")


def test_the_lattice_and_its_best_path(cutting: Screen, app: RunningApp) -> None:
    example(cutting, "Unigram lattice", "Unigram")
    cutting.page.locator("#cutting-shown .pg-cut-words .pg-chip-button").filter(has_text="unbelievable").click()
    expect(cutting.page.locator("#cutting-shown .pg-bars tbody tr")).not_to_have_count(0)
    cutting.page.get_by_label("Last step").click()
    assert texts(picture(cutting)) == steps_of(app, "unbelievable", "en-fr")["words"][0]["pieces"]
    total = sum(
        float(text.replace("−", "-"))
        for text in cutting.page.locator("#cutting-shown .pg-lattice-arc[data-strong] .pg-small").all_inner_texts()
    )
    said = cutting.page.locator("#cutting-shown .pg-cut-told").inner_text()
    assert abs(total - float(re.findall(r"−[\d.]+\d", said)[0].replace("−", "-"))) < 0.05


def test_the_chat_template_is_a_stage(cutting: Screen) -> None:
    example(cutting, "BPE merges", "byte-level BPE")
    cutting.page.locator("#cutting-chat input").check()
    expect(cutting.page.locator("#cutting-shown")).to_contain_text("In the chat template", timeout=PATIENCE)
    expect(cutting.page.locator("#cutting-shown")).to_contain_text("<|im_start|>")
    cutting.page.locator("#cutting-chat input").uncheck()
    expect(cutting.page.locator("#cutting-shown")).not_to_contain_text("<|im_start|>", timeout=PATIENCE)


@pytest.mark.parametrize("part", ["contrast"], indirect=True)
def test_tokenizers_side_by_side(part: Screen) -> None:
    part.type("tokens-text", "unbelievable cat")
    part.press("contrast-run")
    rows = part.page.locator("#contrast-shown .pg-contrast-chips")
    expect(rows).to_have_count(3, timeout=PATIENCE)
    for i in range(3):
        expect(rows.nth(i).locator(".pg-chip[data-same]")).to_have_count(1)
        assert "cat" in rows.nth(i).locator(".pg-chip[data-same]").inner_text()
    part.press("contrast-languages")
    expect(part.page.locator("#contrast-shown tbody tr")).to_have_count(10, timeout=PATIENCE)
    assert part.page.locator("#contrast-shown tbody tr").nth(3).inner_text().startswith("Russian")


@pytest.mark.parametrize("part", ["misreading"], indirect=True)
def test_the_wrong_tokenizer(part: Screen) -> None:
    part.type("tokens-text", "The cat sat on the mat.")
    part.press("misreading-run")
    expect(part.page.locator("#misreading-note")).to_contain_text("nothing fails", timeout=PATIENCE)
    meant, read = part.page.locator("#misreading-shown .pg-said").all_inner_texts()
    assert meant == "The␣cat␣sat␣on␣the␣mat."
    assert read and read != meant


@pytest.mark.parametrize("part", ["budget"], indirect=True)
def test_files_are_counted_and_odd_ones_get_a_sentence(part: Screen, tmp_path: Path) -> None:
    text, odd = tmp_path / "good.txt", tmp_path / "odd.txt"
    text.write_text("naïve words 🦙 " * 1000, "utf-8")
    odd.write_bytes("Zoë lives here".encode("latin-1"))
    part.page.locator("#budget-file input[type=file]").set_input_files(text)
    expect(part.page.locator("#budget-note")).to_contain_text("The file", timeout=PATIENCE)
    expect(part.page.locator("#budget-shown .pg-figures")).to_contain_text("14,000")
    assert part.page.locator("#budget-shown a").first.get_attribute("href").startswith("https://")  # type: ignore[union-attr]
    remove_file(part)
    part.page.locator("#budget-file input[type=file]").set_input_files(odd)
    expect(part.page.locator("#budget-note")).to_contain_text("Windows-1252 (Western Europe), a guess", timeout=PATIENCE)
    remove_file(part)
    odd.write_bytes(b"%PDF-1.7")
    part.page.locator("#budget-file input[type=file]").set_input_files(odd)
    assert "This is a PDF" in part.toast()


@pytest.mark.parametrize("part", ["budget"], indirect=True)
def test_a_million_characters_do_not_freeze_the_page(part: Screen, tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text(("Plain words, one after another. " * 31_250)[:1_000_000], "utf-8")
    part.page.evaluate(WATCH_GAPS)
    remove_file(part)
    part.page.locator("#budget-file input[type=file]").set_input_files(file)
    expect(part.page.locator("#budget-shown .pg-figures")).to_contain_text("1,000,000", timeout=PATIENCE)
    expect(part.page.locator("#budget-shown .pg-figures")).to_contain_text("MB/s")
    assert part.page.evaluate("() => window.__gap") < 1500


def test_text_is_never_markup(cutting: Screen) -> None:
    first = cutting.page.locator("#cutting-shown .pg-cut-stage").first
    cutting.type("tokens-text", EVIL)
    expect(first).to_contain_text("<img", timeout=PATIENCE)
    toggle(cutting, "contrast")
    cutting.press("contrast-run")
    expect(cutting.page.locator("#contrast-shown .pg-contrast-chips").first).to_contain_text("img", timeout=PATIENCE)
    toggle(cutting, "contrast")
    assert cutting.pwned() is None
    assert cutting.page.locator("#tokens-tab img[src=x]").count() == 0


def test_a_phone_shows_the_lab_without_scrolling_sideways(open_screen: OpenScreen) -> None:
    phone = open_screen(width=390, height=844)
    for name, button, result in (
        ("cutting", "", ".pg-cut-stage"), ("contrast", "contrast-languages", ".pg-table"), ("misreading", "misreading-run", ".pg-misread"),
        ("budget", "budget-run", ".pg-table"),
    ):  # fmt: skip
        toggle(phone, name)
        if button:
            phone.press(button)
        expect(phone.page.locator(f"#{name}-shown {result}").first).to_be_visible(timeout=PATIENCE)
        assert phone.page.evaluate(OVERFLOW) <= 0, name
    assert phone.watched.errors == [] and phone.watched.outside == []
