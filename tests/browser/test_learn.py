"""The learn tab as a learner uses it: a step opens a panel and runs it, questions are marked, failures happen, programs are shown."""

import ast
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, OpenScreen, Screen, requests_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
HOSTILE = "<img src=x onerror=window.__pwned=1> ${window.__pwned=2} {{7*7}} '''\"\"\" \\ sleeps"


def open_learn(screen: Screen) -> None:
    screen.page.locator("#learn-tab-button").click()
    screen.page.locator("#learn-lesson .pg-lesson-step").first.wait_for()


def open_part(screen: Screen, part: str) -> None:
    open_learn(screen)
    head = screen.page.locator(f"#learn-{part} button.label-wrap").first
    if "open" not in (head.get_attribute("class") or "").split():
        head.click()


def chapter(screen: Screen, name: str) -> None:
    open_learn(screen)
    screen.page.locator("#learn-lesson .pg-lesson-chapter").filter(has_text=name).click()


def see(screen: Screen, name: str) -> None:
    screen.page.locator("#learn-lesson").get_by_role("button", name=name).click()


def test_a_step_fills_a_panel_opens_it_and_runs_it(screen: Screen) -> None:
    chapter(screen, "Sentiment")
    see(screen, "Shade the words")
    expect(screen.page.locator("#page-guide")).to_contain_text("Which words made it so? Look: the signs")
    screen.page.locator("#page-guide").get_by_role("button", name="Back to Learn").click()
    see(screen, "Negation, in three lines")
    expect(screen.page.locator("#sentiment-rows li")).to_have_count(3)
    assert screen.field("sentiment-text").input_value().startswith("The film is good.\n")
    guide = screen.page.locator("#page-guide")
    expect(guide).to_contain_text("Sentiment: a head on an encoder: A few numbers, one softmax")
    expect(guide).to_contain_text("Look: what “not” does")
    guide.get_by_role("button", name="Back to Learn").click()
    expect(screen.page.locator("#learn-lesson .pg-lesson-title")).to_have_text(re.compile("Sentiment"))
    expect(guide.locator(".pg-guide")).to_be_hidden()
    expect(screen.page.locator("#learn-lesson .pg-lesson-step").first).to_contain_text("✓ seen")


def test_next_step_goes_on_from_the_panel(screen: Screen) -> None:
    chapter(screen, "Tokens")
    see(screen, "Cut a sentence")
    expect(screen.field("tokens-text")).to_have_value(re.compile("antidisestablishmentarianism"))
    expect(screen.page.locator("#tokens-tokenizer input")).to_have_value("SmolLM2 135M Instruct")
    screen.page.locator("#page-guide").get_by_role("button", name="Next step").click()
    expect(screen.page.locator("#tokens-tokenizer input")).to_have_value(re.compile("MiniLM"))
    expect(screen.page.locator("#tokens-chips .pg-chip").first).to_have_text("[CLS]")
    screen.page.locator("#page-guide").get_by_role("button", name="Close").click()
    expect(screen.page.locator("#page-guide .pg-guide")).to_be_hidden()


def test_a_step_opens_a_head_and_its_steps(screen: Screen) -> None:
    chapter(screen, "Attention, by the formula")
    see(screen, "Follow one weight through the formula")
    expect(screen.page.locator("#attention-note")).to_contain_text("encoder self-attention")
    expect(screen.page.locator("#attention-lab")).to_contain_text("Layer 3, head 1: “it” looks most at “animal” (0.68)")
    expect(screen.page.locator("#steps-shown")).to_contain_text("= the head’s output", timeout=PATIENCE)


