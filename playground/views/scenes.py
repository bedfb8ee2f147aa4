"""A scene as the lesson's files write it, and the state that opens it (web/stage/state.js): a panel with its inputs filled, what is open
and what runs. Knows no panel: a scene names tabs and inputs by their elem_id, and a test holds that all of them are there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict, cast

from playground.errors import BadInput

VERSION = 1  # of a state, as in web/stage/state.js
LOST = "This is no scene: {!r}."
MOST_TEXT = 20_000
MOST_INPUTS = 40
Value = str | bool | int | float


class Run(TypedDict):
    """A button that is pressed; `turn` tells one run of it from another."""

    run: str
    turn: int


class Head(TypedDict, total=False):
    """The head that the attention lab shows; `pins` are pinned tokens' places."""

    kind: str
    layer: int
    head: int | str
    pins: list[int]


class LabView(TypedDict):
    """The attention lab's view; what it reads stands in the inputs."""

    view: Head


class State(TypedDict):
    """What a page shows. Inputs that `values` does not name hold what they first hold; parts that are not `open` are closed."""

    version: int
    tab: str
    values: dict[str, Value]
    open: list[str]
    runs: list[Run]
    views: dict[str, LabView]
    at: str


class SceneView(TypedDict):
    """A state, and what to look for in it."""

    state: State
    look: str


@dataclass(frozen=True)
class Scene:
    """`inputs` by elem_id; `run` presses `press` (empty: the tab's own button) once they are filled.

    `open` are accordions to open, `lab` the attention lab's view ({kind, layer, head}); then the lab reads the text itself.
    `look` says what to look for, `at` the elem_id to bring into sight.
    """

    tab: str
    inputs: Mapping[str, Value] = field(default_factory=dict)
    run: bool = True
    press: str = ""
    open: tuple[str, ...] = ()
    lab: Mapping[str, Any] | None = None
    look: str = ""
    at: str = ""


def read_scene(value: Any) -> Scene:
    """A scene from JSON or TOML. Raises BadInput where it is none."""
    if not isinstance(value, dict) or set(value) - set(Scene.__dataclass_fields__):
        raise BadInput(LOST.format(value))
    inputs, lab, opened = value.get("inputs", {}), value.get("lab"), value.get("open", [])
    named = [value.get(name, "") for name in ("tab", "press", "look", "at")]
    told = isinstance(inputs, dict) and isinstance(opened, list | tuple) and isinstance(lab, dict | None)
    if not told or not all(isinstance(one, str) for one in (*named, *opened)) or not named[0]:
        raise BadInput(LOST.format(value))
    if len(inputs) > MOST_INPUTS or not all(isinstance(k, str) and _is_plain(v) for k, v in inputs.items()):
        raise BadInput(LOST.format(value))
    return Scene(named[0], inputs, value.get("run", True) is True, named[1], tuple(opened), lab, named[2], named[3])


def _is_plain(value: object) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= MOST_TEXT)


def state_of(scene: Scene) -> State:
    """The state that a page opens. A view of the lab reads its text itself, so only a named button is pressed beside it."""
    run = scene.press or (f"{scene.tab}-run" if scene.run and scene.lab is None else "")
    return {
        "version": VERSION,
        "tab": scene.tab,
        "values": dict(scene.inputs),
        "open": list(scene.open),
        "runs": [{"run": run, "turn": 1}] if run else [],
        "views": {} if scene.lab is None else {"lab": {"view": cast("Head", dict(scene.lab))}},
        "at": scene.at,
    }


def scene_view(scene: Scene) -> SceneView:
    return {"state": state_of(scene), "look": scene.look}
