"""The sentiment tab as people use it: softmax in numbers, words shaded and taken out, two sentences, a file with Stop and download."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from playground.tasks.sentiment.table import read_table
from tests.browser.conftest import PATIENCE, OpenScreen, Screen, requests_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

if TYPE_CHECKING:
    from playwright.sync_api import Locator

TEXT = "Great acting, but the story bored me to tears."


def explained(screen: Screen, text: str = TEXT) -> "Locator":
    """The shaded words of `text`."""
    screen.open_tab("sentiment")
    screen.type("why-text", text)
    screen.run("why-run")
    words = screen.page.locator("#why-shown .pg-chip-row .pg-chip")
    expect(words.last).to_have_text(re.compile(re.escape(text[-1]) + "$"))
    expect(screen.page.locator("#why-note")).to_contain_text("log-odds")
    return words


def open_part(screen: Screen, title: str, inside: str) -> None:
    screen.open_tab("sentiment")
    if not screen.page.locator(inside).is_visible():
        screen.page.get_by_role("button", name=title).click()
    screen.page.locator(inside).wait_for()


def test_softmax_step_by_step_and_how_far_to_trust(screen: Screen) -> None:
    screen.open_tab("sentiment")
    screen.type("sentiment-text", "A lovely day.")
    screen.press("sentiment-run")
    rows = screen.page.locator("#sentiment-rows")
    expect(rows.locator("li")).to_have_count(1)
    expect(rows.locator(".pg-said")).to_have_text("A lovely day.")
    table = rows.locator(".pg-softmax-table")
    expect(table).to_be_visible()
    numbers = [float(cell.replace("−", "-")) for cell in table.locator("tbody td:nth-child(3)").all_inner_texts()]
    *raised, total = numbers  # one for each label, then their sum
    assert len(raised) == 4 and sum(raised) == pytest.approx(total, rel=1e-3)
    expect(rows).to_contain_text(re.compile(r"held-out texts .* expected calibration error of \d"))


def test_why_of_a_row_explains_that_row(screen: Screen) -> None:
    screen.open_tab("sentiment")
    screen.click_example("sentiment", "Negation")
    expect(screen.page.locator("#sentiment-rows li")).to_have_count(3)
    screen.page.locator("#sentiment-rows li").nth(2).get_by_role("button", name="Why").click()
    expect(screen.field("why-text")).to_have_value("The film is not bad at all.")
    expect(screen.page.locator("#why-shown .pg-chip-row .pg-chip").nth(4)).to_have_text("bad")
    assert screen.page.locator("#why-shown .pg-chip[data-scale=below]").count() > 0  # blue speaks for positive


def test_methods_and_units_are_changed_in_the_page_alone(screen: Screen) -> None:
    words = explained(screen, "The storytelling was unbelievably dull.")
    asked = requests_of(screen.page)
    shown = screen.page.locator("#why-shown")
    before = shown.locator(".pg-figures").inner_text()
    shown.get_by_role("button", name="integrated gradients", exact=True).click()
    expect(shown).to_contain_text("completeness")
    assert shown.locator(".pg-figures").inner_text() != before
    count = words.count()
    shown.get_by_role("button", name="tokens", exact=True).click()
    expect(words).not_to_have_count(count)
    expect(shown.get_by_role("button", name="tokens", exact=True)).to_be_focused()
    expect(shown).to_contain_text(re.compile(r"rank correlation [+−]?\d\.\d\d.*Neither is the whole reason"))
    shown.get_by_role("button", name="words", exact=True).click()
    expect(words).to_have_count(count)
    assert asked == []


def test_the_strongest_words_stand_in_the_order_of_the_bars_drawn(screen: Screen) -> None:
    explained(screen)
    shown = screen.page.locator("#why-shown")
    for name in ("occlusion", "integrated gradients"):
        shown.get_by_role("button", name=name).click()
        widths = shown.locator(".pg-bars .pg-bar > span").evaluate_all("(bars) => bars.map((bar) => parseFloat(bar.style.width))")
        assert widths == sorted(widths, reverse=True) and len(widths) > 3 and widths[0] > 0
    shown.get_by_role("button", name="occlusion").click()


def test_a_label_has_one_colour_on_every_card(screen: Screen) -> None:
    """One text of each label: its bars change places, not colours."""
    screen.open_tab("sentiment")
    screen.type("sentiment-text", "I love this product!\nThe food was cold and the waiter was rude.")
    screen.run("sentiment-run")
    cards = screen.page.locator("#sentiment-rows li")
    expect(cards).to_have_count(2)
    look = """(lines) => lines.map((one) => [
      one.querySelector('.pg-label').textContent, getComputedStyle(one.querySelector('.pg-bar > span')).backgroundColor])"""
    first, second = (dict(cards.nth(i).locator(".pg-score").evaluate_all(look)) for i in range(2))
    assert first == second and first["negative"] != first["positive"]


def test_a_word_is_taken_out_and_brought_back(screen: Screen) -> None:
    words = explained(screen)
    after, beside = screen.page.locator("#why-after"), screen.page.locator("#why-beside")
    words.filter(has_text="but").click()
    expect(after).to_contain_text("Without “but”")
    expect(beside.locator("del")).to_have_text("but")
    expect(beside).to_contain_text("Great acting, the story bored me to tears.")
    words.filter(has_text="bored").click()
    expect(after).to_contain_text("Without “but”, “bored”")
    expect(words.filter(has_text="but")).to_have_attribute("aria-pressed", "true")
    words.filter(has_text="but").click()
    expect(after).to_contain_text(re.compile("Without “bored”: (negative|positive) goes from"))
    screen.page.get_by_role("button", name="Bring all words back").click()
    expect(beside.locator("del")).to_have_count(0)


def test_sums_are_those_of_the_unit_shown(screen: Screen) -> None:
    explained(screen, "An unbelievably disappointing film")
    shown = screen.page.locator("#why-shown")
    shown.get_by_role("button", name="occlusion", exact=True).click()
    for unit in ("token", "word"):
        shown.get_by_role("button", name=f"{unit}s", exact=True).click()
        expect(shown.locator(".pg-figures")).to_contain_text(f"every {unit} [MASK]")
        expect(shown).to_contain_text(f"when this one {unit} is")
        told = [label.split(": ")[1].split()[0] for label in shown.locator(".pg-chip").evaluate_all("(all) => all.map((one) => one.title)")]
        total = shown.locator(".pg-figures dd").nth(1).inner_text()
        assert sum(map(number, told)) == pytest.approx(number(total), abs=0.005 * (len(told) + 1))


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def test_explained_again_every_word_is_back(screen: Screen) -> None:
    words, after = explained(screen), screen.page.locator("#why-after")
    for _ in range(2):  # with nothing changed: the same numbers come again
        words.filter(has_text="bored").click()
        expect(after).to_contain_text("Without “bored”")
        screen.run("why-run")
        expect(screen.page.locator("#why-shown .pg-chip[data-out]")).to_have_count(0)
        expect(after.locator(".pg-note")).to_be_hidden()
        expect(screen.page.locator("#why-beside").get_by_text("Without “bored”")).to_be_hidden()
        expect(screen.page.locator("#why-shown").get_by_role("button", name="Bring all words back")).to_be_disabled()


def test_the_last_word_stays(screen: Screen) -> None:
    words, after = explained(screen, "Great film"), screen.page.locator("#why-after")
    words.first.click()
    expect(after).to_contain_text("Without “Great”")
    words.last.click()
    expect(screen.page.locator("#why-shown .pg-attribution-said")).to_contain_text("is left to classify. Bring another back")
    expect(words.last).to_have_attribute("aria-pressed", "false")
    screen.settle()
    expect(after).to_contain_text("Without “Great”")
    expect(screen.page.get_by_test_id("toast-body")).to_have_count(0)


def test_a_comparison_that_fails_leaves_none_behind(screen: Screen) -> None:
    words, after = explained(screen), screen.page.locator("#why-after")
    words.first.click()
    expect(after).to_contain_text("Without “Great”")
    wrong = re.compile(r'"removed":\[[\d,]+\]')
    screen.page.route("**/queue/join*", lambda one: one.continue_(post_data=wrong.sub('"removed":[99]', one.request.post_data or "")))
    words.filter(has_text="bored").click()
    assert "do not fit the text any more" in screen.toast()
    screen.page.unroute("**/queue/join*")
    expect(after.locator(".pg-note")).to_be_hidden()
    expect(screen.page.locator("#why-beside").get_by_text("Without “Great”")).to_be_hidden()


def test_a_word_is_read_and_taken_out_by_keyboard(screen: Screen) -> None:
    words = explained(screen)
    words.first.focus()
    screen.page.keyboard.press("ArrowRight")
    expect(screen.page.locator("#why-shown .pg-attribution-said")).to_contain_text(re.compile(r"acting: [+−]?\d\.\d\d log-odds"))
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("#why-after")).to_contain_text("Without “acting”")


def test_two_sentences_side_by_side(screen: Screen) -> None:
    open_part(screen, "Compare two sentences", "#twotexts-run")
    screen.click_example("twotexts", "One “not”")
    shown = screen.page.locator("#twotexts-shown")
    expect(shown.locator("ins")).to_have_text("not")
    expect(shown).to_contain_text(re.compile(r"\+\d\.\d\d → −\d\.\d\d \(−\d\.\d\d\)"))
    expect(screen.page.locator("#twotexts-note")).to_contain_text("turns to negative")


def put_in(screen: Screen, path: Path) -> None:
    open_part(screen, "Classify a whole file", "#lines-run")
    remove = screen.page.locator("#lines-file").get_by_label("Clear")
    if remove.count():
        remove.first.click()
    screen.page.locator("#lines-file input[type=file]").set_input_files(path)


def test_a_file_is_read_classified_and_taken_away(screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    rows = [("I love it <b>so</b> much", "pos"), ("=1+1 what a terrible waste", "neg"), ("Awful.", "neg"), ("Lovely.", "neg")]
    path.write_text("\n".join(["what;gold", *(f"{text};{label}" for text, label in rows)]), "utf-8-sig")
    put_in(screen, path)
    expect(screen.page.locator("#lines-note")).to_contain_text("4 rows, 2 columns (UTF-8, semicolons")
    screen.press("lines-run")
    shown = screen.page.locator("#lines-shown")
    expect(shown).to_contain_text("75.0 % of 4 with a label")
    expect(shown.locator(".pg-confusion")).to_contain_text("1 (33.3 %)")
    expect(shown.locator(".pg-errors")).to_contain_text("Lovely.")
    expect(screen.page.locator("#lines-figure .js-plotly-plot").first).to_be_visible()
    with screen.page.expect_download() as told:
        screen.press("lines-download")
    table = read_table(Path(told.value.path()).read_bytes(), told.value.suggested_filename)
    assert table.column("text")[:2] == ["I love it <b>so</b> much", "'=1+1 what a terrible waste"]
    assert table.column("right") == ["yes", "yes", "yes", "no"]


def test_another_encoding_is_chosen_by_what_it_makes_of_the_text(screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "polish.csv"
    path.write_bytes("text,label\nświetny,1\nbad,0\n".encode("cp1250"))
    put_in(screen, path)
    expect(screen.page.locator("#lines-note")).to_contain_text("The encoding is a guess")
    choices = screen.page.locator("#lines-encoding input")
    choices.click()
    screen.page.locator("ul").get_by_role("option", name="Windows-1250 (Central Europe): “świetny").click()
    expect(screen.page.locator("#lines-note")).to_contain_text("(Windows-1250 (Central Europe), commas")
    screen.press("lines-run")
    expect(screen.page.locator("#lines-shown")).to_contain_text("2 of 2")


def test_stop_keeps_what_is_done(screen: Screen, tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("text\n" + "\n".join(f"A long sentence that says little of number {i}, and goes on." for i in range(9_000)), "utf-8")
    put_in(screen, path)
    expect(screen.page.locator("#lines-note")).to_contain_text("9,000 rows")
    screen.press("lines-run")
    told = re.compile(r"[\d,]+ of 9,000 lines, [\d,]+ lines/s, about")
    expect(screen.page.locator("#lines-note")).to_contain_text(told, timeout=PATIENCE)
    expect(screen.page.locator("#lines-shown")).to_contain_text(re.compile(r"\d of 9,000"), timeout=PATIENCE)
    screen.press("lines-stop")
    expect(screen.page.locator("#lines-note")).to_contain_text("Stopped. What is shown stays.")
    done = int(re.search(r"([\d,]+) of 9,000", screen.page.locator("#lines-shown").inner_text()).group(1).replace(",", ""))  # type: ignore[union-attr]
    assert 0 < done < 9_000
    expect(screen.page.locator("#lines-download")).to_be_enabled()
    with screen.page.expect_download() as taken:
        screen.press("lines-download")
    assert len(read_table(Path(taken.value.path()).read_bytes(), "a.csv").rows) >= done


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [("sheet.xlsx", b"PK\x03\x04", "not a .csv"), ("a.csv", b"text\na\0b", "NUL character in line 2"), ("b.csv", b"\n \n", "empty")],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(screen: Screen, tmp_path: Path, name: str, data: bytes, told: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    put_in(screen, path)
    assert told in screen.toast()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(open_screen: OpenScreen, theme: str) -> None:
    screen = open_screen(width=390, theme=theme)
    explained(screen, TEXT + " " + "Unbelievablylongword" * 6)
    screen.page.locator("#why-shown .pg-chip").nth(2).click()
    expect(screen.page.locator("#why-after")).to_contain_text("Without")
    open_part(screen, "Classify a whole file", "#lines-run")
    screen.press("lines-sample")
    expect(screen.page.locator("#lines-shown .pg-confusion")).to_be_visible()
    assert screen.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    wide = """() => [...document.querySelectorAll('#why .pg *, #lines .pg *')].filter((e) => !e.closest('.pg-scroll')
        && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.className)"""
    assert screen.page.evaluate(wide) == []
    assert screen.watched.errors == []


HOSTILE = "<img src=x onerror=window.__pwned=1> ${window.__pwned=2} {{7*7}} \u202egood\u202c <b>film</b>"


def test_no_text_becomes_markup(screen: Screen, tmp_path: Path) -> None:
    explained(screen, HOSTILE)
    screen.page.locator("#why-shown .pg-chip").filter(has_text="film").click()
    expect(screen.page.locator("#why-beside")).to_contain_text("{{7*7}}")
    path = tmp_path / "hostile.csv"
    rows = ('"<img src=x onerror=window.__pwned=3>",<b>gold</b>', f'"{HOSTILE}",negative', f'"{HOSTILE} lovely",<script>x</script>')
    path.write_text("\n".join(rows), "utf-8")
    put_in(screen, path)
    expect(screen.page.locator("#lines-note")).to_contain_text("rows, 2 columns")
    screen.press("lines-run")
    expect(screen.page.locator("#lines-shown")).to_contain_text("classified")
    assert screen.pwned() is None
    assert screen.page.locator("#why img, #lines img, #lines b, #why b, #lines-shown script").count() == 0
