"""The generation panel in a real browser: alternatives that branch, a step whose numbers are ours and ask nobody, ways, surprisal."""

import json
import re
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.sync_api import Request, expect

from playground.tasks.generation.sampling import Knobs
from tests.api.running_app import RunningApp
from tests.browser.conftest import PATIENCE, Screen, requests_of
from tests.oracles import run_pipeline
from tests.wire import read

pytestmark = pytest.mark.browser

TRACE = "#generation-trace"
SETTINGS = (
    Knobs(1.1, 0.7, 50, 0.95, 0.0), Knobs(1.5, 1.6, 0, 0.8, 0.0), Knobs(0.8, 1.0, 0, 1.0, 0.05), Knobs(1.0, 0.3, 7, 1.0, 0.0),
    Knobs(1.2, 0.0),
)  # fmt: skip
PROMPT = "Once upon a time <b>there</b>"


def write(screen: Screen, prompt: str = PROMPT, most: int = 10, seed: str = "7", told: str = "") -> None:
    screen.open_tab("generation")
    if not screen.page.locator("#generation-seed").is_visible():
        screen.page.locator("#generation-settings button").first.click()
    screen.set_number("generation-most", str(most))
    screen.type("generation-seed", seed)
    screen.field("generation-chat").set_checked(True)
    screen.type("generation-prompt", prompt)
    screen.run("generation-run")
    expect(chips(screen)).to_have_count(most, timeout=PATIENCE)
    expect(screen.page.locator("#generation-note")).to_contain_text(told or f"seed {seed}", timeout=PATIENCE)


def chips(screen: Screen, which: int = 0) -> Any:
    return screen.page.locator(f"{TRACE} .pg-trace-one").nth(which).locator(".pg-chip")


def test_a_token_shows_fifty_alternatives_and_one_of_them_goes_on(afresh: Screen) -> None:
    screen = afresh
    write(screen)
    before = chips(screen).all_inner_texts()
    asked = requests_of(screen.page)
    chips(screen).nth(3).hover()
    rows = screen.page.locator(f"{TRACE} .pg-bars tbody tr")
    expect(rows).to_have_count(50)
    chips(screen).nth(3).click()
    chips(screen).nth(6).hover()
    expect(screen.page.locator(f"{TRACE} .pg-trace-detail h3")).to_contain_text("Token 7 of 10")
    chips(screen).nth(3).click(position={"x": 2, "y": 4})
    chips(screen).nth(3).hover()
    expect(screen.page.locator(f"{TRACE} .pg-trace-detail h3")).to_contain_text("Token 4 of 10")
    assert asked == [], "pointing asks nobody"
    other = rows.locator(".pg-link-button").nth(4)
    word = other.inner_text()
    other.click()
    expect(screen.page.locator(f"{TRACE} .pg-trace-leaf")).to_have_count(2)
    expect(chips(screen)).to_have_count(14, timeout=PATIENCE)
    after = chips(screen).all_inner_texts()
    assert after[:3] == before[:3] and after[3] == word != before[3]
    expect(screen.page.locator(f"{TRACE} .pg-trace-leaf[aria-current]")).to_contain_text("from Branch")
    compared_named_and_walked(screen)


def compared_named_and_walked(screen: Screen) -> None:
    """The two branches that part at the fourth token."""
    tree = screen.page.locator(f"{TRACE} .pg-trace-tree")
    tree.get_by_role("button", name="Compare").first.click()
    marked = screen.page.locator(f"{TRACE} .pg-chip[data-first]")
    expect(marked).to_have_count(2)
    expect(screen.page.locator(f"{TRACE} .pg-trace-told")).to_contain_text("first differ at token 4")
    expect(screen.page.locator(f"{TRACE} .pg-trace-one dd")).to_have_count(10)
    tree.get_by_label("Name of the branch in view").fill("A <b>bold</b> one")
    tree.get_by_label("Name of the branch in view").press("Enter")
    expect(tree.locator("[aria-current] .pg-link-button")).to_have_text("A <b>bold</b> one")
    second = screen.field("generation-text").input_value()
    tree.locator(".pg-link-button").first.click()
    expect(chips(screen)).to_have_count(10)
    expect(screen.field("generation-text")).not_to_have_value(second)


