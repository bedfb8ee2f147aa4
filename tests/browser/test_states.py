"""States in a real browser: what old links, scenes and classes opened, recorded at c56e2e3 (tests/web/old_states.json), they open; a
step closes what it does not open, waits for what it waits for, says what failed, and brings what it is about into sight.

All of them are compared by node (tests/web/test_state.py); here those that ask most of the page.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from playground.views.scenes import read_scene, state_of
from tests.browser.conftest import PATIENCE, Screen

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STATES = json.loads((Path(__file__).parents[1] / "web" / "old_states.json").read_text("utf-8"))["states"]
HARD = (
    ("link", "attention: a head, a pinned token"),
    ("link", "attention: two heads of one run, as lines"),
    ("link", "attention: cross-attention, the French given"),
    ("link", "attention: a pair of texts"),
    ("link", "attention: a text that stayed out"),
    ("link", "embeddings: two texts"),
    ("link", "block: the stack of a translator"),
    ("link", "learn: a chapter"),
    ("scenes file", "attention: a decoder, steps open"),
    ("scenes file", "sentiment, run"),
    ("class", "attention: a head, pinned tokens"),
    ("step", "attention 1"),
)
# As it was read when it was recorded.
READ = """() => {
  const page = playgroundStage.stage.page, state = page.state(), room = page.room(), lab = state.views.lab?.view;
  return {
    tab: state.tab, values: Object.fromEntries(room.fields.map((field) => [field.id, page.values.get(field.id)])), open: state.open,
    lab: lab ? { panes: lab.panes, kind: lab.kind, layer: lab.layer, head: lab.head, pins: lab.pins, view: lab.options.view } : null,
    chapter: state.tab === "learn" ? document.querySelector(".pg-lesson-title").textContent : "",
  };
}"""
REST = "() => window.playgroundStage?.stage?.begun && !playgroundStage.stage.page.busy"
SAID = "() => document.querySelector('.pg-stage-said').textContent"


def goto(screen: Screen, path: str) -> Page:
    screen.page.goto("about:blank")
    screen.page.goto(screen.url + path)
    screen.page.wait_for_function(REST)
    return screen.page


def show(page: Page, state: Any) -> None:
    page.evaluate("async (state) => { await playgroundStage.stage.openState(state, { title: 'A step', look: 'here' }); }", state)


def opened(screen: Screen, kind: str, given: Any) -> Page:
    page = goto(screen, f"/{given}" if kind == "link" else "/")
    if kind == "class":
        held = page.request.post(f"{screen.url}/playground/classes", data={}).json()
        page.request.post(f"{screen.url}/playground/classes/{held['id']}/state", data={"key": held["key"], "state": given})
        page = goto(screen, f"/?class={held['id']}")
        page.wait_for_function("playgroundStage.stage.page.showing")
        page.wait_for_function(REST)
        page.request.post(f"{screen.url}/playground/classes/{held['id']}/end", data={"key": held["key"]})
        expect(page.locator(".pg-stage-said")).to_contain_text("The class is over")
    elif kind == "step":
        show(page, state_of(read_scene(given)))
    elif kind != "link":
        text, at = given
        page.evaluate(
            """async ([text, at]) => {
              const { stage } = playgroundStage;
              stage.scenes.replace(stage.scenes.opened(text).list);
              await stage.play(stage.scenes.list[at]);
              stage.scenes.replace([]);
            }""",
            [json.dumps(text), at],
        )
    page.wait_for_function(REST)
    return page


@pytest.mark.parametrize(("kind", "name"), HARD, ids=[f"{kind}: {name}" for kind, name in HARD])
def test_an_old_state_opens_what_it_opened(screen: Screen, kind: str, name: str) -> None:
    one = next(one for one in STATES if one["kind"] == kind and one["name"].startswith(name))
    was, page = one["opens"], opened(screen, kind, one["given"])
    now = page.evaluate(READ)
    assert (now["tab"], now["open"], now["chapter"]) == (was["tab"], was["open"], was["chapter"])
    assert {name: value for name, value in now["values"].items() if name in was["values"]} == was["values"]
    if was["lab"]:
        lab = was["lab"]
        assert now["lab"] == {**{part: lab[part] for part in ("panes", "kind", "layer", "head", "pins")}, "view": lab["options"]["view"]}
    assert "chapter" not in page.evaluate(SAID) and screen.pwned() is None
    screen.watched.seen.clear()


def test_the_shared_picture_is_in_sight_and_its_pinned_token_is_read(screen: Screen) -> None:
    """Faults 12 and 13: the receiver saw the form, and “Point at a token”."""
    one = next(one for one in STATES if one["name"] == "attention: a head, a pinned token")
    page = opened(screen, "link", one["given"])
    box = page.locator("#attention-lab").bounding_box()
    assert box and box["y"] < 450, "the form stands above it"
    expect(page.locator("#attention-lab .pg-lab-out").first).to_contain_text(
        "“didn” (3)" if one["opens"]["lab"]["pins"] == [3] else "looks at: "
    )


def test_a_step_closes_what_it_does_not_open(screen: Screen) -> None:
    """Fault 5: accordions of earlier steps stayed open, and what was ticked stayed ticked."""
    page = goto(screen, "/?tab=tokens")
    lab = {"lab": {"view": {"kind": "self", "layer": 0, "head": 1, "pins": [2]}}}
    text = {"attention-text": "The cat sat.", "attention-model": "minilm-l6"}
    show(page, {"version": 1, "tab": "attention", "values": {**text, "steps-unscaled": True}, "open": ["steps"], "views": lab})
    now = page.evaluate(READ)
    assert now["open"] == ["steps"] and now["values"]["steps-unscaled"] is True and now["lab"]["pins"] == [2]
    show(
        page,
        {"version": 1, "tab": "attention", "values": text, "open": [], "views": {"lab": {"view": {"kind": "self", "layer": 3, "head": 1}}}},
    )
    now = page.evaluate(READ)
    assert now["open"] == [] and now["values"]["steps-unscaled"] is False
    assert (now["lab"]["layer"], now["lab"]["head"], now["lab"]["pins"]) == (3, 1, [])
    expect(page.locator("#page-guide")).to_be_in_viewport()
    expect(page.locator("#page-guide")).to_contain_text("Look: here")


def test_a_step_waits_as_long_as_it_takes(screen: Screen) -> None:
    """Fault 3: after 5 s the rest of a step was left out, and nothing said so. Here the model's answer is held back for 7."""
    page = goto(screen, "/?tab=embeddings")

    def slowly(route: Route) -> None:
        page.wait_for_timeout(7_000)
        route.continue_()

    page.route("**/queue/join*", slowly, times=1)
    state = {"version": 1, "tab": "embeddings", "values": {"embeddings-text": "A dog runs."}, "open": ["shuffle"]}
    show(page, {**state, "runs": [{"run": "shuffle-run", "turn": 1}]})
    page.unroute("**/queue/join*")
    assert page.evaluate(READ)["open"] == ["shuffle"] and page.evaluate(SAID) == ""
    expect(page.locator("#shuffle-shown")).to_be_in_viewport()


