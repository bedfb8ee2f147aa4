"""Coming to the page: every tab shows its picture at what its inputs first hold, by its address and by its tab; the header holds the
tab's text and model, all lines of it, and what somebody put in goes along."""

from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from playground.panels import PANELS
from tests.browser.conftest import PATIENCE, Screen

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.models]

REST = "() => window.playgroundStage?.stage?.ready && !playgroundStage.stage.page.busy"
TEXT, MODEL = ".pg-one-text", ".pg-one-model"
TABS = [panel.id for panel in PANELS if panel.id != "learn"]
LIVE = [panel.id for panel in PANELS if panel.live]
# The open tab's text and model: as its own inputs hold them, and as the page is built (gradio_config).
OWN = """() => {
  const { page } = playgroundStage.stage, room = page.room();
  const first = (id) => gradio_config.components.find((one) => one.props.elem_id === id)?.props.value;
  const text = document.querySelector(`[id="${room.text}"] textarea`)?.value;
  return { tab: room.id, text, first: first(room.text), model: first(room.model) };
}"""
# Something is drawn in the tab, and nothing of it is of other words.
DRAWN = """(tab) => {
  const box = document.getElementById(`${tab}-picture`) ?? document.querySelector(`#${tab}-tab .pg-journey`);
  const old = box?.closest("[data-old]:not([data-old=false])") ?? box?.querySelector("[data-old=true]");
  return Boolean(box) && !old && box.innerText.trim().length > 200;
}"""


def goto(screen: Screen, path: str) -> "Page":
    screen.page.goto("about:blank")
    screen.page.goto(screen.url + path)
    screen.page.wait_for_function(REST)
    return screen.page


def click(page: "Page", tab: str) -> None:
    """As a person does, who reads what has opened before typing."""
    page.locator(f"#{tab}-tab-button").click()
    page.wait_for_function("(tab) => playgroundStage.stage.arrival.here === tab", arg=tab)


def shown(page: "Page", tab: str) -> Any:
    """What the open tab holds, when its picture is drawn and stays."""
    page.wait_for_function(DRAWN, arg=tab, timeout=2 * PATIENCE)
    found = page.evaluate(OWN)
    assert found["tab"] == tab and page.locator(".pg-stage-said").inner_text() == ""
    return found


def test_the_bare_address_opens_journey_with_its_text_and_model_and_typing_draws_it_anew(screen: Screen) -> None:
    page = goto(screen, "/")
    expect(page.locator(TEXT)).to_have_value("The capital of France is")
    expect(page.locator(f"{MODEL} option:checked")).to_have_text("SmolLM2 135M Instruct")
    shown(page, "journey")
    page.locator(TEXT).fill("red blue green")
    expect(page.locator(".pg-j-chip")).to_have_text(["red", "blue", "green"])


@pytest.mark.slow
@pytest.mark.parametrize("tab", TABS)
def test_an_address_that_names_a_tab_shows_its_picture_at_what_it_first_holds(screen: Screen, tab: str) -> None:
    page = goto(screen, f"/?tab={tab}")
    own = shown(page, tab)
    expect(page.locator(TEXT)).to_have_value(own["first"])
    expect(page.locator(MODEL)).to_have_value(own["model"])
    assert own["text"] == own["first"]


@pytest.mark.slow
def test_every_tab_shows_its_picture_when_it_is_clicked_and_the_text_goes_along(screen: Screen) -> None:
    """First each tab's own text, as nobody has put one in; then two lines, put in once, which every tab takes whole. Where
    an answer is quick it is drawn anew; elsewhere the picture of other words says so."""
    page = goto(screen, "/")
    for tab in TABS:
        click(page, tab)
        own = shown(page, tab)
        expect(page.locator(TEXT)).to_have_value(own["first"])
    lines = "The film is good.\nThe food was cold."
    click(page, "sentiment")
    page.locator(TEXT).fill(lines)
    expect(page.locator("#sentiment-rows")).to_contain_text("The food was cold.")
    for tab in TABS:
        click(page, tab)
        expect(page.locator(TEXT)).to_have_value(lines)
        assert page.evaluate(OWN)["text"] == lines
        if tab in LIVE:
            shown(page, tab)


def test_a_slow_first_answer_does_not_end_the_drawing_while_one_types(screen: Screen) -> None:
    """A model that is read in for the first answer takes seconds; each one after that is quick."""
    page = goto(screen, "/?tab=sentiment")
    shown(page, "sentiment")
    page.evaluate("() => playgroundStage.stage.arrival.took.set('sentiment', 3000)")
    page.locator(TEXT).fill("The food was cold.")
    expect(page.locator("#sentiment-rows")).to_contain_text("The food was cold.")


def test_a_text_of_more_lines_says_so_while_one_is_seen(screen: Screen) -> None:
    page = goto(screen, "/?tab=sentiment")
    said = "() => getComputedStyle(document.querySelector('.pg-one-held'), '::after').content"
    expect(page.locator(TEXT)).to_have_value("Great acting, but the story bored me to tears.\nThis movie is fantastic!")
    assert page.evaluate(said) == '"+ 1 line"'
    page.locator(TEXT).fill("One.")
    page.locator(TEXT).blur()
    assert page.evaluate(said) in ("none", '""')