def test_continue_and_regenerate(screen: Screen) -> None:
    write(screen, most=6, seed="3")
    first = chips(screen).all_inner_texts()
    tools = screen.page.locator(f"{TRACE} .pg-trace-tools")
    tools.get_by_role("button", name="Continue").click()
    expect(chips(screen)).to_have_count(12, timeout=PATIENCE)
    assert chips(screen).all_inner_texts()[:6] == first
    leaves = screen.page.locator(f"{TRACE} .pg-trace-leaf")
    count = leaves.count()
    tools.get_by_role("button", name="Regenerate").click()
    expect(leaves).to_have_count(count + 1)
    expect(screen.page.locator("#generation-note")).not_to_contain_text("seed 3 ", timeout=PATIENCE)
    leaves.first.get_by_role("button", name="Remove").click()
    expect(leaves).to_have_count(count)


def step_of(app: RunningApp, asked: dict[str, Any]) -> tuple[dict[str, Any], np.ndarray]:
    body = httpx.post(f"{app.url}/playground/logits", json=asked, timeout=60).content
    about, arrays = read(body)
    return about | {"seen": arrays["seen"]}, arrays["logits"]


def number(text: str) -> float:
    return float(text.replace("−", "-").replace("%", "").replace("<", "").strip())


def set_knob(screen: Screen, name: str, value: float) -> None:
    knob = screen.page.locator(f'#sampling-shown input[data-knob="{name}"]')
    knob.evaluate("(node, value) => { node.value = value; node.dispatchEvent(new Event('input')); }", value)


def test_the_page_works_a_step_out_as_transformers_does_and_asks_nobody(screen: Screen, app: RunningApp) -> None:
    write(screen, most=6, seed="3")
    posted: list[dict[str, Any]] = []

    def listen(request: Request) -> None:
        if request.url.endswith("/playground/logits"):
            posted.append(json.loads(request.post_data or "{}"))

    screen.page.on("request", listen)
    chips(screen).nth(4).click()
    screen.page.locator(f"{TRACE} .pg-trace-tools").get_by_role("button", name="Take this step apart").click()
    table = screen.page.locator("#sampling-shown table")
    expect(table).to_be_visible(timeout=PATIENCE)
    told = screen.page.locator("#sampling-shown .pg-sampling-result > p").first
    word = chips(screen).nth(4).inner_text()
    expect(told).to_contain_text(f"The run took “{word}”")
    assert f"falls on “{word}”" in told.inner_text(), "the seed's number picks what the run took"
    about, logits = step_of(app, posted[0])
    assert len(logits) == 49_152 and len(posted[0]["written"]) == 4
    asked = requests_of(screen.page)
    for knobs in SETTINGS:
        for name in ("repetition_penalty", "temperature", "top_k", "top_p", "min_p"):
            set_knob(screen, name, getattr(knobs, name))
        made = run_pipeline(logits, about["seen"], knobs)
        kept = int(np.isfinite(made.in_min_p).sum())
        assert int(table.get_attribute("data-kept") or "") == kept, knobs
        order = np.lexsort((np.arange(len(logits)), -made.penalised))
        rows = [row.split("\t") for row in table.locator("tbody").inner_text().splitlines()]
        shown = [[number(cell) for cell in (row[-5], row[-4], row[-3], row[-1])] for row in rows if len(row) >= 5]
        assert len(shown) == 24
        for row, place in zip(shown, order, strict=False):
            divided = made.divided[place] if knobs.temperature else made.penalised[place]
            expected = [logits[place], made.penalised[place], divided]
            assert row[:3] == pytest.approx([float(x) for x in expected], abs=6e-4)
            assert row[3] == pytest.approx(100 * made.probabilities[place], abs=0.011)
    assert asked == [], "a slider asks nobody"
    screen.page.remove_listener("request", listen)


