"""The embeddings and block tabs in a real browser: pictures are drawn, moves ask nothing, choosing a token follows through."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PATIENCE, Screen, requests_of

pytestmark = pytest.mark.browser

SHOWN = "#embeddings-shown"
OUT = f"{SHOWN} .pg-out"


def read(screen: Screen) -> None:
    screen.open_tab("embeddings")
    screen.click_example("embeddings", "Two banks")
    expect(screen.page.locator(f"{SHOWN} .pg-labelled canvas")).to_be_visible(timeout=PATIENCE)
    expect(screen.page.locator("#embeddings-note")).to_contain_text("begin with a cosine of 0.97", timeout=PATIENCE)
    screen.settle()


def test_the_two_banks_are_chosen_and_drift_apart(afresh: Screen) -> None:
    screen = afresh
    read(screen)
    rows = screen.page.locator(f"{SHOWN} .pg-bars tbody tr")
    expect(rows).to_have_count(7)
    cosines = [float(text) for text in rows.locator("td:nth-child(3)").all_inner_texts()]
    assert cosines[0] > 0.95 > 0.9 > cosines[-1]
    assert screen.page.locator(f"{SHOWN} .pg-chip[aria-current=true]").all_inner_texts() == ["bank", "bank"]


def test_moving_through_the_stages_asks_the_server_for_nothing(afresh: Screen) -> None:
    screen = afresh
    read(screen)
    asked = requests_of(screen.page)
    slider = screen.page.locator(f"{SHOWN} input[type=range]")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    expect(screen.page.locator(f"{SHOWN} h3").filter(has_text="Cosines, after block 2")).to_be_visible()
    screen.page.locator(f"{SHOWN} .pg-labelled canvas").hover()
    expect(screen.page.locator(OUT)).to_contain_text("cosine")
    assert asked == []


def test_a_picture_is_read_and_a_pair_chosen_by_keyboard(afresh: Screen) -> None:
    screen = afresh
    read(screen)
    picture = screen.page.locator(f"{SHOWN} .pg-labelled canvas")
    screen.page.mouse.move(0, 0)  # else the picture comes to lie under the pointer, which then speaks too
    picture.focus()
    said = screen.page.locator(OUT)
    expect(said).to_contain_text("bank (5) and bank (18)")
    picture.press("ArrowLeft")
    expect(said).to_contain_text("bank (5) and the (17)")
    picture.press("Enter")
    expect(screen.page.locator(f"{SHOWN} h3").filter(has_text="bank (5) and the (17) from stage to stage")).to_be_visible()
    assert screen.page.evaluate("() => document.activeElement.tagName") == "CANVAS"


def test_path_and_neighbours_follow_the_chosen_token(screen: Screen) -> None:
    read(screen)
    screen.page.get_by_role("button", name="Its path and its neighbours").click()
    nearest = screen.page.locator("#paths-neighbours")
    expect(nearest).to_contain_text("banking", timeout=PATIENCE)
    expect(screen.page.locator("#paths-plot .scatterlayer .trace")).to_have_count(2, timeout=PATIENCE)
    screen.page.locator(f"{SHOWN} .pg-chip").filter(has_text="river").first.click()
    expect(nearest).to_contain_text("“river”", timeout=PATIENCE)
    screen.page.locator("#paths-flat").get_by_label("3-D").check()
    expect(screen.page.locator("#paths-plot .gl-container, #paths-plot #scene")).not_to_have_count(0, timeout=PATIENCE)
    screen.page.locator("#paths-flat").get_by_label("2-D").check()
    screen.page.get_by_role("button", name="Its path and its neighbours").click()
    screen.watched.seen[:] = [(at, error) for at, error in screen.watched.seen if "WebGL" not in error]  # this browser has no GPU


@pytest.mark.slow
def test_positions_turn_and_the_score_stays(screen: Screen) -> None:
    screen.open_tab("embeddings")
    screen.click_example("embeddings", "A decoder’s bank")
    expect(screen.page.locator("#embeddings-note")).to_contain_text("32 stages", timeout=PATIENCE)
    screen.page.locator("#positions > button").first.click()
    screen.press("positions-run")
    score = screen.page.locator("#positions-shown .pg-out")
    expect(score).to_contain_text("distance 1", timeout=PATIENCE)
    before = re.findall(r"q·k (\S+)\.", score.inner_text())
    screen.page.get_by_role("button", name="Move both by 10").click()
    expect(score).to_contain_text("at place 12")
    assert re.findall(r"q·k (\S+)\.", score.inner_text())[0][:5] == before[0][:5]
    screen.page.locator("#positions-shown input[type=range]").first.press("ArrowRight")
    expect(score).to_contain_text("distance 2")
    assert re.findall(r"q·k (\S+)\.", score.inner_text())[0][:5] != before[0][:5]


@pytest.mark.slow
def test_without_positions_nothing_but_the_place_changes(screen: Screen) -> None:
    read(screen)
    screen.page.get_by_role("button", name="Change the order, remove the positions").click()
    screen.press("shuffle-run")
    expect(screen.page.locator("#shuffle-shown")).to_contain_text("bag of words", timeout=PATIENCE)
    bare = screen.page.locator("#shuffle-shown .pg-shuffle-row").nth(1).locator(".pg-chip").all_inner_texts()
    assert bare and all(text.endswith("1.00") for text in bare)


@pytest.mark.slow
def test_sentences_are_compared(screen: Screen) -> None:
    screen.open_tab("embeddings")
    screen.page.get_by_role("button", name="Whole sentences").click()
    screen.type("similarity-text", "A cat sleeps.\nA kitten naps.\nStocks <b>fell</b>.")
    screen.press("similarity-run")
    expect(screen.page.locator("#similarity-shown")).to_contain_text("Sentences 1 and 2 are most alike", timeout=PATIENCE)
    expect(screen.page.locator("#similarity-shown tbody th").nth(2)).to_have_text("3. Stocks <b>fell</b>.")


@pytest.mark.slow
def test_a_block_opens_and_follows_token_and_layer(screen: Screen) -> None:
    screen.open_tab("block")
    screen.press("block-run")
    title = screen.page.locator("#block-shown h3").first
    expect(title).to_have_text("Block 0 of the encoder (0 to 5), token “animal” (2)", timeout=PATIENCE)
    expect(screen.page.locator("#block-shown .pg-strip-line")).to_have_count(7)
    screen.page.locator("#block-shown .pg-chip").filter(has_text="street").click()
    expect(title).to_contain_text("“street”", timeout=PATIENCE)
    screen.page.locator("#block-shown .pg-block-flow button").nth(3).click()
    expect(title).to_contain_text("Block 3", timeout=PATIENCE)
    screen.page.locator("#block-shown input[type=range]").press("ArrowRight")
    expect(title).to_contain_text("Block 4", timeout=PATIENCE)


@pytest.mark.slow
def test_three_families_and_the_lessons_class(screen: Screen) -> None:
    screen.open_tab("block")
    screen.page.get_by_role("button", name="What the model is made of").click()
    screen.press("anatomy-trio")
    shown = screen.page.locator("#anatomy-shown")
    expect(shown.locator(".pg-anatomy-column")).to_have_count(3, timeout=2 * PATIENCE)
    expect(shown).to_contain_text("Together 134,515,008 parameters")
    screen.page.get_by_role("button", name="MultiHeadAttention, written out").click()
    screen.press("multihead-run")
    expect(screen.page.locator("#multihead-shown")).to_contain_text("All three give the same vectors", timeout=PATIENCE)
    expect(screen.page.locator("#multihead-code")).to_contain_text("class MultiHeadAttention")