def test_a_step_has_its_terms_its_table_and_its_program(screen: Screen) -> None:
    chapter(screen, "Attention, by the formula")
    step = screen.page.locator("#learn-lesson .pg-lesson-step").first
    step.locator("summary").filter(has_text="attention weights").click()
    expect(step).to_contain_text("From 0 to 1, together 1.")
    assert step.locator(".pg-lesson-terms a").first.get_attribute("rel") == "noopener noreferrer"
    chapter(screen, "The context window")
    expect(screen.page.locator("#learn-lesson .pg-lesson-step").nth(1).locator("tbody tr").first).to_contain_text("BERT")
    chapter(screen, "Translation")
    code = screen.page.locator("#learn-lesson .pg-listing pre")
    expect(code).to_contain_text("AutoModelForSeq2SeqLM.from_pretrained(MODEL)")
    compile(code.inner_text(), "program.py", "exec")
    chapter(screen, "Where to go on")
    link = screen.page.locator("#learn-lesson").get_by_role("link", name="Attention Is All You Need")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")
    open_part(screen, "exercises")
    cards = screen.page.locator("#learn-exercise-cards .pg-cards-card")
    expect(cards).to_have_count(5)
    expect(cards.nth(2).locator("ol li")).to_have_count(5)
    expect(cards.nth(3).locator(".pg-listing pre").first).to_contain_text("return ...  # fill in")
    assert screen.watched.errors == [] and screen.watched.outside == []


def test_what_is_pressed_after_the_lab_waits_for_it(screen: Screen) -> None:
    chapter(screen, "Encoder, decoder")
    see(screen, "The same words, three families")
    expect(screen.page.locator("#comparing-note")).to_contain_text("side by side", timeout=PATIENCE)


def test_what_was_seen_and_answered_stays_in_this_browser(open_screen: OpenScreen) -> None:
    screen = open_screen()
    open_part(screen, "questions")
    quiz = screen.page.locator("#learn-quiz")
    first, second = quiz.locator(".pg-quiz-item").nth(0), quiz.locator(".pg-quiz-item").nth(1)
    first.wait_for()

    asked = requests_of(screen.page)
    first.locator("input").nth(1).check()
    expect(first.locator(".pg-quiz-reply")).to_contain_text("✓ Right.")
    second.locator("input").nth(0).focus()
    screen.page.keyboard.press("Space")
    expect(second.locator(".pg-quiz-reply")).to_contain_text("✗ Not so: the answer is “Because attention alone")
    screen.page.keyboard.press("ArrowDown")
    expect(second.locator(".pg-quiz-reply")).to_contain_text("✓ Right.")
    opened = quiz.locator(".pg-quiz-item").filter(has=screen.page.locator("textarea")).first
    opened.get_by_role("button", name="Compare with an answer").click()
    expect(opened.locator(".pg-quiz-reply")).to_contain_text("it is not marked")
    expect(quiz.locator(".pg-quiz-score")).to_contain_text("2 right of 2 answered; 20 questions are marked.")
    five = quiz.locator(".pg-quiz-group").first
    expect(five.locator("h3")).to_have_text(re.compile("The lesson’s five questions 2 of [45] right"))
    expect(five.locator(".pg-quiz-item")).to_have_count(5)
    quiz.locator(".pg-quiz-item").nth(18).scroll_into_view_if_needed()
    expect(quiz.locator(".pg-quiz-score")).to_be_in_viewport()
    assert asked == []
    screen.page.reload()
    open_part(screen, "questions")
    expect(first.locator(".pg-quiz-reply")).to_contain_text("✓ Right.")
    expect(first.locator("input").nth(1)).to_be_checked()
    quiz.get_by_role("button", name="Begin again").click()
    expect(quiz.locator(".pg-quiz-score")).to_contain_text("0 right of 0 answered")
    assert screen.watched.errors == [] and screen.watched.outside == []


def test_a_question_can_be_seen(screen: Screen) -> None:
    open_part(screen, "questions")
    screen.page.get_by_role("button", name="See it: Extractive question answering can answer with…").click()
    expect(screen.page.locator("#answering-spans .pg-answer").first).to_be_visible(timeout=PATIENCE)
    assert screen.field("answering-question").input_value() == "Who built the Eiffel Tower?"


