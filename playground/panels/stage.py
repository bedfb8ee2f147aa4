"""The strip in the header: links, classes and the presenter, for whatever panels there are. Knows no panel, no room and no model.

What a panel's state is comes from the page as built: the values of its inputs, which accordions are open, the buttons whose runs
ended well, and what its own components show (web/stage). A panel takes part without a line of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypedDict

import gradio as gr
from gradio.blocks import BlockContext, BlockFunction
from gradio.events import Dependency

from playground.web.component import Component
from playground.web.events import RUN_THEMSELVES, SHOW_THEMSELVES

# What the page says to the strip waits in window.playgroundSaid until the strip's code is there (web/stage.js).
HEARD = "(...values) => { (window.playgroundSaid ??= []).push(['heard', values]); return []; }"
FILLED = "() => window.playgroundStage.filling()"
OPENED = "() => { (window.playgroundSaid ??= []).push(['moved']); return []; }"
# Which field of a tab the header's text and model are.
TEXTS, MODELS = ("text", "prompt", "context"), ("model", "tokenizer")
ENDED = "(...values) => {{ (window.playgroundSaid ??= []).push(['ended', values, {run}]); return []; }}"


class Field(TypedDict, total=False):
    """An input: its elem_id, its name in a link, what it may hold ("text", "number", "flag", "choice", "choices") and its first value."""

    id: str
    name: str
    kind: str
    first: Any
    least: float | None
    most: float | None
    options: list[Any]
    free: bool


class Room(TypedDict):
    """One tab: its inputs, its buttons that run something, its accordions; the field of its text and that of its model, "" for none."""

    id: str
    title: str
    text: str
    model: str
    fields: list[Field]
    runs: list[str]
    parts: list[str]


def build_stage() -> Component:
    """The strip; empty until `fill_stage` has seen the tabs."""
    return Component("stage", {"rooms": []}, elem_id="stage")


def fill_stage(demo: gr.Blocks, stage: Component, tabs: gr.Tabs, rooms: Mapping[str, gr.Tab]) -> None:
    """To be called when every tab of `rooms` is built: tells the strip what there is, and hears and fills every input from then on."""
    read = {block._id for fn in demo.fns.values() for block in fn.inputs}
    inputs = {room: [block for block in _inside(tab) if block._id in read and field_of(room, block)] for room, tab in rooms.items()}
    runs = {room: list(_runs(demo, tab)) for room, tab in rooms.items()}
    stage.value = {"rooms": [_room(room, tab, inputs[room], runs[room]) for room, tab in rooms.items()]}
    every = [block for some in inputs.values() for block in some]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    gr.on([block.change for block in every], None, every, None, js=HEARD, **quiet)
    gr.on([tab.select for tab in rooms.values()], None, None, None, js=OPENED, **quiet)
    stage.fill(None, None, [tabs, *every], js=FILLED, **quiet)
    for fn, button in [one for some in runs.values() for one in some]:
        shown = [block for block in fn.outputs if isinstance(block, Component)]
        told = ENDED.format(run=f"{button!r}")
        Dependency(None, {}, fn._id, None).success(None, shown, None, js=told, **quiet)


def _inside(block: BlockContext) -> Iterator[Any]:
    for child in block.children:
        yield child
        if isinstance(child, BlockContext):
            yield from _inside(child)


def field_of(room: str, block: Any) -> Field | None:
    """What a link may carry of this block; None for what is no input, has no name, or has no choices until something ran."""
    name = block.elem_id
    if not name or getattr(block, "interactive", None) is False:
        return None
    field: Field = {"id": name, "name": name.removeprefix(f"{room}-"), "first": block.value}
    if isinstance(block, gr.Textbox):
        return None if block.type == "password" else {**field, "kind": "text", "first": block.value or ""}
    if isinstance(block, gr.Slider | gr.Number):
        return {**field, "kind": "number", "least": block.minimum, "most": block.maximum}
    if isinstance(block, gr.Checkbox):
        return {**field, "kind": "flag", "first": bool(block.value)}
    if isinstance(block, gr.Dropdown | gr.Radio | gr.CheckboxGroup) and block.choices:
        many = isinstance(block, gr.CheckboxGroup) or bool(getattr(block, "multiselect", False))
        free = bool(getattr(block, "allow_custom_value", False))
        return {**field, "kind": "choices" if many else "choice", "options": [value for _, value in block.choices], "free": free}
    return None


def _runs(demo: gr.Blocks, tab: gr.Tab) -> Iterator[tuple[BlockFunction, str]]:
    """(event, the button that repeats it) of every event that shows something in `tab`. One that has no button of its own, such as
    an example's, is repeated by the button that does the same. What a component with a view of its own shows needs no repeating."""
    inside = {block._id: block for block in _inside(tab)}
    found = [fn for fn in list(demo.fns.values()) if fn.fn is not None and any(_shows(block, inside) for block in fn.outputs)]
    named = {id(fn): next(iter(_buttons(fn, inside)), "") for fn in found}
    for fn in found:
        same = (named[id(other)] for other in found if other.fn is fn.fn or other.outputs == fn.outputs)
        if button := named[id(fn)] or next(filter(None, same), ""):
            yield fn, button


def _shows(block: Any, inside: Mapping[int, Any]) -> bool:
    return block._id in inside and (
        isinstance(block, gr.Plot) or (isinstance(block, Component) and block.script != "note" and block.script not in SHOW_THEMSELVES)
    )


def _buttons(fn: BlockFunction, inside: Mapping[int, Any]) -> Iterator[str]:
    for target, event in fn.targets:
        block = inside.get(target) if target is not None else None
        if event == "click" and isinstance(block, gr.Button) and block.elem_id:
            yield block.elem_id


def _room(room: str, tab: gr.Tab, inputs: Sequence[Any], runs: Sequence[tuple[BlockFunction, str]]) -> Room:
    parts = [block.elem_id for block in _inside(tab) if isinstance(block, gr.Accordion) and block.elem_id]
    fields = [field for block in inputs if (field := field_of(room, block))]
    ids = {field["id"] for field in fields}
    text, model = (next((f"{room}-{name}" for name in names if f"{room}-{name}" in ids), "") for names in (TEXTS, MODELS))
    own = {RUN_THEMSELVES[block.script] for block in _inside(tab) if isinstance(block, Component) and block.script in RUN_THEMSELVES}
    ran = sorted(own | {button for _, button in runs})
    return {"id": room, "title": str(tab.label), "text": text, "model": model, "fields": fields, "runs": ran, "parts": parts}
