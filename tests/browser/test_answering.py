"""Question answering in the browser: strips, spans, own spans, the threshold, windows, several questions, the question's words."""

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, Screen

pytestmark = [pytest.mark.browser, pytest.mark.slow]

if TYPE_CHECKING:
    from playwright.sync_api import Locator

FILLER = "The weather report of that week speaks of rain, wind and a little sun over the hills. "
TOWER = "The Eiffel Tower was built by Gustave Eiffel. It is 330 metres tall. "
REQUESTS = "() => performance.getEntriesByType('resource').filter((one) => one.name.includes('queue/join')).length"

INSIDE = """(mark) => {
  const [own, area] = [mark, mark.closest('.pg-context')].map((node) => node.getBoundingClientRect());
  return own.top >= area.top && own.bottom <= area.bottom;
}"""


def spans(screen: Screen) -> "Locator":
    return screen.page.locator("#answering-spans")


def ask(screen: Screen, question: str, context: str) -> None:
    """Runs, and waits for this run's end."""
    screen.open_tab("answering")
    screen.type("answering-question", question)
    screen.type("answering-context", context)
    screen.run("answering-run")
    expect(spans(screen).locator(".pg-asked")).to_have_text(question.split("\n")[0], timeout=PATIENCE)


def test_strips_stand_on_tokens_and_pointing_tells_their_logits(screen: Screen) -> None:
    ask(screen, "How tall is the tower?", "🤗 " + TOWER)
    strips = spans(screen).locator(".pg-context-text .pg-strips")
    assert "".join(strips.all_inner_texts()).replace(" ", "") == ("🤗" + TOWER).replace(" ", "")
    strips.filter(has_text="330").hover()
    detail = spans(screen).locator(".pg-detail")
    expect(detail).to_contain_text("330")
    expect(detail).to_contain_text(re.compile(r"start logit\s*−?\d+\.\d\d · \d+\.\d %"))
    top = strips.filter(has_text="330").evaluate("(node) => parseFloat(node.style.getPropertyValue('--pg-top'))")
    assert detail.inner_text().split("· ")[1].startswith(f"{top:.1f}")
    spans(screen).locator(".pg-no-answer").hover()
    expect(detail).to_contain_text("[CLS]")


def test_an_own_span_is_summed_without_a_request(screen: Screen) -> None:
    ask(screen, "How tall is the tower?", TOWER)
    before = screen.page.evaluate(REQUESTS)
    strips, own = spans(screen).locator(".pg-context-text .pg-strips"), spans(screen).locator(".pg-own")
    strips.filter(has_text="Gustave").click()
    expect(own).to_contain_text("Now choose its last token")
    strips.filter(has_text="metres").click()
    expect(own).to_contain_text(re.compile(r"“Gustave.*metres”: start −?[\d.]+ \+ end −?[\d.]+ = −?[\d.]+, [\d.]+ less than the best"))
    a, b, total = (float(n.replace("−", "-")) for n in re.findall(r"(?:start|end|=) (−?[\d.]+\d)", own.inner_text())[:3])
    assert abs(a + b - total) < 0.02
    strips.filter(has_text="metres").click()
    strips.filter(has_text="330").click()
    expect(own).to_contain_text("An end before its start")
    expect(spans(screen).locator("mark")).to_have_count(0)
    spans(screen).get_by_role("button", name=re.compile("^330")).first.click()
    expect(spans(screen).locator("mark")).to_contain_text("330")
    assert screen.page.evaluate(REQUESTS) == before


def test_by_keyboard_alone(screen: Screen) -> None:
    ask(screen, "How tall is the tower?", TOWER)
    spans(screen).locator(".pg-context").focus()
    screen.page.keyboard.press("Home")
    expect(spans(screen).locator(".pg-detail")).to_contain_text("The (1 of")
    screen.page.keyboard.press("Enter")
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("Enter")
    expect(spans(screen).locator(".pg-own")).to_contain_text("“The E”")
    expect(spans(screen).locator("mark")).to_have_text("The E")


def test_the_threshold_flips_the_answer_without_a_request(screen: Screen) -> None:
    ask(screen, "How tall is the tower?", TOWER)
    head, slider = spans(screen).locator(".pg-answer"), spans(screen).locator(".pg-threshold input")
    expect(head).to_contain_text("330")
    before = screen.page.evaluate(REQUESTS)
    slider.evaluate("(node) => { node.value = node.min; node.dispatchEvent(new Event('input')); }")
    expect(head).to_have_text("No answer in this context")
    expect(spans(screen).locator(".pg-threshold")).to_contain_text("above the threshold")
    expect(spans(screen).locator(".pg-threshold")).to_contain_text(
        re.compile(r"on held-out questions on short contexts: F1 \d+\.\d on \d+ that")
    )
    expect(spans(screen).locator(".pg-threshold")).to_contain_text(
        "The model has two thresholds: −4.00 for a context of up to 60 tokens, 2.75"
    )
    spans(screen).get_by_role("button", name="Always answer").click()
    expect(head).to_contain_text("330")
    assert screen.page.evaluate(REQUESTS) == before