def test_failures_are_provoked(screen: Screen) -> None:
    chapter(screen, "When it goes wrong")
    see(screen, "Provoke it: SmolLM2's numbers into MiniLM")
    shown = screen.page.locator("#issues-shown")
    expect(shown).to_contain_text("IndexError: index out of range in self", timeout=PATIENCE)
    expect(shown).to_contain_text("one vector of 384 numbers for each")
    see(screen, "Provoke it: a missing key")
    expect(shown).to_contain_text("OPENAI_API_KEY", timeout=PATIENCE)


def test_fresh_heads_are_counted(screen: Screen) -> None:
    open_part(screen, "fresh")
    screen.press("fresh-run")
    expect(screen.page.locator("#fresh-shown tbody tr")).to_have_count(21, timeout=PATIENCE)
    expect(screen.page.locator("#fresh-note")).to_contain_text("chance is 50 %")


def test_ours_answers_where_no_hosted_model_is_set_up(screen: Screen) -> None:
    open_part(screen, "hosted")
    screen.type("hosted-prompt", "Say hello.")
    screen.set_number("hosted-most", "8")
    screen.press("hosted-run")
    expect(screen.page.locator("#hosted-far-note")).to_contain_text("No hosted model is set up here")
    expect(screen.page.locator("#hosted-near-note")).to_contain_text("tokens in", timeout=PATIENCE)
    expect(screen.field("hosted-near")).not_to_have_value("")
    expect(screen.field("hosted-far")).to_have_value("")


def literals(program: str) -> list[str]:
    """All strings of a Python program."""
    return [node.value for node in ast.walk(ast.parse(program)) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.mark.parametrize("room", ["tokens", "sentiment", "answering", "translation"])
def test_the_code_holds_the_words_as_text(screen: Screen, room: str) -> None:
    field = {"tokens": "tokens-text", "answering": "answering-question"}.get(room, f"{room}-text")
    screen.open_tab(room)
    screen.type(field, HOSTILE)
    screen.page.locator(f"#{room}-code button.label-wrap").first.click()
    program = screen.page.locator(f"#{room}-program pre")
    expect(program).to_contain_text("sleeps")
    compile(program.inner_text(), "program.py", "exec")
    if room == "translation":  # what goes around the model stands in the table of its French, as text
        assert {"<img src=x onerror=window.__pwned=1>", "${window.__pwned=2}"} <= set(literals(program.inner_text()))
    else:
        assert repr(HOSTILE) in program.inner_text()
    assert screen.pwned() is None
    assert screen.page.locator("img[src='x']").count() == 0
    with screen.page.expect_download() as saved:
        screen.page.locator(f"#{room}-program").get_by_role("button", name="Save as a file").click()
    assert saved.value.suggested_filename == f"{room}.py"


def test_on_a_phone_in_the_dark(open_screen: OpenScreen) -> None:
    screen = open_screen(width=390, height=844, theme="dark")
    page = screen.page
    page.goto(page.url + "&tab=learn")
    page.locator("#learn-lesson .pg-lesson-step").first.wait_for()
    for name in ("What a language", "Setting up", "Translation", "Where to go"):
        page.locator("#learn-lesson .pg-lesson-chapter").filter(has_text=name).click()
        assert page.locator("#learn-lesson .pg-lesson-page").evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0, name
    for part in ("exercises", "questions", "gallery", "issues", "fresh", "hosted", "models", "pipelines", "setup", "terms"):
        page.locator(f"#learn-{part} button.label-wrap").first.click()
        assert page.evaluate(OVERFLOW) <= 0, part
    page.locator("#learn-gallery").get_by_role("button", name="Three lines").click()
    expect(page.locator("#sentiment-rows li")).to_have_count(3, timeout=PATIENCE)
    expect(page.locator("#page-guide")).to_contain_text("Not bad at all")
    assert page.evaluate(OVERFLOW) <= 0
    assert screen.watched.errors == [] and screen.watched.outside == []
