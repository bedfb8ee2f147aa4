"""In the attention tab a pattern brings its best head into view, and a weight can be followed step by step."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, OpenScreen


def test_a_head_is_found_and_its_steps_are_shown(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.open_tab("attention")
    screen.click_example("attention", "A decoder sees no future")
    expect(screen.page.locator("#attention-note")).to_contain_text("30 layers", timeout=PATIENCE)
    screen.page.locator("#attention-pattern input").click()
    screen.page.get_by_role("option", name="looks at the token before").click()
    found = screen.page.locator("#attention-found")
    expect(found).to_contain_text("looks at the token before: score", timeout=PATIENCE)
    layer, head = re.findall(r"\d+", found.inner_text())[:2]
    expect(screen.page.locator("#attention-sentence")).to_contain_text(f"Head {head} of layer {layer}:", timeout=PATIENCE)
    screen.page.get_by_text("How a weight comes about").click()
    expect(screen.page.locator("#steps-shown")).to_contain_text(f"Layer {layer}, head {head}", timeout=PATIENCE)
    assert screen.watched.errors == [] and screen.watched.outside == []
