"""A scene: a panel with its inputs filled, and what then happens. A plain value, so that a lesson, a question or a preset holds it.

Knows no panel: a scene names tabs and inputs by their elem_id, and a test holds that all of them are there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playground.errors import BadInput

LOST = "This button’s scene cannot be read. Reload the page and press it again."
MOST_TEXT = 20_000
MOST_INPUTS = 40
Value = str | bool | int | float


@dataclass(frozen=True)
class Scene:
    """`inputs` by elem_id; `run` presses `press` (empty: the tab's own button) once they are filled.

    `open` are accordions to open, `lab` the attention lab's view ({kind, layer, head}); then the lab reads the text itself.
    `look` says what to look for, `at` the elem_id to scroll to.
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
    """A scene from JSON or TOML, or as a page sent it. Raises BadInput where it is none."""
    if not isinstance(value, dict) or set(value) - set(Scene.__dataclass_fields__):
        raise BadInput(LOST)
    inputs, lab, opened = value.get("inputs", {}), value.get("lab"), value.get("open", [])
    named = [value.get(name, "") for name in ("tab", "press", "look", "at")]
    told = isinstance(inputs, dict) and isinstance(opened, list | tuple) and isinstance(lab, dict | None)
    if not told or not all(isinstance(one, str) for one in (*named, *opened)) or not named[0]:
        raise BadInput(LOST)
    if len(inputs) > MOST_INPUTS or not all(isinstance(k, str) and _is_plain(v) for k, v in inputs.items()):
        raise BadInput(LOST)
    return Scene(named[0], inputs, value.get("run", True) is True, named[1], tuple(opened), lab, named[2], named[3])


def _is_plain(value: object) -> bool:
    return isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= MOST_TEXT)


def scene_view(scene: Scene) -> dict[str, Any]:
    """As the page holds it; `read_scene` reads it back."""
    made: dict[str, Any] = {"tab": scene.tab, "inputs": dict(scene.inputs), "run": scene.run, "open": list(scene.open)}
    made |= {name: getattr(scene, name) for name in ("press", "look", "at") if getattr(scene, name)}
    return made | ({"lab": dict(scene.lab)} if scene.lab is not None else {})


def guide_view(told: Any, turn: int) -> tuple[Scene, dict[str, Any]]:
    """What a component told with its "scene" event: (the scene, the strip above the tabs). `turn` tells two alike apart."""
    if not isinstance(told, dict):
        raise BadInput(LOST)
    scene = read_scene(told.get("scene"))
    title, back = told.get("title", ""), told.get("back", "")
    if not isinstance(title, str) or not isinstance(back, str):
        raise BadInput(LOST)
    more = told.get("more") is True
    return scene, {"scene": scene_view(scene), "title": title[:200], "back": back[:60], "more": more, "turn": turn}
