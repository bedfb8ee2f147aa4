"""States: what old links, scenes and classes open now, links there and back, and what is passed over. Read by node, no browser.

`old_states.json` was recorded in a browser on the page of commit c56e2e3, before states had a version: what was given, and what it
opened. `differs` names what does not open the same, and why.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from playground.ui import build_app
from playground.views.learn.lessons import every_scene
from playground.views.scenes import VERSION, Scene, read_scene, state_of
from tests.fake.service import FakeService
from tests.web.node import run

OLD = json.loads(Path(__file__).with_name("old_states.json").read_text("utf-8"))
STATES: list[dict[str, Any]] = OLD["states"]
RUNS_ITSELF = {"tokens-run"}
DRAWN = {"generation-seed"}  # by the run itself, where it was empty
MODULES = {
    "stage/state.js": "clean, fits, VERSION",
    "stage/link.js": "linkOf, stateOf",
    "stage/scenes.js": "Scenes",
    "attention/lab/shared.js": "filledBy, runsOf, sameRuns",
}
OPEN = """const store = { getItem: () => null, setItem() {} };
return given.states.map(({ kind, given: what }) => {
  const state = kind === "link" ? stateOf(new URLSearchParams(what), given.rooms)
    : clean(kind === "class" ? what : new Scenes(given.rooms, store).opened(JSON.stringify(what[0])).list[what[1]].state, given.rooms);
  if (!state) return null;
  const room = given.rooms.find((one) => one.id === state.tab), lab = state.views.lab;
  const values = Object.fromEntries(room.fields.map((field) => [field.id, state.values[field.id] ?? field.first]));
  return { ...state, values, lab: lab ? { runs: runsOf(lab.runs, values).map((one) => one.spec), ...lab.view } : null };
});"""


@pytest.fixture(scope="module")
def rooms() -> list[dict[str, Any]]:
    blocks = build_app(FakeService()).blocks.values()
    found: list[dict[str, Any]] = next(block for block in blocks if getattr(block, "elem_id", "") == "stage").value["rooms"]
    return found


@pytest.fixture(scope="module")
def opened(rooms: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    found: list[dict[str, Any] | None] = run(MODULES, OPEN, {"rooms": rooms, "states": [one for one in STATES if one["kind"] != "step"]})
    return found


def filled(spec: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in spec.items() if value not in ("", None)}


def test_enough_was_recorded() -> None:
    kinds = [one["kind"] for one in STATES]
    assert len(STATES) >= 20 and set(kinds) >= {"link", "scenes file", "scenes stored", "class", "step"}
    assert any("chapter=" in one["given"] for one in STATES if one["kind"] == "link")
    assert any("lab=" in one["given"] and "tab=" not in one["given"] for one in STATES if one["kind"] == "link")


PAGES = [one for one in STATES if one["kind"] != "step"]
STEPS = [one for one in STATES if one["kind"] == "step"]


@pytest.mark.parametrize("at", range(len(PAGES)), ids=[f"{one['kind']}: {one['name']}" for one in PAGES])
def test_an_old_state_opens_what_it_opened(at: int, opened: list[dict[str, Any] | None], rooms: list[dict[str, Any]]) -> None:
    """Tab, the value of every input there was, open parts, and the lab's runs, heads, pins and options."""
    state, was, differs = opened[at], PAGES[at]["opens"], PAGES[at].get("differs", "")
    if state is None:
        assert was["tab"] == "tokens" and was["values"] == {name: OLD["first"][name] for name in was["values"]}, "nothing was asked for"
        return
    if "tab" not in differs:
        assert state["tab"] == was["tab"]
        now = {name: value for name, value in state["values"].items() if name in was["values"] and name not in DRAWN}
        assert now == {name: value for name, value in was["values"].items() if name not in DRAWN}
        assert set(was["runs"]) - RUNS_ITSELF <= {one["run"] for one in state["runs"]}
    assert state["open"] == was["open"]
    if was["lab"]:
        assert [filled(spec) for spec in state["lab"]["runs"]] == [filled(spec) for spec in was["lab"]["runs"]]
        assert state["lab"]["panes"] == was["lab"]["panes"]
        assert state["lab"]["options"].items() <= was["lab"]["options"].items()
    if was["chapter"] and "chapter=heads" in str(PAGES[at]["given"]):
        assert state["views"] == {"lesson": {"chapter": "heads"}} and "chapter" not in state["odd"]