def test_three_ways_and_a_tree_that_can_be_walked(screen: Screen) -> None:
    screen.open_tab("generation")
    screen.page.get_by_role("button", name="Greedy, sampling and beam search side by side").click()
    screen.set_number("ways-most", "4")
    screen.set_number("ways-beams", "2")
    screen.press("ways-run")
    ways = screen.page.locator("#ways-shown")
    expect(ways.locator("ol li")).to_have_count(2, timeout=PATIENCE)
    expect(ways.locator(".pg-way")).to_have_count(3)
    nodes = ways.locator(".pg-beam-node")
    expect(nodes).to_have_count(16)
    nodes.first.focus()
    screen.page.keyboard.press("ArrowDown")
    expect(ways.locator(".pg-beam-out")).to_contain_text("Step 1, rank 2")
    ways.locator(".pg-beam-node[data-best]").first.focus()
    screen.page.keyboard.press("ArrowRight")
    expect(ways.locator(".pg-beam-out")).to_contain_text("Step 2")
    figures = ways.locator(".pg-way").nth(2).locator("dl")
    total = figures.locator("dt", has_text="sum of ln p").locator("xpath=following-sibling::dd[1]").inner_text()
    assert number(total) == pytest.approx(number(re.findall(r"sum (\S+),", ways.locator("ol li").first.inner_text())[0]), abs=2e-3)


def test_the_prompt_with_its_template_and_surprisal(screen: Screen) -> None:
    screen.open_tab("generation")
    screen.type("generation-prompt", "Hello <b>you</b> 🦙")
    screen.page.get_by_role("button", name="The prompt as the model reads it").click()
    screen.press("reading-run")
    row = screen.page.locator("#reading-shown .pg-chip-row .pg-chip")
    expect(row.filter(has_text="<|im_start|>").first).to_be_visible(timeout=PATIENCE)
    assert screen.page.locator("#reading-shown .pg-chip-row [data-special]").count() >= 4
    expect(screen.page.locator("#reading-shown")).to_contain_text("perplexity")
    row.nth(3).focus()
    expect(screen.page.locator("#reading-shown .pg-reading-out")).to_contain_text("bits of surprisal")


def test_a_trailing_space_is_told_before_the_run_and_taken_away_by_one_click(screen: Screen) -> None:
    """Of a raw prompt only: a chat's template closes the message, and ends in no space."""
    screen.open_tab("generation")
    told, chat = screen.page.locator("#generation-trailing"), screen.page.locator("#generation-chat input")
    chat.uncheck()
    screen.type("generation-prompt", "My favourite colour is")
    expect(told).not_to_contain_text("ends in")
    screen.type("generation-prompt", "My favourite colour is ")
    expect(told).to_contain_text("The prompt ends in a space.")
    chat.check()
    expect(told.get_by_role("button")).to_be_hidden()
    chat.uncheck()
    joined = screen.watched.joined
    told.get_by_role("button", name="Take it away").click()
    expect(screen.field("generation-prompt")).to_have_value("My favourite colour is")
    expect(told.get_by_role("button")).to_be_hidden()
    assert screen.watched.joined == joined, "said and mended in the page"
    chat.check()


def test_at_temperature_zero_no_seed_is_said_to_matter(screen: Screen) -> None:
    screen.open_tab("generation")
    if not screen.page.locator("#generation-seed").is_visible():
        screen.page.locator("#generation-settings button").first.click()
    screen.set_number("generation-temperature", "0")
    write(screen, most=4, seed="7", told="whatever the seed: nothing is drawn")
    part = screen.page.locator(f"{TRACE} .pg-trace-one").first
    expect(part.locator(".pg-figures")).to_contain_text("no part in it")
    part.get_by_role("button", name="Regenerate").click()
    expect(screen.page.locator(f"{TRACE} .pg-trace-told")).to_contain_text("another seed writes the same text")
    expect(chips(screen)).to_have_count(4, timeout=PATIENCE)
    screen.settle()
    screen.set_number("generation-temperature", "0.7")