def test_a_long_context_is_read_in_windows_one_of_which_won(screen: Screen) -> None:
    ask(screen, "How tall is the tower, in metres?", FILLER * 60 + TOWER + FILLER * 240)
    expect(spans(screen).locator("mark").first).to_contain_text("330")
    said = spans(screen).locator(".pg-windows-part p[aria-live]")
    expect(said).to_contain_text(re.compile(r"Window \d of \d\d, .* won"))
    expect(spans(screen).locator(".pg-threshold")).to_contain_text(
        re.compile(r"XQuAD \(English\): F1 \d+\.\d on 1,190 that have an answer")
    )
    assert spans(screen).locator(".pg-strips").count() < 600, "tokens out of view are no nodes"
    spans(screen).get_by_role("button", name="Next window").click()
    expect(said).to_contain_text("best span")
    spans(screen).get_by_role("button", name=re.compile("^330")).first.click()
    expect(said).to_contain_text("won")
    assert spans(screen).locator("mark").first.evaluate(INSIDE), "the marked span is scrolled into the context's own view"


def test_a_start_chosen_in_another_window_is_forgotten(screen: Screen) -> None:
    ask(screen, "How tall is the tower, in metres?", TOWER + FILLER * 30)
    own, said = spans(screen).locator(".pg-own"), spans(screen).locator(".pg-windows-part p[aria-live]")
    strips = spans(screen).locator(".pg-context-text .pg-strips")
    spans(screen).get_by_role("button", name="Window before").click()
    expect(said).to_contain_text("Window 1 of 2")
    strips.first.click()
    expect(own).to_contain_text("Your span starts at “The”")
    spans(screen).get_by_role("button", name="Next window").click()
    expect(said).to_contain_text("Window 2 of 2")
    expect(own).to_contain_text("Choose any token as a start")
    expect(spans(screen).get_by_role("button", name="Which words of the question")).to_be_disabled()
    strips.nth(4).click()
    expect(own).to_contain_text("Your span starts at")
    strips.nth(5).click()
    expect(own).to_contain_text(re.compile(r"start −?[\d.]+ \+ end −?[\d.]+ = "))


def test_what_is_marked_and_said_goes_with_the_answer_when_the_threshold_moves(screen: Screen) -> None:
    screen.open_tab("answering")
    screen.settle()
    screen.click_example("answering", "Not in the text")
    expect(spans(screen).locator(".pg-asked")).to_have_text("What does a ticket for the lift cost?")
    head, own, mark = (spans(screen).locator(name) for name in (".pg-answer", ".pg-own", "mark"))
    expect(own).to_contain_text("The model finds no answer")
    expect(screen.page.locator("#answering-note")).to_contain_text("By its own threshold the model finds no answer")
    spans(screen).get_by_role("button", name="Always answer").click()
    expect(mark).to_have_text(head.inner_text())
    expect(own).to_contain_text("the best sum there is")
    spans(screen).locator(".pg-threshold input").evaluate("(node) => { node.value = node.min; node.dispatchEvent(new Event('input')); }")
    expect(head).to_have_text("No answer in this context")
    expect(mark).to_have_count(0)
    expect(own).to_contain_text("At this threshold there is no answer")
    strips = spans(screen).locator(".pg-context-text .pg-strips")
    strips.first.click()
    strips.first.click()
    spans(screen).get_by_role("button", name="Always answer").click()
    expect(mark).to_have_text("The")
    expect(own).to_contain_text("less than the best span")


def test_several_questions_are_a_table_to_choose_from(screen: Screen) -> None:
    screen.open_tab("answering")
    screen.click_example("answering", "Several questions")
    table = screen.page.locator("#answering-table")
    expect(table.locator("tbody tr")).to_have_count(4)
    expect(table.locator("tbody tr").nth(3)).to_contain_text("no answer")
    expect(spans(screen).locator(".pg-asked")).to_have_text("How tall is the Eiffel Tower?")
    table.get_by_role("button").nth(1).click()
    expect(spans(screen).locator(".pg-asked")).to_have_text("Who built it?")
    expect(table.locator("tr[aria-current]")).to_contain_text("Who built it?")
    table.get_by_role("button").nth(2).focus()
    screen.page.keyboard.press("Enter")
    expect(table.locator("tr[aria-current]")).to_contain_text("When was the World's Fair?")
    expect(table.get_by_role("button").nth(2)).to_be_focused()
    ask(screen, "How tall is it?", TOWER)
    expect(table.locator(".pg-answers")).to_be_hidden()


def test_the_words_of_the_question_are_weighed(screen: Screen) -> None:
    ask(screen, "How tall is the <b>tower</b>?", TOWER)
    spans(screen).get_by_role("button", name=re.compile("^330")).first.click()  # the model itself may say “no answer” to such a question
    spans(screen).get_by_role("button", name="Which words of the question").click()
    words = screen.page.locator("#answering-words")
    expect(words.locator("tbody tr").filter(has_text="tall").first).to_contain_text(re.compile(r"[+−]\d+\.\d\d"), timeout=PATIENCE)
    expect(words).to_contain_text("matters most")
    ask(screen, "Who built it?", TOWER)
    expect(words.locator(".pg-question_words")).to_be_hidden()


def test_stop_in_the_middle_of_a_long_context(screen: Screen) -> None:
    screen.open_tab("answering")
    screen.type("answering-question", "How tall is the old tower?")
    screen.type("answering-context", FILLER * 1100)
    screen.press("answering-run")
    expect(screen.page.locator("#answering-note")).to_contain_text(re.compile(r"Reading window \d+–\d+ of \d\d"), timeout=PATIENCE)
    screen.press("answering-stop")
    expect(screen.page.locator("#answering-note")).to_contain_text("Stopped", timeout=5_000)
    screen.page.wait_for_timeout(1_000)
    expect(screen.page.locator("#answering-note")).to_contain_text("Stopped")
    ask(screen, "How tall is it?", TOWER)
