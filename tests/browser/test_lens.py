"""The logit lens and the race of the generation tab, on the real model in the browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, Screen

pytestmark = pytest.mark.browser


def test_the_lens_shows_every_layer_and_follows_the_chosen_token(screen: Screen) -> None:
    screen.open_tab("generation")
    screen.type("generation-prompt", "The capital of France is")
    screen.field("generation-chat").set_checked(False)
    screen.page.locator("#lens > button").click()
    screen.press("lens-run")
    table = screen.page.locator("#lens-shown .pg-lens-table")
    expect(table.locator("tbody tr")).to_have_count(31, timeout=PATIENCE)
    expect(table.locator("tbody tr").first).to_contain_text("what it says")
    chips = screen.page.locator("#lens-shown .pg-chip-row button")
    expect(chips).to_have_count(5)
    chips.first.focus()
    screen.page.keyboard.press("ArrowRight")
    screen.page.keyboard.press("Enter")
    expect(chips.nth(1)).to_have_attribute("aria-current", "true")
    expect(screen.page.locator("#lens-note")).to_contain_text("After “␣capital”")


@pytest.mark.slow
def test_the_race_draws_its_curve_and_can_be_stopped(screen: Screen) -> None:
    screen.open_tab("generation")
    screen.page.locator("#pace > button").click()
    screen.set_number("pace-tokens", "8")
    screen.press("pace-run")
    expect(screen.page.locator("#pace-note")).to_contain_text("times as fast", timeout=2 * PATIENCE)
    expect(screen.page.locator("#pace-curve .js-plotly-plot .scatterlayer .trace")).to_have_count(2, timeout=PATIENCE)
    screen.set_number("pace-tokens", "64")
    screen.press("pace-run")
    expect(screen.page.locator("#pace-note")).to_contain_text("Writing", timeout=PATIENCE)
    screen.press("pace-stop")
    expect(screen.page.locator("#pace-note")).to_contain_text("Stopped")
