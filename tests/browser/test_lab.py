"""The attention lab in a real browser: what it decodes and reckons, that moves ask for nothing, keys, links, and what it gives away."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import Download, Locator, Page, expect

from playground.tasks.attention.heads import rollout
from playground.tasks.precision import unpacked
from tests.browser.conftest import PATIENCE, OpenScreen, Screen, requests_of
from tests.oracles import by_word, without_keys

pytestmark = pytest.mark.browser

NASTY = "It's <b>${7*7}</b> \\u0041 &amp; שלום e\u0301 \u202eevil 猫が眠る"


@pytest.fixture(scope="module")
def lab_screen(open_screen: OpenScreen) -> Iterator[Screen]:
    screen = open_screen()
    screen.open_tab("attention")
    screen.click_example("attention", "What does")
    expect(said(screen)).not_to_be_empty(timeout=PATIENCE)
    yield screen
    assert screen.watched.errors == [] and screen.watched.outside == []


def said(screen: Screen) -> Locator:
    return screen.page.locator("#attention-lab .pg-lab-said").first


def chosen(screen: Screen, kind: int, value: str, pane: int = 0) -> None:
    """`kind`: 0 the kind of attention, 1 the layer, 2 the head."""
    screen.page.locator("#attention-lab .pg-lab-pane").nth(pane).locator("select").nth(kind).select_option(value)


def switch(screen: Screen, label: str) -> None:
    screen.page.locator("#attention-lab .pg-lab-bar").first.get_by_text(label, exact=True).click()


def taken(screen: Screen, button: str) -> bytes:
    with screen.page.expect_download() as waiting:
        screen.page.locator("#attention-lab").get_by_role("button", name=button, exact=True).click()
    got: Download = waiting.value
    return Path(got.path()).read_bytes()


def test_what_the_page_decodes_is_what_numpy_decodes(lab_screen: Screen) -> None:
    """Bytes, mean, largest, rollout, words and hidden keys, each against numpy on the same bytes."""
    made = lab_screen.page.evaluate(
        """async () => {
          const { Run } = await import("/playground/web/attention/lab/data.js");
          const { picture } = await import("/playground/web/attention/lab/picture.js");
          const run = new Run({ text: "The unbelievable cats slept, unbelievably.", model: "minilm-l6", target: "" });
          await run.fetch({ kind: "" });
          const all = Array.from(run.kinds.get("self").all.data);
          const maps = {};
          for (const head of [3, "mean", "max", "rollout", "all"]) maps[head] = Array.from(run.map("self", 4, head));
          const { words, special } = run.shape("self").keys;
          const merged = picture(run, "self", 4, 3, { words: true }), hidden = picture(run, "self", 4, 3, { special: true });
          return { all, maps, words, special, merged: Array.from(merged.weights), hidden: Array.from(hidden.weights) };
        }"""
    )
    size = len(made["words"])
    whole = unpacked(np.array(made["all"], np.uint16)).reshape(6, 12, size, size)
    wanted: dict[str, Any] = {
        "3": whole[4, 3],
        "mean": whole[4].mean(0),
        "max": whole[4].max(0),
        "all": whole.mean((0, 1)),
        "rollout": rollout(whole[:5]),
    }
    for name, map_ in wanted.items():
        assert abs(np.array(made["maps"][name]).reshape(size, size) - map_).max() < 2e-5, name
    words, special = np.array(made["words"]), np.array(made["special"])
    assert words.max() + 1 < size
    merged = by_word(whole[4, 3], words, words)
    assert abs(np.array(made["merged"]).reshape(merged.shape) - merged).max() < 1e-5
    hidden = without_keys(whole[4, 3], special)[~special][:, ~special]
    assert abs(np.array(made["hidden"]).reshape(hidden.shape) - hidden).max() < 1e-5
    assert abs(hidden.sum(-1) - 1).max() < 1e-5


def test_moves_ask_for_nothing(lab_screen: Screen) -> None:
    asked = requests_of(lab_screen.page)
    chosen(lab_screen, 1, "4")
    chosen(lab_screen, 2, "7")
    expect(said(lab_screen)).to_contain_text("Layer 4, head 7")
    for view in ("Lines", "Sentence", "Matrix"):
        switch(lab_screen, view)
    chosen(lab_screen, 2, "rollout")
    expect(said(lab_screen)).to_contain_text("rollout")
    lab_screen.page.locator(".pg-lab-pane .pg-lab-over").hover(position={"x": 200, "y": 200})
    expect(lab_screen.page.locator(".pg-lab-out").first).to_contain_text("looks at")
    lab_screen.page.locator(".pg-lab-grid .pg-lab-over").click(position={"x": 60, "y": 28})
    expect(said(lab_screen)).to_contain_text(re.compile(r"Layer 0, head \d"))
    assert asked == []


def test_the_keyboard_does_everything(lab_screen: Screen) -> None:
    chosen(lab_screen, 1, "0")
    grid = lab_screen.page.locator(".pg-lab-grid .pg-lab-over")
    grid.focus()
    grid.press("m")
    expect(said(lab_screen)).to_contain_text("mean of the layer")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight"):
        grid.press(key)
    expect(said(lab_screen)).to_contain_text("Layer 1, head 1")
    switch(lab_screen, "Matrix")
    matrix = lab_screen.page.locator(".pg-lab-pane .pg-lab-over")
    matrix.focus()
    matrix.press("ArrowDown")
    matrix.press("Enter")
    out = lab_screen.page.locator(".pg-lab-out").first
    expect(out).to_contain_text("“The” (1) looks at “[CLS]” (0)")
    matrix.press("ArrowDown")
    matrix.press("Enter")
    lab_screen.page.mouse.move(0, 0)
    matrix.press("Escape")
    expect(matrix).to_have_attribute("aria-label", re.compile("Arrow keys"))


def test_a_pattern_brings_its_best_head_into_view(lab_screen: Screen) -> None:
    lab_screen.page.locator("#attention-lab .pg-lab-heads select").select_option("previous")
    note = lab_screen.page.locator("#attention-lab .pg-lab-note")
    expect(note).to_contain_text("looks at the token before: score", timeout=PATIENCE)
    layer, head = re.findall(r"\d+", note.inner_text())[:2]
    expect(said(lab_screen)).to_contain_text(f"Layer {layer}, head {head}")
    lab_screen.page.get_by_role("button", name="How a weight comes about").click()
    expect(lab_screen.page.locator("#steps-shown")).to_contain_text(f"Layer {layer}, head {head}", timeout=PATIENCE)
    chosen(lab_screen, 1, "5")
    expect(lab_screen.page.locator("#steps-shown")).to_contain_text(f"Layer 5, head {head}", timeout=PATIENCE)
    lab_screen.page.get_by_role("button", name="How a weight comes about").click()
    lab_screen.page.locator("#attention-lab .pg-lab-heads select").select_option("")


@pytest.mark.slow
def test_two_heads_and_their_difference(lab_screen: Screen) -> None:
    switch(lab_screen, "Add a second picture")
    expect(lab_screen.page.locator(".pg-lab-pane")).to_have_count(2)
    chosen(lab_screen, 2, "0", pane=1)
    switch(lab_screen, "difference")
    expect(lab_screen.page.locator(".pg-lab-said").nth(1)).to_contain_text("largest change")
    switch(lab_screen, "difference")
    switch(lab_screen, "Back to one picture")
    expect(lab_screen.page.locator(".pg-lab-pane")).to_have_count(1)


def test_what_is_taken_away_is_what_is_on_screen(lab_screen: Screen) -> None:
    chosen(lab_screen, 1, "2")
    chosen(lab_screen, 2, "5")
    arrays = np.load(io.BytesIO(taken(lab_screen, "NPZ")))
    assert arrays["weights"].dtype == np.float32 and abs(arrays["weights"].sum(-1) - 1).max() < 1e-3
    assert arrays["query_labels"][3] == "didn" and "head 5" in arrays["about"][0]
    rows = taken(lab_screen, "CSV").decode("utf-8-sig").splitlines()
    assert len(rows) == len(arrays["weights"]) + 1
    assert [float(cell) for cell in rows[3].split(",")[1:]] == pytest.approx(arrays["weights"][2], abs=5e-5), "the digits they have"
    assert taken(lab_screen, "PNG")[:8] == b"\x89PNG\r\n\x1a\n"
    picture = ET.fromstring(taken(lab_screen, "SVG"))
    texts = [one.text or "" for one in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert any("animal" in text for text in texts) and any("Layer 2, head 5" in text for text in texts)


@contextmanager
def offline(screen: Screen, folder: Path) -> Iterator[Page]:
    """The saved file in a browser that reaches nothing; nothing may go wrong in it."""
    path = folder / "attention.html"
    path.write_bytes(taken(screen, "HTML file"))
    browser = screen.page.context.browser
    assert browser is not None
    context = browser.new_context(offline=True)
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(path.as_uri())
    yield page
    pwned = page.evaluate("() => window.__pwned === undefined ? null : String(window.__pwned)")
    context.close()
    assert errors == [] and pwned is None


@pytest.mark.slow
def test_the_file_opens_offline(lab_screen: Screen, tmp_path: Path) -> None:
    chosen(lab_screen, 1, "2")
    chosen(lab_screen, 2, "5")
    with offline(lab_screen, tmp_path) as page:
        expect(page.locator(".pg-lab-said")).to_contain_text("Layer 2, head 5")
        page.locator(".pg-lab-pane select").nth(1).select_option("0")
        expect(page.locator(".pg-lab-said")).to_contain_text("Layer 0, head 5")


@pytest.mark.slow
def test_a_link_restores_text_model_head_and_view(open_screen: OpenScreen, lab_screen: Screen) -> None:
    chosen(lab_screen, 1, "3")
    chosen(lab_screen, 2, "9")
    switch(lab_screen, "Lines")
    link = lab_screen.page.evaluate("() => playgroundStage.stage.link().href")
    switch(lab_screen, "Matrix")
    assert len(link) <= 2000 and parse_qs(urlparse(link).query)["tab"] == ["attention"]
    other = open_screen()
    other.page.goto(link)
    expect(said(other)).to_contain_text("Layer 3, head 9", timeout=PATIENCE)
    expect(other.field("attention-text")).to_have_value(re.compile("animal"))
    expect(other.page.locator("#attention-lab input[value=lines]")).to_be_checked()
    assert other.watched.errors == []


@pytest.mark.slow
@pytest.mark.parametrize("model", ["minilm-l6", "smollm2-135m", "en-fr"])
def test_nasty_tokens_are_text_in_every_view(open_screen: OpenScreen, model: str, tmp_path: Path) -> None:
    screen = open_screen()
    screen.open_tab("attention")
    screen.page.evaluate("document.title = 'safe'")
    screen.type("attention-text", NASTY)
    field = screen.page.locator("#attention-model input")
    field.fill(model)
    field.press("Enter")
    screen.press("attention-run")
    expect(said(screen)).not_to_be_empty(timeout=PATIENCE)
    for view in ("Lines", "Sentence", "Matrix"):
        switch(screen, view)
    switch(screen, "whole words")
    if model == "minilm-l6":  # it knows the HTML as tokens of its own
        with offline(screen, tmp_path) as page:
            expect(page.locator(".pg-lab-said")).not_to_be_empty()
            page.locator(".pg-lab").get_by_text("Sentence", exact=True).click()
            expect(page.locator(".pg-lab-sentence")).to_contain_text("amp")
            assert page.locator(".pg-lab b, .pg-lab img").count() == 0 and page.title() == "Attention"
    ET.fromstring(taken(screen, "SVG"))
    assert screen.page.locator("#attention-lab b, #attention-lab img").count() == 0
    assert screen.pwned() is None and screen.watched.errors == []


@pytest.mark.slow
def test_a_long_text_fetches_other_heads_when_looked_at(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.open_tab("attention")
    screen.type("attention-text", "The cat sat on the mat and looked at the dog. " * 18)
    screen.press("attention-run")
    expect(said(screen)).not_to_be_empty(timeout=PATIENCE)
    chosen(screen, 1, "3")
    chosen(screen, 2, "4")
    expect(said(screen)).to_contain_text("Layer 3, head 4", timeout=PATIENCE)
    chosen(screen, 2, "rollout")
    expect(said(screen)).to_contain_text("rollout", timeout=PATIENCE)
    screen.page.locator("#attention-lab .pg-lab-heads select").select_option("previous")
    expect(screen.page.locator("#attention-lab .pg-lab-note")).to_contain_text("token before", timeout=PATIENCE)
    assert screen.watched.errors == []


def test_rows_appear_while_the_model_writes(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.open_tab("attention")
    screen.click_example("attention", "A decoder sees no future")
    expect(said(screen)).not_to_be_empty(timeout=PATIENCE)
    seen: list[str] = []
    screen.page.expose_function("heard", lambda text: seen.append(text))
    screen.page.evaluate(
        "() => new MutationObserver(() => heard(document.querySelector('.pg-lab-note').textContent))"
        ".observe(document.querySelector('.pg-lab-note'), { childList: true, characterData: true, subtree: true })"
    )
    button = screen.page.locator("#attention-lab").get_by_role("button", name="Write on")
    button.click()
    expect(screen.page.locator("#attention-lab .pg-lab-note")).to_contain_text("Written:", timeout=PATIENCE)
    assert sum("tokens so far" in one for one in seen) > 2, seen  # a busy browser hears several frames at once
    expect(screen.page.locator("#attention-lab .pg-lab-note")).to_contain_text("Mary")
    switch(screen, "Sentence")
    expect(screen.page.locator(".pg-lab-word")).to_have_count(34)
    switch(screen, "Matrix")
    assert screen.watched.errors == []


def shows(screen: Screen, text: str) -> None:
    """Waits for the picture of `text`: on arrival another one stood here."""
    screen.page.wait_for_function("(text) => playgroundStage.stage.page.views.get('lab')?.of?.[0]?.includes(text)", arg=text)


@pytest.mark.slow
def test_an_experiment_shows_before_and_after(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.open_tab("attention")
    screen.click_example("attention", "A decoder sees no future")
    shows(screen, "Mary")
    expect(said(screen)).not_to_be_empty(timeout=PATIENCE)
    matrix = screen.page.locator(".pg-lab-pane .pg-lab-over").first
    matrix.focus()
    matrix.press("ArrowDown")
    matrix.press("Enter")
    screen.page.get_by_role("button", name="Experiment").click()
    screen.press("experiment-hide")
    expect(screen.page.locator("#experiment-note")).to_contain_text("Next token before: “Mary”", timeout=PATIENCE)
    expect(screen.page.locator(".pg-lab-pane h3").nth(1)).to_contain_text("token 1 hidden")
    screen.press("experiment-undo")
    expect(screen.page.locator(".pg-lab-pane")).to_have_count(1)
    screen.page.get_by_role("button", name="Is attention an explanation").click()
    screen.press("influence-run")
    expect(screen.page.locator("#influence-shown")).to_contain_text("too few to compare", timeout=PATIENCE)
    expect(screen.page.locator("#influence-shown")).to_contain_text("“Mary” (1)")
    assert screen.watched.errors == []


@pytest.mark.slow
@pytest.mark.parametrize("typed", [False, True])
def test_a_pair_of_texts_marks_its_blocks(open_screen: OpenScreen, typed: bool) -> None:
    screen = open_screen()
    screen.open_tab("attention")
    if typed:
        screen.type("attention-text", "Who sleeps?")
        screen.page.locator("#attention-pair textarea").fill("The dog barks while the cat sleeps.")
        screen.page.locator("#attention-run").click()
    else:
        screen.click_example("attention", "A question and its context")
    screen.page.wait_for_function("playgroundStage.stage.page.views.get('lab')?.fills?.['attention-pair']")  # on arrival: one text
    expect(said(screen)).not_to_be_empty(timeout=PATIENCE)
    picture = ET.fromstring(taken(screen, "SVG"))
    texts = [(one.text or "").strip("\u2068\u2069") for one in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {"A→A", "A→B", "B→A", "B→B"} <= set(texts) and texts.count("sleeps") == 4  # in the question and in the context, twice each
    switch(screen, "Sentence")
    expect(screen.page.locator(".pg-lab-word")).to_have_count(15)
    assert screen.watched.errors == [] and screen.watched.outside == []