@pytest.mark.parametrize("one", STEPS, ids=[one["name"] for one in STEPS])
def test_an_old_step_opens_what_it_opened(one: dict[str, Any], rooms: list[dict[str, Any]]) -> None:
    """But for parts that steps before had left open, which a step closes now (fault 5): each was recorded on a fresh page."""
    state, was = state_of(read_scene(one["given"])), one["opens"]
    room = next(room for room in rooms if room["id"] == state["tab"])
    first = {field["id"]: field["first"] for field in room["fields"]}
    same = {name for name in was["values"] if name in state["values"] or first[name] == OLD["first"][name]} - DRAWN  # else the page's own
    now = {name: {**first, **state["values"]}[name] for name in same}
    assert state["tab"] == was["tab"]
    assert state["open"] == was["open"] or one["differs"].startswith("open: ")
    assert now == {name: was["values"][name] for name in same}
    if was["lab"]:
        view = state["views"]["lab"]["view"]
        assert view == {name: was["lab"][name] for name in view} or state["runs"], "what is pressed may change it"


def test_what_an_input_held_first_is_remembered_where_it_holds_something_else_now(rooms: list[dict[str, Any]]) -> None:
    """Old links hold only what differed from the page then: a new first value goes into stage/before.js FIRST, with the old one."""
    now = {field["id"]: field["first"] for room in rooms for field in room["fields"]}
    changed = {name: value for name, value in OLD["first"].items() if name in now and now[name] != value}
    assert run({"stage/before.js": "FIRST"}, "return FIRST;") == changed


@pytest.mark.parametrize(("name", "scene"), every_scene(), ids=[name for name, _ in every_scene()])
def test_the_lessons_states_are_known_to_the_page(name: str, scene: Scene, rooms: list[dict[str, Any]]) -> None:
    state: Any = state_of(scene)
    made = run(MODULES, "return clean(given.state, given.rooms, true);", {"state": state, "rooms": rooms})
    assert made == {**state, "bare": None, "odd": []}
    assert run(MODULES, "return VERSION;") == VERSION


def test_a_link_there_and_back(rooms: list[dict[str, Any]]) -> None:
    """Every field at another value than its first, a view, an open part, what is in sight: all come back from the address."""
    states = []
    for room in rooms:
        values = {field["id"]: _other(field) for field in room["fields"] if _other(field) != field["first"]}
        runs = [{"run": one, "turn": 1} for one in room["runs"][:2]]
        views = {"lab": {"view": {"kind": "self", "layer": 3, "head": 1}}} if "lab" in room["views"] else {}
        at = next(iter(room["shows"].values()))
        state = {"version": 1, "tab": room["id"], "values": values, "open": room["parts"][:2], "runs": runs, "views": views, "at": at}
        states.append({**state, "bare": None})
    code = """return given.states.map((state) => {
      const { href, left } = linkOf(state, given.rooms, "https://x.example/app/");
      return [href.length, left, stateOf(new URL(href).searchParams, given.rooms)];
    });"""
    for state, (length, left, found) in zip(states, run(MODULES, code, {"states": states, "rooms": rooms}), strict=True):
        assert length <= 2000 and left == []
        assert found == {**state, "odd": [], "left": []}