def test_a_step_that_fails_says_so(screen: Screen) -> None:
    page = goto(screen, "/?tab=tokens")
    show(page, {"version": 1, "tab": "sentiment", "values": {"sentiment-text": " "}, "runs": [{"run": "sentiment-run", "turn": 1}]})
    expect(page.locator(".pg-stage-said")).to_contain_text("A run gave no result; the message says why.")
    expect(page.locator("#page-guide")).to_contain_text("A run gave no result")
    screen.toast()
    show(page, {"version": 1, "tab": "attention", "values": {"attention-text": ""}, "views": {"lab": {"view": {}}}})
    expect(page.locator(".pg-stage-said")).to_have_text("There is no text to read. Put one in and read it.", timeout=PATIENCE)


def test_a_newer_state_ends_an_older_one(screen: Screen) -> None:
    page = goto(screen, "/?tab=tokens")
    page.evaluate(
        """async () => {
          const { stage } = playgroundStage, step = (tab, values, runs) => stage.openState({ version: 1, tab, values, open: [], runs }, {});
          const first = step("translation", { "translation-text": "One." }, [{ run: "translation-run", turn: 1 }]);
          await step("sentiment", { "sentiment-text": "Two." }, []);
          await first;
        }"""
    )
    now = page.evaluate(READ)
    assert now["tab"] == "sentiment" and now["values"]["sentiment-text"] == "Two."
