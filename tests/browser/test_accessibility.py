"""axe-core over every tab, with its results and its accordions open: nothing at WCAG 2.2 A and AA, and in the dark nothing that
cannot be read. The dark theme changes colours only, so there the other rules would be asked twice."""

from importlib.resources import files
from typing import Any

import pytest

from playground.panels import PANELS
from tests.browser.conftest import PATIENCE, OpenScreen, Screen
from tests.browser.test_stage import strip

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
RULES = {"light": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "dark": ["color-contrast"]}
RUN = """async ([rules, where]) => {
  const found = await axe.run(where ? document.querySelector(where) : document, { runOnly: rules, resultTypes: ["violations"] });
  return found.violations.flatMap((v) => v.nodes.map((n) => ({ rule: v.id, at: n.target.join(" "), html: n.html.slice(0, 200) })));
}"""
# (rule, part of the selector) of what stands in Gradio's own markup and cannot be mended from outside. None are left.
GRADIO: tuple[tuple[str, str], ...] = ()


@pytest.fixture(scope="module", params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def seen(open_screen: OpenScreen, theme: str) -> Screen:
    screen = open_screen(width=1600, theme=theme)
    screen.page.evaluate(AXE)
    return screen


def findings(screen: Screen, theme: str, where: str = "") -> list[Any]:
    found = screen.page.evaluate(RUN, [RULES[theme], where])
    return [one for one in found if not any(one["rule"] == rule and part in one["at"] for rule, part in GRADIO)]


@pytest.mark.parametrize("room", [panel.id for panel in PANELS])
def test_axe_finds_nothing_on_a_tab(seen: Screen, theme: str, room: str) -> None:
    page = seen.page
    page.locator(f"#{room}-tab-button").click()
    page.locator(f"#{room}-lead").wait_for()
    if room == "generation":
        page.locator("#generation-settings button").first.click()
        seen.set_number("generation-most", "6")
    if room == "journey":
        page.locator(".pg-journey[data-whole=true]").wait_for(timeout=6 * PATIENCE)
    elif page.locator(f"#{room}-run").count():
        page.locator(f"#{room}-run").click()
        ended = "(room) => playgroundStage.stage.page.ended.some((one) => one.room === room) || playgroundStage.stage.page.views.size"
        page.wait_for_function(ended, arg=room, timeout=2 * PATIENCE)
    for part in page.locator(f"#{room}-tab button.label-wrap:not(.open)").all():
        if part.is_visible():
            part.click()
    page.wait_for_timeout(800)
    assert findings(seen, theme) == []


@pytest.mark.parametrize("name", ["Copy link", "QR code", "Class", "Scenes", "Keys", "Present"])
def test_axe_finds_nothing_in_the_strip(seen: Screen, theme: str, name: str) -> None:
    strip(seen.page, name)
    if name == "Scenes":
        seen.page.get_by_role("button", name="Add what is shown").click()
    seen.page.wait_for_timeout(300)
    assert findings(seen, theme, "#stage" if name != "Present" else "") == []
    seen.page.keyboard.press("Escape")


def test_axe_can_fail(seen: Screen, theme: str) -> None:
    """An image that says nothing, and grey words on grey."""
    seen.page.evaluate("""() => {
      const bad = document.createElement("p");
      bad.id = "bad";
      bad.style = "color: #888; background: #999";
      bad.append("grey", Object.assign(document.createElement("img"), { src: "data:," }));
      document.body.append(bad);
    }""")
    found = {one["rule"] for one in findings(seen, theme, "#bad")}
    seen.page.evaluate("() => document.getElementById('bad').remove()")
    assert found == {"light": {"image-alt", "color-contrast"}, "dark": {"color-contrast"}}[theme]