@pytest.mark.parametrize("more", ["", "&chapter=heads", "&__theme=dark", "&utm_source=mail"])
def test_a_link_that_names_only_a_tab_opens_it_as_it_opens_now(more: str, rooms: list[dict[str, Any]]) -> None:
    """What an input held first once is for links that hold something of that page: a run without its text was of that text."""
    code = "return given.tabs.map((tab) => stateOf(new URLSearchParams(`?tab=${tab}${given.more}`), given.rooms).values);"
    tabs = [room["id"] for room in rooms]
    assert run(MODULES, code, {"tabs": tabs, "more": more, "rooms": rooms}) == [{} for _ in tabs]
    repeated = run(MODULES, code, {"tabs": ["sentiment", "translation"], "more": more + "&run=run", "rooms": rooms})
    assert repeated == [{name: OLD["first"][name]} for name in ("sentiment-text", "translation-text")]


def _other(field: dict[str, Any]) -> Any:
    kind, first = field["kind"], field["first"]
    if kind == "text":
        return 'Ä "b" & <c> + 100 %\nסוף'
    if kind == "flag":
        return not first
    if kind == "number":
        return next(value for value in (field.get("most"), field.get("least"), 3) if value is not None and value != first)
    options = field["options"]
    return options[-1:] if kind == "choices" else next((one for one in options if one != first), first)


@pytest.mark.parametrize("bad", [None, 3, [], {}, {"tab": "nowhere"}, {"tab": ["tokens"]}])
def test_what_names_no_panel_is_no_state(bad: Any, rooms: list[dict[str, Any]]) -> None:
    assert run(MODULES, "return clean(given.bad, given.rooms);", {"bad": bad, "rooms": rooms}) is None


def test_only_the_lessons_own_states_press_other_buttons_than_runs(rooms: list[dict[str, Any]]) -> None:
    given = {"version": 1, "tab": "learn", "runs": [{"run": "hosted-run", "turn": 1}], "views": {"lab": {}, "lesson": 3}, "at": "<img>"}
    code = "return [clean(given.state, given.rooms), clean(given.state, given.rooms, true)];"
    other, own = run(MODULES, code, {"state": given, "rooms": rooms})
    assert other["runs"] == [] and own["runs"] == [{"run": "hosted-run", "turn": 1}]
    assert other["views"] == {} and other["odd"] == ["lab", "lesson"] and other["at"] == ""


def test_the_labs_runs_are_said_by_the_inputs() -> None:
    runs = [
        {"name": "MiniLM", "spec": {"target": "", "text": "One.", "model": "minilm-l6"}},
        {"name": "SmolLM2", "spec": {"text": "One.", "model": "smollm2-135m", "changes": {"blocks": [1]}}},
    ]
    view = {"pane": 0, "kind": "self", "layer": 1, "head": 2, "options": {"view": "lines"}}
    code = """const one = filledBy(given.runs.slice(0, 1), given.view), two = filledBy(given.runs, given.view);
      const again = (made, fills = made.fills) => runsOf(made.view.runs, fills), first = given.runs.slice(0, 1);
      return [one, two, sameRuns(again(one), first), sameRuns(again(two), given.runs),
        sameRuns(again(one, { ...one.fills, "attention-text": "Two." }), first)];"""
    one, two, *same = run(MODULES, code, {"runs": runs, "view": view})
    assert one["view"] == {"view": view}
    assert one["fills"] == {"attention-text": "One.", "attention-model": "minilm-l6", "attention-target": "", "attention-pair": ""}
    assert two["view"]["runs"][1]["spec"] == {"model": "smollm2-135m", "changes": {"blocks": [1]}}
    assert same == [True, True, False]


@pytest.mark.parametrize(
    ("box", "edges", "by"),
    [
        ((100, 500), (0, 720), 0),  # all of it is in sight
        ((900, 1200), (0, 720), 488),  # below: its end comes to the window's, less the edge
        ((-300, -100), (50, 720), -350),  # above: its beginning comes under the strip
        ((400, 1600), (50, 720), 350),  # too tall: from its beginning
        ((-40, 700), (0, 720), -40),  # its beginning is cut
    ],
)
def test_how_far_to_scroll(box: tuple[int, int], edges: tuple[int, int], by: int) -> None:
    given = {"top": box[0], "bottom": box[1]}
    assert run({"stage/sight.js": "scrollFor"}, "return scrollFor(given[0], given[1]);", [given, edges]) == by
